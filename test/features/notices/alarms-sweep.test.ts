import { describe, expect, it } from 'vitest'
import { reasonIn } from '../../../functions/sweep/dead-letter.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { alarmArn, episodes, kept, OURS, tell } from '../../kits/alarm-events.ts'
import { twoServices } from '../../kits/catalog.ts'
import { messagesOf } from '../../kits/notices.ts'
import { BAD, GOOD, Stage } from '../../kits/roll-outs.ts'

const NAME = 'somebodys-alarm'
const WELL = { value: 'OK', at: '2026-03-02T08:00:00.000Z' }

/** An alarm that nobody of ours made, which stays as it is set. */
async function foreign(stage: Stage, name = NAME, tags: Record<string, string> = OURS) {
  await stage.call('cloudwatch', 'PutMetricAlarm', {
    AlarmName: name,
    Namespace: 'Theirs',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'ignore',
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  })
}

const set = (stage: Stage, StateValue: string, AlarmName = NAME) =>
  stage.call('cloudwatch', 'SetAlarmState', { AlarmName, StateValue, StateReason: 'by hand' })

/** From now on no event of an alarm's state arrives; or they do again. */
const events = (stage: Stage, how: 'Disable' | 'Enable') =>
  stage.call('eventbridge', `${how}Rule`, { Name: 'dev-alarm-changed' })

const notes = (stage: Stage) =>
  episodes(stage)
    .flatMap((one) => one.notes ?? [])
    .map(({ text, notifies }) => [text, notifies])

/** Writes a member of an episode's detail, as an act does. */
async function note(stage: Stage, member: string, value: object, name = NAME) {
  const { pk, sk } = episodes(stage).find(({ detail }) => detail.name === name) ?? {
    pk: '',
    sk: '',
  }
  const M = Object.fromEntries(Object.entries(value).map(([name, S]) => [name, { S }]))
  await stage.call('dynamodb', 'UpdateItem', {
    TableName: 'dev-caretaker',
    Key: { pk: { S: pk }, sk: { S: sk } },
    UpdateExpression: `SET detail.${member} = :value`,
    ExpressionAttributeValues: { ':value': { M } },
  })
}

describe('the sweep', () => {
  it('records a red whose event was lost, its end, and its alarm’s deletion', async () => {
    const stage = await Stage.open()
    await foreign(stage)
    await events(stage, 'Disable')
    await set(stage, 'ALARM')
    await stage.minutes(6)
    expect(episodes(stage)).toMatchObject([
      { verdict: 'red', owner: 'storefront', at: '2026-03-02T09:00:00Z', reason: 'by hand' },
    ])
    await set(stage, 'OK')
    await stage.minutes(5)
    expect(episodes(stage)).toMatchObject([{ verdict: 'over' }])
    await set(stage, 'ALARM')
    await stage.minutes(5)
    expect(episodes(stage)).toMatchObject([{ verdict: 'red', detail: { reds: 2 } }])
    await stage.call('eventbridge', 'DisableRule', { Name: 'dev-alarm-configured' })
    await stage.call('cloudwatch', 'DeleteAlarms', { AlarmNames: [NAME] })
    await stage.minutes(40)
    expect(episodes(stage)).toMatchObject([{ verdict: 'deleted' }])
  })

  it('does the same whether an event came or not, and nothing twice', async () => {
    const stage = await Stage.open()
    await foreign(stage)
    await set(stage, 'ALARM')
    await stage.minutes(1)
    const before = kept(stage, NAME)
    await stage.minutes(30)
    expect(kept(stage, NAME)).toEqual(before)
    expect(episodes(stage)).toHaveLength(1)
  })

  it('records nothing of another environment, or of what has none of our tags', async () => {
    const stage = await Stage.open()
    await foreign(stage, 'theirs', { ...OURS, 'caretaker:environment': 'other' })
    await foreign(stage, 'nobodys', { team: 'x' })
    await events(stage, 'Disable')
    await set(stage, 'ALARM', 'theirs')
    await set(stage, 'ALARM', 'nobodys')
    await stage.minutes(11)
    expect(episodes(stage)).toEqual([])
  })

  it('takes a read that failed for nothing: an episode stays as it is', async () => {
    const stage = await Stage.open()
    await foreign(stage)
    await set(stage, 'ALARM')
    await stage.minutes(1)
    stage.simulation.aws.guards.push(({ operation, caller }) => {
      if (operation !== 'DescribeAlarms' || !caller.name.endsWith('sweep')) return
      throw new AwsError('ThrottlingException', 'Rate exceeded')
    })
    await events(stage, 'Disable')
    await set(stage, 'OK')
    await stage.minutes(11)
    expect(episodes(stage)).toMatchObject([{ verdict: 'red' }])
    stage.push(GOOD)
    await stage.minutes(8)
    expect(stage.verdicts(), 'the rest of the sweep goes on').toEqual(['deployed'])
  })

  it('writes nothing while nothing is red', async () => {
    const stage = await Stage.open()
    await stage.minutes(1)
    const before = stage.simulation.aws.calls.length
    await stage.minutes(60)
    const calls = stage.simulation.aws.calls.slice(before).filter(({ by }) => by.includes('sweep'))
    const names = new Set(calls.map(({ operation }) => operation))
    expect([...names].filter((name) => /Put|Update|Transact|Start/.test(name))).toEqual([])
    const ofAlarms = calls.filter(({ operation }) => operation === 'DescribeAlarms')
    expect(ofAlarms).toHaveLength(12)
  })

  it('names again each working day at nine what nobody has acknowledged, in one line per channel', async () => {
    const start = new Date('2026-03-06T09:00:00Z')
    const stage = await Stage.open({ start, catalog: twoServices() })
    const line = 'still red, and nobody has acknowledged'
    for (const name of ['on-friday', 'on-friday-too', 'in-hand']) {
      await foreign(stage, name)
      await set(stage, 'ALARM', name)
      await stage.minutes(0.1)
    }
    await foreign(stage, 'the-platforms', { ...OURS, 'caretaker:owner': 'platform' })
    await set(stage, 'ALARM', 'the-platforms')
    await stage.minutes(60)
    await note(stage, 'acknowledged', { by: 'ann', at: '2026-03-06T10:00:00Z' }, 'in-hand')
    // Monday, 08:55 in Berlin.
    await stage.minutes(3 * 24 * 60 - 125)
    expect(messagesOf(stage, line)).toEqual([])
    await stage.minutes(15)
    const lines = () =>
      messagesOf(stage, line).map(({ channel, text }) => [channel, text.split(': ')[1]])
    const monday = [
      ['#storefront', 'on-friday since 6 Mar 10:00, on-friday-too since 6 Mar 10:00.'],
      ['#dev-environment', 'the-platforms since 6 Mar 10:00.'],
    ]
    expect(lines().filter(([, text]) => text?.includes('6 Mar 10:00'))).toEqual(monday)
    expect(notes(stage)).toEqual([])
    await set(stage, 'OK', 'on-friday-too')
    await stage.minutes(23 * 60 + 30)
    expect(lines()).toHaveLength(2)
    await stage.minutes(30)
    expect(lines().slice(2)[0]).toEqual(['#storefront', 'on-friday since 6 Mar 10:00.'])
  })

  it('says that a mute is over while it is red, once; nothing where it is well by then', async () => {
    const stage = await Stage.open()
    await foreign(stage)
    await set(stage, 'ALARM')
    await stage.minutes(1)
    const mute = { by: '@a', at: '2026-03-02T09:00:00Z', until: '2026-03-02T10:00:00Z' }
    await note(stage, 'muted', mute)
    await stage.minutes(50)
    expect(notes(stage)).toEqual([])
    await stage.minutes(30)
    expect(notes(stage)).toEqual([['still red, mute of @a is over', true]])
  })

  it('goes on with a mute in the next episode, and tells that when the mute is over', async () => {
    const stage = await Stage.open()
    await foreign(stage)
    await set(stage, 'ALARM')
    await stage.minutes(1)
    const mute = { by: '@a', at: '2026-03-02T09:00:00Z', until: '2026-03-02T10:00:00Z' }
    await note(stage, 'muted', mute)
    await set(stage, 'OK')
    await stage.minutes(35)
    await set(stage, 'ALARM')
    await stage.minutes(1)
    expect(episodes(stage)[1]).toMatchObject({ held: { because: 'muted', by: '@a' } })
    await stage.minutes(30)
    const [, second] = episodes(stage)
    expect(second?.verdict).toBe('red')
    expect(second?.held).toBeUndefined()
  })

  it('releases what its service’s sleep held, when the service is awake', async () => {
    const stage = await Stage.open()
    stage.push(GOOD, 'web')
    await stage.minutes(8)
    const scale = (desiredCount: number) =>
      stage.call('ecs', 'UpdateService', { cluster: 'dev-frontend', service: 'web', desiredCount })
    await scale(0)
    await foreign(stage)
    await set(stage, 'ALARM')
    await stage.minutes(7)
    expect(episodes(stage)).toMatchObject([{ held: { because: 'asleep' } }])
    await scale(1)
    await stage.minutes(6)
    expect(episodes(stage)[0]?.held).toBeUndefined()
  })

  it('holds children of a composite alarm, and releases them when that is over', async () => {
    const stage = await Stage.open()
    await foreign(stage)
    await foreign(stage, 'always-well')
    await stage.call('cloudwatch', 'PutCompositeAlarm', {
      AlarmName: 'shop',
      AlarmRule: `ALARM("${NAME}") AND NOT ALARM("always-well")`,
      Tags: Object.entries(OURS).map(([Key, Value]) => ({ Key, Value })),
    })
    await set(stage, 'ALARM')
    await stage.minutes(1)
    const [parent, child] = episodes(stage).toSorted((a) => (a.detail.name === 'shop' ? -1 : 1))
    expect(parent).toMatchObject({ detail: { type: 'composite', children: [NAME] } })
    expect(parent?.held).toBeUndefined()
    expect(child).toMatchObject({ held: { because: 'child-of-composite', by: 'shop' } })
    await set(stage, 'ALARM', 'always-well')
    await stage.minutes(6)
    const after = episodes(stage).find(({ detail }) => detail.name === NAME)
    expect(after?.verdict).toBe('red')
    expect(after?.held).toBeUndefined()
  })

  it('edits what was told by itself when a composite alarm fires for it, and notifies nobody again', async () => {
    const stage = await Stage.open()
    await foreign(stage, 'first')
    await foreign(stage, 'second')
    await stage.call('cloudwatch', 'PutCompositeAlarm', {
      AlarmName: 'shop',
      AlarmRule: 'ALARM("first") AND ALARM("second")',
      Tags: Object.entries(OURS).map(([Key, Value]) => ({ Key, Value })),
    })
    await set(stage, 'ALARM', 'first')
    await stage.minutes(2)
    await set(stage, 'ALARM', 'second')
    await stage.minutes(1)
    const part = expect.stringContaining('Part of: shop, red since 10:02')
    const texts = () => stage.simulation.slack.messages.map(({ text }) => text)
    expect(texts()).toEqual([part, expect.stringContaining('shop is red')])
    expect(texts()[0]).toContain('first is red since 10:00')
    expect(texts()[1]).toContain('It is red for: first, second')
    // Both were handled at one moment, and nobody saw the other: the sweep says it.
    const { pk = '', sk = '' } = episodes(stage).find(({ detail }) => detail.name === 'first') ?? {}
    await stage.call('dynamodb', 'UpdateItem', {
      TableName: 'dev-caretaker',
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'REMOVE detail.partOf',
    })
    await stage.minutes(1)
    expect(texts()[0]).not.toContain('Part of')
    await stage.minutes(5)
    expect(texts()).toEqual([part, expect.stringContaining('shop is red')])
    const before = episodes(stage)
    await stage.minutes(11)
    expect(episodes(stage)).toEqual(before)
  })

  it('tells that dead letters became more, at most once an hour', async () => {
    const stage = await Stage.open()
    const QueueUrl =
      'https://sqs.eu-central-1.amazonaws.com/123456789012/dev-control-plane-dead-letters'
    const send = async (count: number) => {
      for (let one = 0; one < count; one++) {
        await stage.call('sqs', 'SendMessage', { QueueUrl, MessageBody: '{}' })
      }
    }
    await send(1)
    await stage.minutes(11)
    expect(episodes(stage)).toMatchObject([
      { verdict: 'red', detail: { metric: { namespace: 'AWS/SQS' } } },
    ])
    await send(8)
    const body = {
      requestContext: { condition: 'RetriesExhausted' },
      responsePayload: { errorType: 'UnreadableItem', errorMessage: 'state: expected string' },
    }
    await stage.minutes(1)
    await stage.call('sqs', 'SendMessage', { QueueUrl, MessageBody: JSON.stringify(body) })
    await stage.minutes(29)
    expect(notes(stage)).toEqual([])
    await stage.minutes(60)
    expect(notes(stage)).toMatchObject([
      [
        expect.stringMatching(
          /^9 more since 10:\d\d: 10 dead letters now; the newest: UnreadableItem: state: expected string$/,
        ),
        true,
      ],
    ])
    expect(episodes(stage)).toMatchObject([{ detail: { count: 10 } }])
    await stage.minutes(120)
    expect(notes(stage)).toHaveLength(1)
  })
})

describe('a service that should run and has no tasks', () => {
  it('because it sleeps is nothing', async () => {
    const stage = await Stage.open()
    stage.push(GOOD, 'mailer')
    await stage.minutes(8)
    const service = { cluster: 'dev-backend', service: 'mailer', desiredCount: 0 }
    await stage.call('ecs', 'UpdateService', service)
    await stage.minutes(30)
    expect(episodes(stage)).toEqual([])
  })

  it('is told once after ten minutes, though no alarm is red; and over when it runs', async () => {
    const stage = await Stage.open()
    const imageDigest = stage.push(GOOD, 'mailer')
    await stage.minutes(12)
    const images = { repositoryName: 'mailer', imageIds: [{ imageDigest }] }
    await stage.call('ecr', 'BatchDeleteImage', images)
    const { taskArns } = await stage.call<{ taskArns: string[] }>('ecs', 'ListTasks', {
      cluster: 'dev-backend',
      serviceName: 'mailer',
    })
    for (const task of taskArns)
      await stage.call('ecs', 'StopTask', { cluster: 'dev-backend', task })
    await stage.minutes(30)
    const tasks = () => episodes(stage).filter(({ subject }) => subject.startsWith('tasks#'))
    expect(tasks()).toMatchObject([
      {
        verdict: 'red',
        owner: 'storefront',
        reason: expect.stringMatching(
          /^0 of 1 tasks run since 10:\d\d; its alarms are green because they have no data$/,
        ),
        detail: { service: 'mailer', name: 'dev-mailer-tasks-missing' },
      },
    ])
    await stage.minutes(60)
    expect(tasks()).toHaveLength(1)
    stage.push(GOOD, 'mailer')
    await stage.minutes(20)
    expect(tasks()).toMatchObject([{ verdict: 'over' }])
  })

  it('for a minute or two, as while it is deployed, is nothing', async () => {
    const stage = await Stage.open()
    stage.push(GOOD)
    await stage.minutes(10)
    stage.push(BAD)
    await stage.minutes(30)
    expect(episodes(stage).filter(({ subject }) => subject.startsWith('tasks#'))).toEqual([])
  })
})

it('an alarm without tags in its event is asked for them', async () => {
  const stage = await Stage.open()
  await foreign(stage)
  tell(stage, {
    name: NAME,
    value: 'ALARM',
    at: '2026-03-02T09:00:00Z',
    previous: WELL,
    tags: null,
  })
  await stage.minutes(0.5)
  expect(episodes(stage)).toMatchObject([{ owner: 'storefront', subject: alarmArn(stage, NAME) }])
})

describe('why a message is in a dead-letter queue', () => {
  const of = (body: object) => ({ Body: JSON.stringify(body) })
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue })
  it.each([
    [
      'of a rule',
      {
        ...of({ source: 'aws.ecs' }),
        MessageAttributes: {
          ERROR_CODE: attribute('NO_PERMISSIONS'),
          ERROR_MESSAGE: attribute('not authorized'),
        },
      },
      'NO_PERMISSIONS: not authorized',
    ],
    [
      'of a function',
      of({ responsePayload: { errorType: 'TypeError', errorMessage: 'x is undefined' } }),
      'TypeError: x is undefined',
    ],
    [
      'of a stream',
      of({ requestContext: { condition: 'RetryAttemptsExhausted' }, DDBStreamBatchInfo: {} }),
      'RetryAttemptsExhausted',
    ],
    ['by hand, not JSON', { Body: 'hello' }, undefined],
    ['with a payload that is no object', of({ responsePayload: 'x' }), undefined],
  ])('%s', (_, message, reason) => {
    expect(reasonIn(message)).toBe(reason)
  })
})
