import { describe, expect, test } from 'vitest'
import { refused, section, workspace } from '../kits/slack.ts'

const CHART = {
  type: 'data_visualization',
  title: 'Errors',
  chart: {
    type: 'line',
    series: [{ name: 'errors', data: [{ label: '09:00', value: 3 }] }],
    axis_config: { categories: ['09:00'] },
  },
}

describe('blocks', () => {
  test('a chart is taken, and refused where Slack has not brought it yet', async () => {
    const { slack, post } = workspace()
    await post({ blocks: [CHART] })
    expect(slack.messages[0]?.blocks).toEqual([CHART])
    slack.refusedBlocks.add('data_visualization')
    await expect(post({ blocks: [section('x'), CHART] })).rejects.toMatchObject(
      refused('invalid_blocks', ['[ERROR] unsupported type [json-pointer:/blocks/1/type]']),
    )
  })

  test('an alert is for modals', async () => {
    const blocks = [{ type: 'alert', text: { type: 'plain_text', text: 'x' } }]
    await expect(workspace().post({ blocks })).rejects.toMatchObject(refused('invalid_blocks'))
  })

  test('an edit is checked as a new message is', async () => {
    const { call, post } = workspace()
    const { channel = '', ts = '' } = await post()
    const blocks = [section('x'.repeat(3_001))]
    const edit = call((client) => client.chat.update({ channel, ts, text: 'x', blocks }))
    await expect(edit).rejects.toMatchObject(refused('invalid_blocks'))
  })

  test('blocks.validate names what is wrong by its place', async () => {
    const { call } = workspace({ scopes: [] })
    const validate = (given: Record<string, unknown>) =>
      call((client) => client.apiCall('blocks.validate', given))
    await expect(validate({ blocks: [CHART] })).resolves.toMatchObject({ ok: true })
    const blocks = [section('x'), section('')]
    const error = { code: 'failed_constraint', message: 'must be more than 0 characters' }
    await expect(validate({ blocks })).rejects.toMatchObject({
      data: { error: 'invalid_blocks', errors: [{ pointer: '/1/text/text', ...error }] },
    })
    await expect(validate({ message: { blocks } })).rejects.toMatchObject({
      data: { error: 'invalid_message', errors: [{ pointer: '/blocks/1/text/text', ...error }] },
    })
    await expect(validate({ blocks: [null] })).rejects.toMatchObject({
      data: { error: 'invalid_blocks', errors: [{ pointer: '/0' }] },
    })
    await expect(validate({})).rejects.toMatchObject(refused('invalid_arguments'))
  })
})

describe('pictures', () => {
  const SCOPES = ['chat:write', 'files:write']
  const image = (id: string) => [{ type: 'image', alt_text: 'errors', slack_file: { id } }]

  /** Uploads a file in the three steps; the last is left to the test. */
  async function uploaded(filename: string) {
    const all = workspace({ scopes: SCOPES })
    const { call, world, internet } = all
    const begun = await call((client) => client.files.getUploadURLExternal({ filename, length: 3 }))
    const send = async (body: string) => {
      const answer = world.busy(() =>
        internet.fetch(begun.upload_url ?? '', { method: 'POST', body }),
      )
      await world.run(200)
      return (await answer).status
    }
    const id = begun.file_id ?? ''
    const complete = () =>
      call((client) => client.files.completeUploadExternal({ files: [{ id, title: 'Errors' }] }))
    return { ...all, id, send, complete }
  }

  const invalid = refused('invalid_blocks', [
    '[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]',
  ])

  test('an uploaded one is shown once Slack has looked through it', async () => {
    const { world, post, id, send, complete } = await uploaded('errors.png')
    await expect(complete()).rejects.toMatchObject(refused('file_not_found'))
    expect(await send('four')).toBe(400)
    expect(await send('abc')).toBe(200)
    await expect(post({ blocks: image(id) })).rejects.toMatchObject(invalid)
    await complete()
    await expect(post({ blocks: image(id) })).rejects.toMatchObject(invalid)
    await world.run(5_000)
    await post({ blocks: image(id) })
  })

  test('the client’s own way of uploading works', async () => {
    const { world, slack, clientOf, post } = workspace({ scopes: SCOPES })
    const answer = world.busy(() =>
      clientOf(slack.token).filesUploadV2({ file: Buffer.from('abc'), filename: 'errors.png' }),
    )
    await world.run(6_000)
    expect(await answer).toMatchObject({ ok: true, files: [{ files: [{ id: 'F0000000001' }] }] })
    await post({ blocks: image('F0000000001') })
  })

  test('a file that is no picture, or that nobody uploaded, is never shown', async () => {
    const { world, post, id, send, complete } = await uploaded('errors.csv')
    await send('abc')
    await complete()
    await world.run(5_000)
    await expect(post({ blocks: image(id) })).rejects.toMatchObject(invalid)
    await expect(post({ blocks: image('F0') })).rejects.toMatchObject(invalid)
  })
})

describe('a message for one person', () => {
  const users = [{ id: 'U0ANA', name: 'ana', email: 'ana@example.org', timeZone: 'Europe/Berlin' }]

  test('is seen by that person alone, and can not be edited', async () => {
    const { slack, call, post } = workspace({ users })
    const { channel = '' } = await post()
    const { message_ts: ts = '' } = await call((client) =>
      client.chat.postEphemeral({ channel, user: 'U0ANA', text: 'only you' }),
    )
    expect(slack.messages).toHaveLength(1)
    expect(slack.people.shownTo('U0ANA')).toMatchObject([
      { kind: 'ephemeral', channel: '#orders', text: 'only you', blocks: [], ts },
    ])
    const edit = call((client) => client.chat.update({ channel, ts, text: 'x' }))
    await expect(edit).rejects.toMatchObject(refused('message_not_found'))
    const stranger = call((client) =>
      client.chat.postEphemeral({ channel, user: 'U0BO', text: 'x' }),
    )
    await expect(stranger).rejects.toMatchObject(refused('user_not_in_channel'))
  })
})
