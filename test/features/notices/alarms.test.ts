import { describe, expect, it } from 'vitest'
import { AwsError } from '../../../local/aws/errors.ts'
import { Acts } from '../../kits/acts.ts'
import { type AlarmEvent, alarmArn, episodes, kept, OURS, tell } from '../../kits/alarm-events.ts'
import { messagesOf } from '../../kits/notices.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

const NAME = 'dev-web-errors'
const WELL = { value: 'OK', at: '2026-03-02T08:00:00.000Z' }

/** The instant so many minutes after 09:00, when a stage opens. */
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 9) + minute * 60_000).toISOString()

/** Sends events of `dev-web-errors` in this order: minutes and states. */
async function play(stage: Stage, history: [minute: number, value: AlarmEvent['value']][]) {
  for (const [minute, value] of history) {
    tell(stage, { name: NAME, value, at: at(minute) })
    await stage.minutes(0.1)
  }
}

describe('an episode of an alarm', () => {
  it('is recorded once, however often its event comes', async () => {
    const stage = await Stage.open()
    for (let time = 0; time < 5; time++) {
      tell(stage, { name: NAME, value: 'ALARM', at: at(0), previous: WELL, reason: 'Crossed' })
    }
    await stage.minutes(1)
    expect(episodes(stage)).toMatchObject([
      {
        owner: 'storefront',
        verdict: 'red',
        at: '2026-03-02T09:00:00Z',
        reason: 'Crossed',
        detail: { name: NAME, service: 'web', serviceId: 'dev-frontend/web', severity: 'look' },
      },
    ])
  })

  it('whose end comes before its beginning is over, and was never told as red', async () => {
    const stage = await Stage.open()
    const red = { value: 'ALARM', at: at(0) } as const
    tell(stage, { name: NAME, value: 'OK', at: '2026-03-02T09:00:40.000Z', previous: red })
    await stage.minutes(0.2)
    expect(episodes(stage)).toEqual([])
    for (const _ of [1, 2]) {
      tell(stage, { name: NAME, ...red, previous: WELL })
      await stage.minutes(0.2)
    }
    expect(episodes(stage)).toMatchObject([
      { verdict: 'over', at: '2026-03-02T09:00:00Z', endedAt: '2026-03-02T09:00:40Z' },
    ])
  })

  it('begins with no recovery: forty new alarms turn from no data to OK', async () => {
    const stage = await Stage.open()
    const previous = {
      value: 'INSUFFICIENT_DATA',
      at: at(-1),
      reason: 'Unchecked: Initial alarm creation',
    }
    for (let number = 0; number < 40; number++) {
      tell(stage, { name: `dev-web-${number}`, value: 'OK', at: at(0), previous })
    }
    await stage.minutes(1)
    expect(episodes(stage)).toEqual([])
    expect(kept(stage, 'dev-web-1')).toBeUndefined()
  })

  it('is none where data come and go by night', async () => {
    const stage = await Stage.open()
    for (let minute = 0; minute < 20; minute++) {
      const previous = { value: 'OK', at: at(2 * minute - 1) }
      tell(stage, { name: NAME, value: 'INSUFFICIENT_DATA', at: at(2 * minute), previous })
      tell(stage, {
        name: NAME,
        value: 'OK',
        at: at(2 * minute + 1),
        previous: { value: 'INSUFFICIENT_DATA', at: at(2 * minute) },
      })
    }
    await stage.minutes(1)
    expect(episodes(stage)).toEqual([])
  })

  it('is not over without data: it is red again as before, and over at OK', async () => {
    const stage = await Stage.open()
    await play(stage, [
      [0, 'ALARM'],
      [12, 'INSUFFICIENT_DATA'],
    ])
    expect(episodes(stage)).toMatchObject([
      { verdict: 'no-data', detail: { noDataSince: '2026-03-02T09:12:00Z' } },
    ])
    await play(stage, [[14, 'ALARM']])
    const [again] = episodes(stage)
    expect(again).toMatchObject({ verdict: 'red', detail: { reds: 1 } })
    expect(again?.detail.noDataSince).toBeUndefined()
    await play(stage, [
      [15, 'INSUFFICIENT_DATA'],
      [20, 'OK'],
    ])
    expect(episodes(stage)).toMatchObject([{ verdict: 'over', endedAt: '2026-03-02T09:20:00Z' }])
  })

  it('is one while it is red and green in turn; after 30 quiet minutes it is another', async () => {
    const stage = await Stage.open()
    for (let turn = 0; turn < 12; turn++) {
      await play(stage, [
        [2 * turn, 'ALARM'],
        [2 * turn + 1, 'OK'],
      ])
    }
    expect(episodes(stage)).toMatchObject([
      { verdict: 'over', detail: { reds: 12, redSince: '2026-03-02T09:22:00Z' } },
    ])
    await play(stage, [[54, 'ALARM']])
    expect(episodes(stage)).toMatchObject([
      { verdict: 'over', detail: { reds: 12 } },
      { verdict: 'red', detail: { reds: 1 } },
    ])
  })

  it('whose alarm is deleted while red ends as deleted; the new alarm has its own', async () => {
    const stage = await Stage.open()
    await play(stage, [[0, 'ALARM']])
    await stage.minutes(12)
    stage.simulation.aws.emit({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm Configuration Change',
      resources: [alarmArn(stage, NAME)],
      detail: {
        alarmName: NAME,
        operation: 'delete',
        state: { value: 'ALARM', timestamp: at(0).replace('Z', '+0000') },
      },
      delivery: 'durable',
    })
    tell(stage, { name: 'dev-web-5xx', value: 'ALARM', at: at(13), previous: WELL })
    await stage.minutes(1)
    expect(episodes(stage)).toMatchObject([
      {
        verdict: 'deleted',
        endedAt: expect.stringMatching(/^2026-03-02T09:12/),
        detail: { name: NAME },
      },
      { verdict: 'red', detail: { name: 'dev-web-5xx' } },
    ])
  })

  it('of each contributor is its own; the alarm as a whole adds none', async () => {
    const stage = await Stage.open()
    for (const queue of ['mails', 'orders']) {
      stage.simulation.aws.emit({
        source: 'aws.cloudwatch',
        detailType: 'CloudWatch Alarm Contributor State Change',
        resources: [alarmArn(stage, 'dev-queues')],
        detail: {
          alarmName: 'dev-queues',
          alarmContributor: { id: `id-${queue}`, attributes: { QueueName: queue } },
          state: { value: 'ALARM', reason: 'Crossed', timestamp: at(0).replace('Z', '+0000') },
          alarmTags: OURS,
          alarmTagsStatus: 'SUCCESS',
        },
        delivery: 'durable',
      })
    }
    const reason = '2 out of 2 time series evaluated to ALARM'
    tell(stage, { name: 'dev-queues', value: 'ALARM', at: at(0), reason, previous: WELL })
    await stage.minutes(1)
    expect(episodes(stage).map(({ detail }) => detail.contributor?.attributes.QueueName)).toEqual(
      expect.arrayContaining(['mails', 'orders']),
    )
    expect(episodes(stage)).toHaveLength(2)
  })

  it('forgets the acknowledgement of the one before; within it, that stays', async () => {
    const stage = await Stage.open()
    await play(stage, [[0, 'ALARM']])
    const [{ pk, sk } = { pk: '', sk: '' }] = episodes(stage)
    await stage.call('dynamodb', 'UpdateItem', {
      TableName: 'dev-caretaker',
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'SET detail.acknowledged = :by',
      ExpressionAttributeValues: { ':by': { M: { by: { S: 'ann' }, at: { S: at(1) } } } },
    })
    await play(stage, [
      [2, 'INSUFFICIENT_DATA'],
      [3, 'OK'],
      [4, 'ALARM'],
    ])
    expect(episodes(stage)).toMatchObject([{ detail: { acknowledged: { by: 'ann' }, reds: 2 } }])
    await play(stage, [
      [5, 'OK'],
      [60, 'ALARM'],
    ])
    expect(episodes(stage)[1]?.detail.acknowledged).toBeUndefined()
  })
})

describe('whose an alarm is', () => {
  const red = (name: string, more: Partial<AlarmEvent> = {}): AlarmEvent => ({
    name,
    value: 'ALARM',
    at: at(0),
    previous: WELL,
    ...more,
  })
  const dimension = (dimensions: Record<string, string>) => ({
    configuration: {
      metrics: [
        {
          id: 'm1',
          metricStat: {
            metric: { namespace: 'N', name: 'M', dimensions },
            period: 60,
            stat: 'Sum',
          },
          returnData: true,
        },
      ],
    },
  })
  const unread = { tags: null, detail: { alarmTagsStatus: 'THROTTLED' } }

  /** CloudWatch answers no question about tags. */
  function throttleTags({ simulation }: Stage): void {
    simulation.aws.guards.push(({ service, operation }) => {
      if (service !== 'cloudwatch' || operation !== 'ListTagsForResource') return
      throw new AwsError('ThrottlingException', 'Rate exceeded')
    })
  }

  it.each([
    ['ECS names the service', dimension({ ClusterName: 'x', ServiceName: 'orders' }), 'ordering'],
    ['a target group', dimension({ TargetGroup: 'targetgroup/dev-products/1a' }), 'storefront'],
    ['a database', dimension({ DBInstanceIdentifier: 'dev-payments' }), 'ordering'],
  ])('is known by what it measures, where its tags cannot be read: %s', async (_, about, owner) => {
    const stage = await Stage.open()
    throttleTags(stage)
    tell(stage, red('somebody-called-it-this', { ...unread, ...about }))
    await stage.minutes(1)
    const [episode] = episodes(stage)
    expect(episode?.owner).toBe(owner)
    expect(episode?.detail.ownerUnknown).toBeUndefined()
  })

  it('is told to the environment’s owner, with the reason, where nothing says it', async () => {
    const stage = await Stage.open()
    throttleTags(stage)
    tell(stage, red('somebody-called-it-this', { ...unread, ...dimension({ Room: '1' }) }))
    await stage.minutes(1)
    expect(episodes(stage)).toMatchObject([
      {
        owner: 'platform',
        detail: { ownerUnknown: "the alarm's tags could not be read (Throttling)" },
      },
    ])
  })

  it('is another environment’s: it is neither recorded nor told', async () => {
    const stage = await Stage.open()
    tell(stage, red(NAME, { tags: { ...OURS, 'caretaker:environment': 'other' } }))
    tell(stage, red('untagged', { tags: {} }))
    await stage.minutes(1)
    expect(episodes(stage)).toEqual([])
    expect(kept(stage, NAME)).toBeUndefined()
  })

  it('is whoever’s tags it has, though nobody of ours made it', async () => {
    const stage = await Stage.open()
    const tags = { 'caretaker:owner': 'ordering', 'caretaker:severity': 'page' }
    tell(stage, red('MyQueueIsFull', { tags, configuration: { description: null } }))
    await stage.minutes(1)
    expect(episodes(stage)).toMatchObject([{ owner: 'ordering', detail: { severity: 'page' } }])
  })
})

describe('an alarm that is held', () => {
  const composite = {
    configuration: { metrics: null, alarmRule: 'ALARM("dev-web-errors")', description: 'Shop' },
  }
  const suppressed = {
    state: { actionsSuppressedBy: 'WaitPeriod', actionsSuppressedReason: 'by WaitPeriod' },
  }
  const reasonData = {
    triggeringAlarms: [
      {
        arn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:dev-web-errors',
        state: { value: 'ALARM', timestamp: '2026-03-02T09:00:00.000+0000' },
      },
    ],
  }

  it('by a suppressor is released by an event without it, and names its children', async () => {
    const stage = await Stage.open()
    const one = { name: 'dev-shop', value: 'ALARM', reasonData, ...composite } as const
    tell(stage, { ...one, at: at(0), previous: WELL, ...suppressed })
    await stage.minutes(2)
    expect(episodes(stage)).toMatchObject([
      {
        verdict: 'red',
        held: { because: 'suppressed' },
        detail: { type: 'composite', children: [NAME] },
      },
    ])
    tell(stage, { ...one, at: at(2), previous: { value: 'ALARM', at: at(0) } })
    await stage.minutes(1)
    const [released] = episodes(stage)
    expect(released).toMatchObject({ verdict: 'red', detail: { reds: 1 } })
    expect(released?.held).toBeUndefined()
  })

  it('by a suppressor that turns red stays held', async () => {
    const stage = await Stage.open()
    const one = { name: 'dev-shop', value: 'ALARM', reasonData, ...composite } as const
    tell(stage, { ...one, at: at(0), previous: WELL, ...suppressed })
    await stage.minutes(1)
    const state = { actionsSuppressedBy: 'Alarm', actionsSuppressedReason: 'dev-deploying' }
    tell(stage, { ...one, at: at(1), previous: { value: 'ALARM', at: at(0) }, state })
    await stage.minutes(1)
    expect(episodes(stage)).toMatchObject([
      { held: { because: 'suppressed', by: 'dev-deploying' } },
    ])
    expect(messagesOf(stage, 'dev-shop')).toEqual([])
    expect(await new Acts(stage).types('ann', 'status')).toContain(
      'dev-shop since Mon 2 Mar 10:00 Europe/Berlin (suppressed by dev-deploying)',
    )
  })

  it('by one of CloudWatch’s mute rules says until when', async () => {
    const stage = await Stage.open()
    const muteDetail = { mutedByArn: 'arn:mute', muteWindowEnd: '2026-03-02T11:00:00.000+0000' }
    tell(stage, { name: NAME, value: 'ALARM', at: at(0), previous: WELL, detail: { muteDetail } })
    await stage.minutes(1)
    expect(episodes(stage)).toMatchObject([
      { held: { because: 'muted', by: 'arn:mute', until: '2026-03-02T11:00:00.000Z' } },
    ])
  })

  it('because nobody is to hear of it is recorded all the same', async () => {
    const stage = await Stage.open()
    await stage.call('cloudwatch', 'DisableAlarmActions', { AlarmNames: [NAME] })
    const StateReason = 'Somebody tries it out'
    const input = { AlarmName: NAME, StateValue: 'ALARM', StateReason }
    await stage.call('cloudwatch', 'SetAlarmState', input)
    await stage.minutes(0.5)
    expect(episodes(stage)).toMatchObject([
      { verdict: 'red', held: { because: 'actions-disabled' } },
    ])
  })

  it('because its service sleeps says so; nothing else of it is held', async () => {
    const stage = await Stage.open()
    stage.push(GOOD, 'web')
    await stage.minutes(8)
    const service = { cluster: 'dev-frontend', service: 'web', desiredCount: 0 }
    await stage.call('ecs', 'UpdateService', service)
    tell(stage, { name: NAME, value: 'ALARM', at: at(0), previous: WELL })
    await stage.minutes(1)
    expect(episodes(stage)).toMatchObject([{ held: { because: 'asleep', by: 'dev-frontend/web' } }])
  })

  it('because no task of its service is wanted is not, before the first image', async () => {
    const stage = await Stage.open()
    tell(stage, { name: NAME, value: 'ALARM', at: at(0), previous: WELL })
    await stage.minutes(1)
    expect(episodes(stage)[0]?.held).toBeUndefined()
  })

  it('by nothing that could not be read', async () => {
    const stage = await Stage.open()
    stage.simulation.aws.guards.push(({ operation, caller }) => {
      const isRead = operation === 'DescribeAlarms' || operation === 'DescribeServices'
      if (isRead && caller.name.includes('record-alarm')) {
        throw new AwsError('ThrottlingException', 'Rate exceeded')
      }
    })
    tell(stage, { name: NAME, value: 'ALARM', at: at(0), previous: WELL })
    await stage.minutes(1)
    const [episode] = episodes(stage)
    expect(episode?.verdict).toBe('red')
    expect(episode?.held).toBeUndefined()
  })
})
