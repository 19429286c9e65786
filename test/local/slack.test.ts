import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import { describe, expect, test } from 'vitest'
import { World } from '../../local/aws/world.ts'
import { Internet } from '../../local/outside/internet.ts'
import { Slack, type SlackMessage } from '../../local/outside/slack/slack.ts'

const START = new Date('2026-03-02T09:00:00Z')

const nothing = () => {}
const SILENT: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  ...{ setLevel: nothing, setName: nothing, getLevel: () => LogLevel.ERROR },
}

const section = (text: string) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, text },
})

/** A workspace with `#orders` and `#platform`, and the real client of its bot. */
function workspace(options: { token?: string } = {}) {
  const world = new World({ seed: 1, start: START })
  const slack = new Slack(world, { channels: ['#orders', 'platform'] })
  const internet = new Internet(world)
  internet.host('slack.com', (request) => slack.handle(request))
  const client = new WebClient(options.token ?? slack.token, {
    fetch: internet.fetch,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  })
  /** Lets the world run until the call is answered. */
  async function call<Answer>(ask: (client: WebClient) => Promise<Answer>): Promise<Answer> {
    const answer = world.busy(() => ask(client))
    answer.catch(() => {})
    await world.run(200)
    return answer
  }
  const post = (more: object = {}) =>
    call((client) => client.chat.postMessage({ channel: '#orders', text: 'hello', ...more }))
  return { world, slack, call, post }
}

/** The one message that must be there. */
function only(slack: Slack): SlackMessage {
  expect(slack.messages).toHaveLength(1)
  return slack.messages[0] as SlackMessage
}

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

describe('what Slack refuses', () => {
  const refused = (error: string, messages?: string[]) => ({
    data: { ok: false, error, ...(messages ? { response_metadata: { messages } } : {}) },
  })

  test('a token that is not the bot’s', async () => {
    const { post } = workspace({ token: 'xoxb-other' })
    await expect(post()).rejects.toMatchObject(refused('invalid_auth'))
  })

  test.each([
    ['a channel there is not', { channel: '#nowhere' }, 'channel_not_found'],
    ['a message that says nothing', { text: '' }, 'no_text'],
    ['an answer to no thread', { thread_ts: '1.000001' }, 'thread_not_found'],
    ['metadata without a type', { metadata: { event_payload: {} } }, 'invalid_metadata_format'],
    [
      'too much text in blocks',
      { blocks: Array.from({ length: 5 }, () => section('x'.repeat(2_900))) },
      'msg_blocks_too_long',
    ],
  ])('%s', async (_, more, error) => {
    await expect(workspace().post(more)).rejects.toMatchObject(refused(error))
  })

  test('a name where the id is asked for', async () => {
    const { call, post } = workspace()
    const { ts = '' } = await post()
    const update = call((client) => client.chat.update({ channel: '#orders', ts, text: 'x' }))
    await expect(update).rejects.toMatchObject(refused('channel_not_found'))
    const history = call((client) => client.conversations.history({ channel: '#orders' }))
    await expect(history).rejects.toMatchObject(refused('channel_not_found'))
  })

  test('an edit of no message, or with more than 4,000 characters', async () => {
    const { call, post } = workspace()
    const { channel = '', ts = '' } = await post()
    const other = call((client) => client.chat.update({ channel, ts: '1.000001', text: 'x' }))
    await expect(other).rejects.toMatchObject(refused('message_not_found'))
    const long = call((client) => client.chat.update({ channel, ts, text: 'x'.repeat(4_001) }))
    await expect(long).rejects.toMatchObject(refused('msg_too_long'))
  })

  test('a method or argument that is not simulated, by name', async () => {
    const { call, post } = workspace()
    await expect(post({ icon_emoji: ':x:' })).rejects.toMatchObject(
      refused('invalid_arguments', [
        '[ERROR] the simulated Slack does not know the argument icon_emoji',
      ]),
    )
    const other = call((client) => client.apiCall('pins.add', {}))
    await expect(other).rejects.toMatchObject(
      refused('unknown_method', ['[ERROR] the simulated Slack has no method pins.add']),
    )
  })

  const button = (more: object) => ({
    type: 'button',
    text: { type: 'plain_text', text: 'Undo' },
    ...more,
  })

  test.each([
    [
      Array.from({ length: 51 }, () => ({ type: 'divider' })),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    [
      [section('x'.repeat(3001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    [[section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [[{ type: 'section' }], 'missing required field: text or fields [json-pointer:/blocks/0]'],
    [[{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0/text]'],
    [[{ type: 'sections' }], 'unsupported type [json-pointer:/blocks/0/type]'],
    [
      [{ type: 'divider', colour: 'red' }],
      'invalid additional property: colour [json-pointer:/blocks/0]',
    ],
    [
      [{ type: 'context', elements: Array.from({ length: 11 }, () => section('x').text) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      [{ type: 'actions', elements: [button({ value: 'x'.repeat(2001) })] }],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      [
        {
          type: 'actions',
          elements: [button({ text: { type: 'plain_text', text: 'x'.repeat(76) } })],
        },
      ],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      'block_id `a` already exists [json-pointer:/blocks/1/block_id]',
    ],
  ])('blocks: %#', async (blocks, problem) => {
    await expect(workspace().post({ blocks })).rejects.toMatchObject(
      refused('invalid_blocks', [`[ERROR] ${problem}`]),
    )
  })
})

describe('rates and failures', () => {
  test('a burst goes through, then one message a second in a channel', async () => {
    const { world, call } = workspace()
    const outcomes = await call((client) =>
      Promise.allSettled(
        Array.from({ length: 7 }, () =>
          client.chat.postMessage({ channel: '#orders', text: 'again' }),
        ),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'slack_webapi_rate_limited_error', retryAfter: 1 },
    })
    await call((client) => client.chat.postMessage({ channel: '#platform', text: 'elsewhere' }))
    await world.run(1_000)
    await call((client) => client.chat.postMessage({ channel: '#orders', text: 'later' }))
  })

  test('down: 503 and nothing is kept', async () => {
    const { slack, post } = workspace()
    slack.down = true
    await expect(post()).rejects.toMatchObject({ statusCode: 503 })
    slack.down = false
    expect(slack.messages).toEqual([])
    await post()
  })

  test('an answer is lost although the message was taken', async () => {
    const { slack, post } = workspace()
    slack.lostAnswers = 1
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
    expect(only(slack)).toMatchObject({ text: 'hello' })
    await post()
    expect(slack.messages).toHaveLength(2)
  })
})
