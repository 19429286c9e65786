import { describe, expect, test } from 'vitest'
import { meantBy } from '../../../functions/receive-slack/read.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { Acts } from '../../kits/acts.ts'
import { GOOD } from '../../kits/roll-outs.ts'

/** `web` runs an image, and its message is in the channel. */
async function running(): Promise<Acts> {
  const acts = await Acts.open()
  acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  return acts
}

describe('@caretaker in a thread', () => {
  test('does what it is told, and says so in the thread', async () => {
    const acts = await running()
    const [thread] = acts.slack.messages
    await acts.mentions('ann', 'Pin web “until the demo”', thread)
    const replies = acts.slack.messages.filter((one) => one.thread_ts === thread?.ts)
    expect(replies.map(({ user }) => user)).toEqual(['U0ANN', undefined])
    expect(replies[1]?.text).toContain('I read: `pin web until the demo`.')
    expect(await acts.receipts()).toHaveLength(1)
  })

  test('what is refused, or only read, is for the one who asked', async () => {
    const acts = await running()
    const [thread] = acts.slack.messages
    const posted = acts.slack.messages.length
    await acts.mentions('bob', 'unpin web', thread)
    await acts.mentions('bob', 'status', thread)
    expect(acts.told('bob')).toEqual([
      expect.stringContaining('Only members of storefront'),
      expect.stringContaining('No alarm is red.'),
    ])
    expect(acts.slack.messages).toHaveLength(posted + 2)
  })

  test('sent again by Slack, which had no answer in time: done once', async () => {
    const acts = await running()
    // The entrance is throttled for a moment: Slack's first attempt fails.
    await acts.stage.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'dev-receive-slack',
      ReservedConcurrentExecutions: 0,
    })
    const mentioned = acts.slack.does.mention('pin web the demo', { by: 'ann' })
    await acts.stage.simulation.world.run(30_000)
    await acts.stage.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'dev-receive-slack',
      ReservedConcurrentExecutions: 5,
    })
    await acts.stage.minutes(3)
    const { sent } = await mentioned
    expect(sent.length).toBeGreaterThan(1)
    expect(await acts.receipts()).toHaveLength(1)
    // And once more, by somebody who has seen it.
    const replayed = acts.slack.entrance.replay(sent.at(-1) ?? expect.unreachable())
    await acts.stage.minutes(1)
    await replayed
    expect(await acts.receipts()).toHaveLength(1)
  })
})

describe('a question that Slack sends again, with another signature', () => {
  const again = async (acts: Acts, body: string) => {
    const event = JSON.parse(body) as object
    const retry = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' }
    const sent = acts.slack.entrance.json('events', event, retry)
    await acts.stage.minutes(0.5)
    const { answer } = await sent
    return answer.kind === 'answered' ? answer.status : answer.kind
  }

  test('is answered once', async () => {
    const acts = await running()
    const { sent } = await acts.mentions('ann', 'status')
    expect(acts.told('ann')).toHaveLength(1)
    expect(await again(acts, sent[0]?.body ?? '')).toBe(200)
    expect(acts.told('ann')).toHaveLength(1)
  })

  test('is not lost where the first request died before it was handed on', async () => {
    const acts = await running()
    const { aws } = acts.stage.simulation
    let isDown = true
    aws.guards.push(({ operation, caller }) => {
      if (isDown && operation === 'Invoke' && caller.name.endsWith('receive-slack'))
        throw new AwsError('ServiceException', 'Lambda is busy', { statusCode: 500 })
    })
    const mentioned = acts.slack.does.mention('status', { by: 'ann' })
    await acts.stage.simulation.world.run(500)
    expect(await acts.items()).toContainEqual(
      expect.objectContaining({ pk: expect.stringMatching(/^signature#event-/) }),
    )
    await acts.stage.minutes(0.5)
    isDown = false
    await acts.stage.minutes(7)
    const { sent } = await mentioned
    expect(sent.length).toBeGreaterThan(1)
    expect(acts.told('ann')).toHaveLength(1)
  })
})

describe('it does not hear itself', () => {
  const AT = '1772442000'
  const said = (event: object) =>
    meantBy(
      JSON.stringify({
        ...{ type: 'event_callback', team_id: 'T0CARETAKER', event_id: 'Ev1', event_time: 1 },
        authorizations: [{ user_id: 'U0CARETAKER' }],
        event: {
          ...{ type: 'app_mention', user: 'U0ANN', channel: 'C1', ts: '1.0' },
          ...{ text: '<@U0CARETAKER> rollback web' },
          ...event,
        },
      }),
      'application/json',
      AT,
    )

  test('what a person writes behind its name is a command', () => {
    expect(said({})).toMatchObject({ asked: { kind: 'mention', text: 'rollback web' } })
    expect(said({ text: ' <@U0CARETAKER|caretaker>,\u00a0rollback web\n' })).toMatchObject({
      asked: { text: 'rollback web\n' },
    })
  })

  test.each([
    ['a bot’s', { bot_id: 'B0CARETAKER' }],
    ['another app’s', { bot_id: 'B0OTHER', user: 'U0OTHER' }],
    ['its own user’s', { user: 'U0CARETAKER' }],
    ['a message with a subtype', { subtype: 'bot_message' }],
    ['an edit', { type: 'message', subtype: 'message_changed' }],
    ['a mention that was edited in', { edited: { user: 'U0ANN', ts: '2.0' } }],
    ['a mention in the middle of a sentence', { text: 'I told <@U0CARETAKER> rollback web' }],
    ['a quotation of it', { text: '&gt; <@U0CARETAKER> rollback web' }],
  ])('%s is not', (_, event) => {
    expect(said(event)).toBe('nothing')
  })

  test('a person edits an old mention: nothing is done once more', async () => {
    const acts = await running()
    acts.slack.connect({
      urls: {
        interactions: acts.url('ReceiveSlackUrl'),
        commands: acts.url('ReceiveSlackUrl'),
        events: acts.url('ReceiveSlackUrl'),
      },
      events: ['app_mention', 'message.channels'],
      deliver: (request) => acts.stage.simulation.internet.deliver(request),
    })
    const { message } = await acts.mentions('ann', 'pin web the demo')
    const edited = acts.slack.does.edit(message, '<@U0CARETAKER> unpin web')
    await acts.stage.minutes(1)
    expect((await edited).map(({ answer }) => answer)).toMatchObject([{ status: 200 }])
    expect((await acts.receipts()).map(({ verb }) => verb)).toEqual(['pin'])
  })

  test('an alarm’s description that is a command: shown as text, and nothing is done', async () => {
    const acts = await running()
    const hostile = '<@U0CARETAKER> rollback web <!channel>'
    const told = await acts.types('ann', `pin web ${hostile}`)
    expect(told).not.toMatch(/<[@!]/)
    expect(await acts.receipts()).toMatchObject([{ verb: 'pin' }])
    expect(await acts.types('bob', 'why web')).not.toMatch(/<[@!]/)
  })
})
