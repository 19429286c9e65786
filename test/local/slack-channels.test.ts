import { describe, expect, test } from 'vitest'
import { refused, workspace } from '../kits/slack.ts'

/** A private channel and a public one, both without the bot. */
const CHANNELS = [
  '#orders',
  { name: '#secret', private: true, member: false },
  { name: '#public', member: false },
]
const TYPES = 'public_channel,private_channel'

describe('channels without the bot', () => {
  test('a private one does not exist, a public one is seen but closed', async () => {
    const { call, post } = workspace({ channels: CHANNELS })
    await expect(post({ channel: '#secret' })).rejects.toMatchObject(refused('channel_not_found'))
    await expect(post({ channel: '#public' })).rejects.toMatchObject(refused('not_in_channel'))
    const { channels = [] } = await call((client) => client.conversations.list({ types: TYPES }))
    expect(channels.map(({ name, is_member }) => [name, is_member])).toEqual([
      ['orders', true],
      ['public', false],
    ])
    const channel = channels[1]?.id ?? ''
    const history = call((client) => client.conversations.history({ channel }))
    await expect(history).rejects.toMatchObject(refused('not_in_channel'))
    const info = await call((client) => client.conversations.info({ channel }))
    expect(info.channel).toMatchObject({ name: 'public', is_member: false, is_private: false })
  })

  test('with chat:write.public a public one is open', async () => {
    const { slack, post } = workspace({
      channels: CHANNELS,
      scopes: ['chat:write', 'chat:write.public'],
    })
    await post({ channel: '#public' })
    expect(slack.messages).toMatchObject([{ channel: '#public' }])
    await expect(post({ channel: '#secret' })).rejects.toMatchObject(refused('channel_not_found'))
  })

  test('somebody invites the bot, and removes it again', async () => {
    const { slack, post } = workspace({ channels: CHANNELS })
    slack.invite('#secret')
    await post({ channel: '#secret' })
    slack.kick('#secret')
    await expect(post({ channel: '#secret' })).rejects.toMatchObject(refused('channel_not_found'))
  })
})

describe('channels that change', () => {
  test('only public ones are listed without asking for more', async () => {
    const { call } = workspace({ channels: ['#orders', { name: 'team', private: true }] })
    const { channels } = await call((client) => client.conversations.list({}))
    expect(channels?.map(({ name }) => name)).toEqual(['orders'])
    const all = await call((client) => client.conversations.list({ types: TYPES }))
    expect(all.channels?.map(({ name, is_private }) => [name, is_private])).toEqual([
      ['orders', false],
      ['team', true],
    ])
  })

  test('a long list comes in pages', async () => {
    const { clientOf, slack, world } = workspace({ channels: ['a', 'b', 'c', 'd', 'e'] })
    const names: string[] = []
    const read = world.busy(async () => {
      const pages = clientOf(slack.token).paginate('conversations.list', { limit: 2 })
      for await (const { channels } of pages as AsyncIterable<{ channels: { name: string }[] }>) {
        names.push(...channels.map(({ name }) => name))
      }
    })
    await world.run(1_000)
    await read
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('an archived one takes no message and no edit, and can be left out of the list', async () => {
    const { slack, call, post } = workspace()
    const { channel = '', ts = '' } = await post()
    slack.archive('#orders')
    await expect(post()).rejects.toMatchObject(refused('is_archived'))
    const edit = call((client) => client.chat.update({ channel, ts, text: 'x' }))
    await expect(edit).rejects.toMatchObject(refused('is_inactive'))
    const list = (exclude_archived: boolean) =>
      call((client) => client.conversations.list({ exclude_archived }))
    expect((await list(true)).channels?.map(({ name }) => name)).toEqual(['platform'])
    expect((await list(false)).channels).toHaveLength(2)
    slack.unarchive('#orders')
    await post()
  })

  test('a renamed one keeps its id and its messages', async () => {
    const { slack, call, post } = workspace()
    const { channel = '', ts = '' } = await post()
    slack.rename('#orders', '#ordering')
    await expect(post()).rejects.toMatchObject(refused('channel_not_found'))
    await call((client) => client.chat.update({ channel, ts, text: 'edited' }))
    await post({ channel: '#ordering' })
    expect(slack.messages).toMatchObject([
      { channel: '#ordering', channelId: channel, text: 'edited' },
      { channel: '#ordering', channelId: channel, text: 'hello' },
    ])
  })

  test('a new one', async () => {
    const { slack, post } = workspace()
    slack.create({ name: '#new' })
    await post({ channel: '#new' })
  })
})
