import { describe, expect, it } from 'vitest'
import type { Key } from '../../../domain/table/keys.ts'
import {
  alarm,
  changed,
  failure,
  mails,
  NEW,
  nowOf,
  OLD,
  pipeline,
  put,
  said,
} from '../../kits/notices.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

/** Where a record is told: channels that take nothing, threads, parents that are gone. */

/** The record of the service's newest roll-out, as it stands. */
function rollOut(stage: Stage): Key & { digest: string } {
  const { pk, sk, digest } = stage.simulation.records.all.at(-1) ?? expect.unreachable('no record')
  return { pk, sk, digest }
}

/** An alarm that the newest roll-out of web may have caused. */
const suspected = (stage: Stage, name = 'dev-web-errors') =>
  alarm(name, {
    at: nowOf(stage),
    thread: { pk: rollOut(stage).pk, sk: rollOut(stage).sk },
    detail: {
      breachingSince: nowOf(stage),
      suspect: {
        ...{ record: { pk: '', sk: '' }, tag: 'main', digest: NEW, at: '2026-03-02T09:00:00Z' },
        goBack: { digest: OLD, from: '2026-02-24T09:00:00Z', to: '2026-03-02T09:00:00Z' },
      },
    },
  })

describe('a channel that takes nothing', () => {
  it('is told once, its notices are in the default channel, and come back without a restart', async () => {
    const stage = await Stage.open()
    const { slack } = stage.simulation
    slack.archive('#storefront')
    await put(stage, alarm('dev-web-one'))
    await put(stage, alarm('dev-web-two'))
    await stage.minutes(1)
    expect(said(stage).toSorted()).toEqual([
      expect.stringMatching(
        /^#dev-environment :?.*For #storefront, .*archived.* dev-web-one is red/,
      ),
      expect.stringMatching(
        /^#dev-environment :?.*For #storefront, .*archived.* dev-web-two is red/,
      ),
      expect.stringMatching(/^#dev-environment Slack channel #storefront failed/),
    ])
    await put(stage, changed(alarm('dev-web-one'), { verdict: 'over', endedAt: nowOf(stage) }))
    slack.unarchive('#storefront')
    await put(stage, alarm('dev-web-three'))
    await stage.minutes(1)
    expect(said(stage)).toContainEqual(
      expect.stringMatching(/^#dev-environment .*dev-web-one is over/),
    )
    expect(said(stage)).toContainEqual(expect.stringMatching(/^#storefront dev-web-three is red/))
    expect(said(stage)).toHaveLength(4)
  })
})

it('where the default channel takes nothing either, what is red goes out by e-mail, and an alarm is raised', async () => {
  const stage = await Stage.open()
  const { slack, cloudwatch } = stage.simulation
  slack.archive('#storefront')
  slack.archive('#dev-environment')
  await put(stage, alarm())
  await stage.minutes(5)
  expect(said(stage)).toEqual([])
  const subjects = mails(stage).map(({ subject }) => subject ?? '')
  // The alarm about the notifier goes the same way, and by its own action.
  expect(subjects.toSorted()).toEqual([
    'dev: Slack channel #storefront failed',
    expect.stringMatching(/^dev: dev-tell-slack-errors is red since 10:0/),
    'dev: dev-web-errors is red since 10:00',
  ])
  const raised = cloudwatch.alarms.find(({ name }) => name === 'dev-tell-slack-errors')
  expect(raised?.state.value).toBe('ALARM')
  await stage.minutes(30)
  expect(mails(stage)).toHaveLength(3)
})

describe('a thread', () => {
  it('of a deployment has its alarm, broadcast once; what follows are edits', async () => {
    const stage = await Stage.open()
    stage.push(GOOD, 'web')
    await stage.minutes(6)
    const [parent] = stage.simulation.slack.messages
    const red = suspected(stage)
    await put(stage, red)
    await stage.minutes(1)
    await put(stage, changed(red, { verdict: 'over', endedAt: nowOf(stage) }))
    await stage.minutes(1)
    const reply = stage.simulation.slack.messages[1]
    expect(reply).toMatchObject({ thread_ts: parent?.ts, broadcast: true })
    expect(reply?.posted.text).toContain('9f3c9f3c9f3c')
    expect(JSON.stringify(reply?.posted.blocks)).toContain('Roll back to 41ab41ab41ab (ran 6 days)')
    expect(reply?.text).toContain('is over')
    expect(stage.simulation.slack.messages).toHaveLength(2)
    expect(reply?.notifiedAt).toHaveLength(1)
  })

  it('of a deployment that was deleted: the alarm stands by itself, and so does the next', async () => {
    const stage = await Stage.open()
    const { slack } = stage.simulation
    stage.push(GOOD, 'web')
    await stage.minutes(6)
    slack.remove(slack.messages[0] ?? expect.unreachable('no message'))
    await put(stage, suspected(stage))
    await put(stage, suspected(stage, 'dev-web-latency'))
    await stage.minutes(1)
    expect(slack.messages.map(({ thread_ts }) => thread_ts)).toEqual([undefined, undefined])
    expect(said(stage)[0]).toMatch(
      /The message of the deployment of web 9f3c9f3c9f3c \(main\) was deleted; this stands by itself. dev-web-errors is red/,
    )
  })

  it('that is not told yet is told first', async () => {
    const stage = await Stage.open()
    const parent = pipeline('failed')
    await put(stage, { ...alarm(), thread: { pk: parent.pk, sk: parent.sk } })
    await put(stage, parent)
    await stage.minutes(1)
    const [first, second] = stage.simulation.slack.messages
    expect(first?.text).toContain('dev-web failed')
    expect(second?.thread_ts).toBe(first?.ts)
  })
})

describe('a message that somebody deleted', () => {
  it('has one new one while its record is red', async () => {
    const stage = await Stage.open()
    const { slack } = stage.simulation
    await put(stage, alarm())
    await stage.minutes(1)
    slack.remove(slack.messages[0] ?? expect.unreachable('no message'))
    await put(stage, changed(alarm(), { reason: 'worse' }))
    await stage.minutes(1)
    await put(stage, changed(alarm(), { reason: 'much worse' }))
    await stage.minutes(1)
    expect(said(stage)).toEqual([
      expect.stringMatching(
        /The earlier message about this was deleted. dev-web-errors is red.*much worse/,
      ),
    ])
  })

  it('has none once it is over, and the record says so', async () => {
    const stage = await Stage.open()
    const { slack, invocations } = stage.simulation
    await put(stage, alarm())
    await stage.minutes(1)
    slack.remove(slack.messages[0] ?? expect.unreachable('no message'))
    await put(stage, changed(alarm(), { verdict: 'over', endedAt: nowOf(stage) }))
    await stage.minutes(2)
    expect(said(stage)).toEqual([])
    const { Item } = await stage.call<{ Item: Record<string, unknown> }>('dynamodb', 'GetItem', {
      TableName: 'dev-caretaker',
      Key: { pk: { S: alarm().pk }, sk: { S: alarm().sk } },
    })
    expect(JSON.stringify(Item)).toContain('message_not_found')
    const before = invocations.length
    await stage.minutes(30)
    expect(
      invocations.slice(before).filter(({ functionName }) => functionName === 'dev-tell-slack'),
    ).toEqual([])
  })
})

describe('notes', () => {
  it('are replies, each once; those that notify are shown in the channel', async () => {
    const stage = await Stage.open()
    const notes = [
      { id: 'a', at: nowOf(stage), text: 'failed once at 10:02', notifies: false },
      { id: 'b', at: nowOf(stage), text: 'ten more <!channel> since 08:55', notifies: true },
    ]
    await put(stage, { ...alarm(), notes })
    await stage.minutes(1)
    await put(stage, { ...alarm(), reason: 'again', notes })
    await stage.minutes(1)
    const [parent, ...replies] = stage.simulation.slack.messages
    expect(
      replies.map(({ text, thread_ts, broadcast }) => ({ text, thread_ts, broadcast })),
    ).toEqual([
      { text: 'failed once at 10:02', thread_ts: parent?.ts },
      { text: 'ten more &lt;!channel&gt; since 08:55', thread_ts: parent?.ts, broadcast: true },
    ])
  })
})

it('a note whose parent was deleted says what it is about', async () => {
  const stage = await Stage.open()
  const { slack } = stage.simulation
  await put(stage, alarm())
  await stage.minutes(1)
  slack.remove(slack.messages[0] ?? expect.unreachable('no message'))
  const note = { id: 'a', at: nowOf(stage), text: 'still red', notifies: true }
  await put(stage, { ...alarm(), notes: [note] })
  await stage.minutes(1)
  expect(said(stage)).toEqual(['#storefront dev-web-errors is red since 10:00: still red'])
})

describe('a record that is held', () => {
  it('is not told until it is released', async () => {
    const stage = await Stage.open()
    await put(stage, { ...alarm(), held: { because: 'suppressed', by: 'deploys' } })
    await stage.minutes(5)
    expect(said(stage)).toEqual([])
    await put(stage, alarm())
    await stage.minutes(1)
    expect(said(stage)).toEqual([expect.stringContaining('dev-web-errors is red')])
  })
})

it('a failure of Caretaker’s own is in the default channel, with its runbook', async () => {
  const stage = await Stage.open()
  await put(stage, failure())
  await stage.minutes(1)
  expect(said(stage)).toEqual([
    expect.stringMatching(
      /^#dev-environment dev-roll-out failed.*docs\/runbooks\/roll-out-failed.md/,
    ),
  ])
})
