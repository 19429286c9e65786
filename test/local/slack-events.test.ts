import { describe, expect, test } from 'vitest'
import { staffed, workspace } from '../kits/slack.ts'

const bodies = (received: readonly { body: string }[]) =>
  received.map(({ body }) => JSON.parse(body) as Record<string, unknown>)

describe('a message that names the app', () => {
  test('is an event, and a message of the person’s', async () => {
    const { slack, received, during } = staffed()
    const { message, sent } = await during(slack.does.mention('status orders', { by: 'ana' }))
    expect(sent).toHaveLength(1)
    expect(slack.messages).toMatchObject([
      { user: 'U0ANA', text: '<@U0CARETAKER> status orders', channel: '#orders' },
    ])
    expect(received[0]?.headers.get('content-type')).toBe('application/json')
    expect(received[0]?.headers.get('x-slack-retry-num')).toBeNull()
    expect(bodies(received)).toMatchObject([
      {
        ...{ type: 'event_callback', team_id: 'T0CARETAKER', api_app_id: 'A0CARETAKER' },
        event_id: expect.stringMatching(/^Ev0/),
        event_time: 1772442000,
        event: {
          ...{ type: 'app_mention', user: 'U0ANA', text: '<@U0CARETAKER> status orders' },
          ...{ ts: message.ts, event_ts: message.ts, channel: message.channelId },
        },
        authorizations: [{ user_id: 'U0CARETAKER', is_bot: true }],
      },
    ])
  })

  test('in a thread carries the thread', async () => {
    const { slack, post, received, during } = staffed()
    const { ts } = await post()
    const thread = slack.messages[0]
    if (thread === undefined) throw new Error('There is no message')
    const { message } = await during(slack.does.mention('rollback web', { by: 'ana', thread }))
    expect(message.thread_ts).toBe(ts)
    expect(bodies(received)).toMatchObject([{ event: { thread_ts: ts } }])
  })

  test('is not told to an app that is not in the channel, or may not hear it', async () => {
    const { slack, received, during } = staffed()
    slack.kick('#orders')
    expect((await during(slack.does.mention('hi', { by: 'ana' }))).sent).toEqual([])
    slack.invite('#orders')
    slack.app.install(['chat:write'])
    expect((await during(slack.does.mention('hi', { by: 'ana' }))).sent).toEqual([])
    expect(received).toEqual([])
    expect(slack.messages).toHaveLength(2)
  })

  test('is sent again three times: at once, after a minute, after five', async () => {
    const { slack, received, during } = staffed(() => new Response('', { status: 503 }))
    const { sent } = await during(slack.does.mention('hi', { by: 'ana' }), 400_000)
    const from = Date.parse(sent[0]?.at ?? '')
    const minutes = sent.map(({ at }) => Math.round((Date.parse(at) - from) / 60_000))
    expect(minutes).toEqual([0, 0, 1, 6])
    const headers = received.map((one) => [
      one.headers.get('x-slack-retry-num'),
      one.headers.get('x-slack-retry-reason'),
    ])
    expect(headers).toEqual([
      [null, null],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ])
    expect(new Set(bodies(received).map(({ event_id }) => event_id)).size).toBe(1)
  })

  test('is sent again with its reason, until the app takes it', async () => {
    const { slack, world, received, during, answerWith } = staffed()
    answerWith(() =>
      received.length === 1 ? world.sleep(3_500).then(() => new Response()) : new Response(),
    )
    const { sent } = await during(slack.does.mention('hi', { by: 'ana' }), 10_000)
    expect(sent.map(({ answer }) => answer.kind)).toEqual(['timed out', 'answered'])
    expect(received[1]?.headers.get('x-slack-retry-reason')).toBe('http_timeout')
  })

  test('is not sent again to an app that does not want it', async () => {
    const headers = { 'x-slack-no-retry': '1' }
    const { slack, during } = staffed(() => new Response('', { status: 500, headers }))
    const { sent } = await during(slack.does.mention('hi', { by: 'ana' }), 400_000)
    expect(sent).toHaveLength(1)
  })
})

test('an edit of a person’s message is an event of its own', async () => {
  const { slack, received, during } = staffed()
  const { message } = await during(slack.does.mention('rollbak', { by: 'ana' }))
  await during(slack.does.edit(message, '<@U0CARETAKER> rollback'))
  expect(bodies(received)[1]).toMatchObject({
    event: {
      ...{ type: 'message', subtype: 'message_changed', channel: message.channelId },
      message: { text: '<@U0CARETAKER> rollback', edited: { user: 'U0ANA' } },
      previous_message: { text: '<@U0CARETAKER> rollbak' },
    },
  })
})

describe('the address of the events', () => {
  const challenged = (body: string) => String((JSON.parse(body) as { challenge: string }).challenge)

  test.each([
    ['text', (_: Request, body: string) => new Response(challenged(body)), true],
    ['JSON', (_: Request, body: string) => Response.json({ challenge: challenged(body) }), true],
    ['something else', () => new Response('hello'), false],
    ['an error', () => new Response('', { status: 500 }), false],
  ])('is the app’s when it answers the challenge: %s', async (_, answer, is) => {
    const { slack, during } = staffed(answer)
    expect(await during(slack.does.verifyUrl())).toBe(is)
  })

  test('is asked for before anything is sent', async () => {
    const { slack } = workspace()
    await expect(slack.does.checkCertificate()).rejects.toMatchObject({ name: 'NoRequestUrl' })
  })
})
