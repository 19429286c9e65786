import { describe, expect, test } from 'vitest'
import { only, section, workspace } from '../kits/slack.ts'

describe('posting and editing', () => {
  test('a message is posted to a channel by name and edited by id', async () => {
    const { slack, call, post } = workspace()
    const blocks = [section('*hello*')]
    const posted = await post({ blocks, unfurl_links: false })
    expect(posted).toMatchObject({ ok: true, ts: expect.stringMatching(/^1772442000\.\d{6}$/) })
    const { channel = '', ts = '' } = posted
    expect(channel).toMatch(/^C[A-Z0-9]{10}$/)
    const edited = [section('*done*')]
    await call((client) => client.chat.update({ channel, ts, text: 'done', blocks: edited }))
    expect(only(slack)).toMatchObject({
      channel: '#orders',
      channelId: channel,
      ts,
      text: 'done',
      blocks: edited,
      posted: { at: expect.stringMatching(/^2026-03-02T09:00:00/), text: 'hello', blocks },
      edits: [{ at: expect.any(String), text: 'done', blocks: edited }],
    })
  })

  test('two messages of the same moment have different names', async () => {
    const { slack, call } = workspace()
    await call((client) =>
      Promise.all(
        ['#orders', '#platform'].map((channel) =>
          client.chat.postMessage({ channel, text: channel }),
        ),
      ),
    )
    const [one, other] = slack.messages
    expect(one?.ts).not.toBe(other?.ts)
  })

  test('an edit with text alone removes the blocks, with blocks alone keeps the text', async () => {
    const { slack, call, post } = workspace()
    const { channel = '', ts = '' } = await post({ blocks: [section('a')] })
    await call((client) => client.chat.update({ channel, ts, blocks: [section('b')] }))
    expect(only(slack)).toMatchObject({ text: 'hello', blocks: [section('b')] })
    await call((client) => client.chat.update({ channel, ts, text: 'plain' }))
    expect(only(slack)).toMatchObject({ text: 'plain', blocks: [] })
  })

  test('a lost message is found again by its metadata', async () => {
    const { call, post } = workspace()
    const metadata = { event_type: 'roll_out', event_payload: { key: 'a' } }
    const { channel = '', ts } = await post({ metadata })
    const history = await call((client) =>
      client.conversations.history({ channel, include_all_metadata: true, limit: 10 }),
    )
    expect(history.messages).toMatchObject([{ ts, text: 'hello', metadata }])
    const plain = await call((client) => client.conversations.history({ channel }))
    expect(plain.messages?.[0]).not.toHaveProperty('metadata')
  })

  test('an edit keeps the metadata, replaces it, or removes it', async () => {
    const { slack, call, post } = workspace()
    const before = { event_type: 'roll_out', event_payload: { key: 'a' } }
    const after = { event_type: 'roll_out', event_payload: { key: 'b' } }
    const { channel = '', ts = '' } = await post({ metadata: before })
    const edit = (more: object) =>
      call((client) => client.apiCall('chat.update', { channel, ts, text: 'x', ...more }))
    await edit({})
    expect(only(slack).metadata).toEqual(before)
    await edit({ metadata: after })
    expect(only(slack).metadata).toEqual(after)
    await edit({ metadata: {} })
    expect(only(slack)).not.toHaveProperty('metadata')
  })

  test('the newest come first, threads apart, and a limit cuts', async () => {
    const { call, post } = workspace()
    const { channel = '', ts: thread_ts } = await post({ text: 'first' })
    await post({ text: 'second' })
    await post({ text: 'reply', thread_ts })
    const all = await call((client) => client.conversations.history({ channel }))
    expect(all.messages?.map(({ text }) => text)).toEqual(['second', 'first'])
    const one = await call((client) => client.conversations.history({ channel, limit: 1 }))
    expect(one).toMatchObject({ has_more: true, messages: [{ text: 'second' }] })
  })

  test('a channel’s id is found by its name', async () => {
    const { call, post } = workspace()
    const { channel } = await post()
    const { channels } = await call((client) => client.conversations.list({ limit: 200 }))
    expect(channels?.map(({ name }) => name)).toEqual(['orders', 'platform'])
    expect(channels?.[0]).toMatchObject({ id: channel, is_member: true, is_archived: false })
  })

  test('what is watched is told', async () => {
    const { slack, call, post } = workspace()
    const seen: string[] = []
    const stop = slack.onChange(({ text, edits }) => seen.push(`${text}/${edits.length}`))
    const { channel = '', ts = '' } = await post()
    await call((client) => client.chat.update({ channel, ts, text: 'new' }))
    stop()
    await call((client) => client.chat.delete({ channel, ts }))
    expect(seen).toEqual(['hello/0', 'new/1'])
    expect(slack.messages).toEqual([])
  })
})
