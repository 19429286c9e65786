import type {
  DescribeAlarmHistoryOutput,
  DescribeAlarmsOutput,
  GetMetricDataOutput,
  GetMetricStatisticsOutput,
  PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch'
import { beforeEach, describe, expect, it, test } from 'vitest'
import type { Aws, AwsEvent } from '../../local/aws/aws.ts'
import type { Threshold } from '../../local/aws/cloudwatch/alarm.ts'
import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts'
import { evaluateThreshold } from '../../local/aws/cloudwatch/threshold.ts'
import { publishVended } from '../../local/aws/cloudwatch/vended.ts'
import type { Invoked } from '../../local/aws/lambda/invoker.ts'
import { Lambda } from '../../local/aws/lambda/lambda.ts'
import { Sns } from '../../local/aws/sns/sns.ts'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import type { World } from '../../local/aws/world.ts'
import { Account, MINUTE, PERSON, START } from '../kits/account.ts'

const ALARM_ARN = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:too-many'

let world: World
let aws: Aws
let cloudwatch: CloudWatch
let events: AwsEvent[]

beforeEach(() => {
  ;({ world, aws, events } = new Account())
  cloudwatch = new CloudWatch(aws)
  aws.register(cloudwatch)
})

const call = <Output>(operation: string, input: object, service = 'cloudwatch'): Promise<Output> =>
  aws.call<Output>(service, operation, input, PERSON)

const measure = (value: number, more: object = {}) =>
  call('PutMetricData', {
    Namespace: 'Shop',
    MetricData: [
      {
        MetricName: 'Errors',
        Dimensions: [{ Name: 'Service', Value: 'orders' }],
        Value: value,
        ...more,
      },
    ],
  })

const alarm = (more: Partial<PutMetricAlarmInput> = {}) =>
  call('PutMetricAlarm', {
    AlarmName: 'too-many',
    Namespace: 'Shop',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'Service', Value: 'orders' }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    ...more,
  })

const stateOf = (name = 'too-many') =>
  cloudwatch.alarms.find((one) => one.name === name)?.state.value

const changes = () => events.filter(({ detailType }) => detailType.endsWith('State Change'))

/** `ALARM OK`: the states alarms came to, in order. */
const states = (name = 'too-many') =>
  changes()
    .filter(({ detail }) => detail.alarmName === name)
    .map(({ detail }) => (detail.state as { value: string }).value)
    .join(' ')

describe('what an alarm makes of its data', () => {
  // Oldest first, the two extra periods in front: X breaches, 0 does not, - is missing.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
  const threeOfThree: [string, string, string, string, string][] = [
    ['0-X-X', 'OK', 'OK', 'OK', 'OK'],
    ['0----', 'OK', 'OK', 'OK', 'OK'],
    ['-----', 'INSUFFICIENT_DATA', 'stays', 'ALARM', 'OK'],
    ['0XX-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['--X--', 'ALARM', 'stays', 'ALARM', 'OK'],
    ['----X', 'stays', 'stays', 'ALARM', 'OK'],
  ]
  const twoOfThree: [string, string, string, string, string][] = [
    ['0-X-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['00X0X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0-X--', 'OK', 'OK', 'ALARM', 'OK'],
    ['----0', 'OK', 'OK', 'ALARM', 'OK'],
    ['---X-', 'ALARM', 'stays', 'ALARM', 'OK'],
  ]
  const outcome = (text: string, threshold: Threshold) => {
    const value = (character: string) => ({ X: 9, '0': 1 })[character]
    const points = [...text].map((character, at) => ({ at, value: value(character) }))
    return evaluateThreshold(threshold, points)?.value ?? 'stays'
  }
  test.each([
    ...threeOfThree.map((row) => [3, ...row] as const),
    ...twoOfThree.map((row) => [2, ...row] as const),
  ])('%i of 3 with %s: %s, %s, %s, %s', (datapointsToAlarm, text, ...expected) => {
    const found = (['missing', 'ignore', 'breaching', 'notBreaching'] as const).map((missingData) =>
      outcome(text, {
        value: 5,
        comparison: 'GreaterThanThreshold',
        evaluationPeriods: 3,
        datapointsToAlarm,
        missingData,
      }),
    )
    expect(found).toEqual(expected)
  })

  test.each([
    ['GreaterThanOrEqualToThreshold', [4, 5, 6], [false, true, true]],
    ['GreaterThanThreshold', [4, 5, 6], [false, false, true]],
    ['LessThanThreshold', [4, 5, 6], [true, false, false]],
    ['LessThanOrEqualToThreshold', [4, 5, 6], [true, true, false]],
  ] as const)('%s', (comparison, values, expected) => {
    const found = values.map(
      (value) =>
        evaluateThreshold(
          {
            value: 5,
            comparison,
            evaluationPeriods: 1,
            datapointsToAlarm: 1,
            missingData: 'missing',
          },
          [{ at: 0, value }],
        )?.value === 'ALARM',
    )
    expect(found).toEqual(expected)
  })
})

describe('an alarm', () => {
  it('goes to ALARM with its data and back without them, and tells the bus', async () => {
    await alarm({ AlarmDescription: 'Customers see errors' })
    expect(stateOf()).toBe('INSUFFICIENT_DATA')
    await world.run(MINUTE)
    await measure(3)
    await measure(4)
    await world.run(MINUTE)
    expect(states()).toBe('OK ALARM')
    const change = changes().at(-1)
    expect(change).toMatchObject({
      source: 'aws.cloudwatch',
      resources: [ALARM_ARN],
      delivery: 'durable',
    })
    expect(change?.detail).toEqual({
      alarmName: 'too-many',
      configuration: {
        description: 'Customers see errors',
        metrics: [
          {
            id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            metricStat: {
              metric: { namespace: 'Shop', name: 'Errors', dimensions: { Service: 'orders' } },
              period: 60,
              stat: 'Sum',
            },
            returnData: true,
          },
        ],
      },
      previousState: {
        value: 'OK',
        reason:
          'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
        reasonData:
          '{"version":"1.0","queryDate":"2026-03-02T09:01:00.000+0000","statistic":"Sum","period":60,"recentDatapoints":[],"threshold":5.0,"evaluatedDatapoints":[{"timestamp":"2026-03-02T09:00:00.000+0000"}]}',
        timestamp: '2026-03-02T09:01:00.000+0000',
      },
      state: {
        value: 'ALARM',
        reason:
          'Threshold Crossed: 1 out of the last 1 datapoints [7.0 (02/03/26 09:01:00)] was greater than or equal to the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
        reasonData:
          '{"version":"1.0","queryDate":"2026-03-02T09:02:00.000+0000","startDate":"2026-03-02T09:01:00.000+0000","statistic":"Sum","period":60,"recentDatapoints":[7.0],"threshold":5.0,"evaluatedDatapoints":[{"timestamp":"2026-03-02T09:01:00.000+0000","value":7.0}]}',
        timestamp: '2026-03-02T09:02:00.000+0000',
      },
    })
    await world.run(5 * MINUTE)
    expect(states()).toBe('OK ALARM OK')
    expect(world.next, 'nothing ticks any more').toBeUndefined()
  })

  it('waits for as many periods as it was told, and names them', async () => {
    await alarm({
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      ComparisonOperator: 'LessThanThreshold',
    })
    for (const value of [9, 1, 9, 2]) {
      await measure(value)
      await world.run(MINUTE)
    }
    expect(states()).toBe('OK ALARM')
    expect(changes().at(-1)?.detail.state).toMatchObject({
      reason:
        'Threshold Crossed: 2 out of the last 3 datapoints [2.0 (02/03/26 09:03:00), 1.0 (02/03/26 09:01:00)] were less than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).',
    })
  })

  it('is set by hand until it is evaluated again', async () => {
    await alarm()
    await world.run(MINUTE)
    await call('SetAlarmState', {
      AlarmName: 'too-many',
      StateValue: 'ALARM',
      StateReason: 'a drill',
    })
    expect(changes().at(-1)?.detail.state).toMatchObject({ value: 'ALARM', reason: 'a drill' })
    await world.run(MINUTE)
    expect(states()).toBe('OK ALARM OK')
    const history = await call<DescribeAlarmHistoryOutput>('DescribeAlarmHistory', {
      AlarmName: 'too-many',
    })
    expect(history.AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm updated from ALARM to OK',
      'Alarm updated from OK to ALARM',
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm "too-many" created',
    ])
  })

  it('looks at percentiles, and at arithmetic over metrics', async () => {
    const Metrics = [
      { Id: 'errors', MetricStat: stat('Errors', 'Sum'), ReturnData: false },
      { Id: 'requests', MetricStat: stat('Requests', 'Sum'), ReturnData: false },
      { Id: 'rate', Expression: '100 * errors / requests', ReturnData: true },
    ]
    await alarm({
      Metrics,
      ...{ Namespace: undefined, MetricName: undefined, Statistic: undefined, Period: undefined },
      Dimensions: [],
    })
    await alarm({ AlarmName: 'slow', Statistic: undefined as never, ExtendedStatistic: 'p90' })
    await measure(2)
    await call('PutMetricData', {
      Namespace: 'Shop',
      MetricData: [{ MetricName: 'Requests', Values: [1, 2], Counts: [10, 5], Dimensions: ORDERS }],
    })
    await world.run(MINUTE)
    expect([stateOf(), stateOf('slow')]).toEqual(['ALARM', 'OK'])
    const state = changes().find(({ detail }) => detail.alarmName === 'too-many')?.detail.state
    expect(state).toMatchObject({ reason: expect.stringContaining('[10.0 (') })
  })

  it('keeps its state when it is changed, and is told apart on deletion', async () => {
    await alarm()
    await measure(9)
    await world.run(MINUTE)
    await alarm({ Threshold: 8 })
    expect(stateOf()).toBe('ALARM')
    await call('DeleteAlarms', { AlarmNames: ['too-many'] })
    const operations = events
      .filter(({ detailType }) => detailType === 'CloudWatch Alarm Configuration Change')
      .map(({ detail }) => detail.operation)
    expect(operations).toEqual(['create', 'update', 'delete'])
    const { MetricAlarms } = await call<DescribeAlarmsOutput>('DescribeAlarms', {})
    expect(MetricAlarms).toEqual([])
  })

  test.each([
    ['periods under a minute', { Period: 10 }],
    ['actions on instances', { AlarmActions: ['arn:aws:automate:eu-central-1:ec2:stop'] }],
    ['trimmed means', { Statistic: undefined, ExtendedStatistic: 'tm90' }],
  ] as const)('with %s is refused by name', async (_, more) => {
    await expect(alarm(more as never)).rejects.toMatchObject({ name: 'NotImplemented' })
  })

  test.each([
    ['more points than periods', { DatapointsToAlarm: 2 }],
    ['more than a week', { Period: 86_400, EvaluationPeriods: 8 }],
    ['another way to treat missing data', { TreatMissingData: 'guess' }],
  ])('with %s is invalid', async (_, more) => {
    await expect(alarm(more)).rejects.toMatchObject({ name: 'ValidationError' })
  })
})

const ORDERS = [{ Name: 'Service', Value: 'orders' }]
const stat = (MetricName: string, Stat: string) => ({
  Metric: { Namespace: 'Shop', MetricName, Dimensions: ORDERS },
  Period: 60,
  Stat,
})

describe('composite alarms', () => {
  it('follow the alarms they name', async () => {
    await alarm()
    await alarm({ AlarmName: 'far too many', Threshold: 50 })
    await call('PutCompositeAlarm', {
      AlarmName: 'page',
      AlarmRule: 'ALARM("too-many") AND NOT (ALARM("far too many") OR FALSE)',
    })
    await world.run(MINUTE)
    expect(stateOf('page')).toBe('OK')
    await measure(9)
    await world.run(MINUTE)
    expect(stateOf('page')).toBe('ALARM')
    const state = changes().at(-1)?.detail.state as Record<string, string>
    expect(state.reason).toBe(
      `${ALARM_ARN} transitioned to ALARM at Monday 02 March, 2026 09:02:00 UTC`,
    )
    expect(JSON.parse(state.reasonData ?? '')).toMatchObject({
      triggeringAlarms: [{ arn: ALARM_ARN, state: { value: 'ALARM' } }, { state: { value: 'OK' } }],
    })
    await expect(call('DeleteAlarms', { AlarmNames: ['too-many'] })).rejects.toThrow('page depends')
  })

  test.each(['ALARM(', 'ALARM("too-many") OK("too-many")', 'MAYBE("too-many")', 'ALARM("gone")'])(
    'with the rule %s are invalid',
    async (AlarmRule) => {
      await alarm()
      await expect(call('PutCompositeAlarm', { AlarmName: 'page', AlarmRule })).rejects.toThrow()
    },
  )
})

describe('alarm actions', () => {
  it('publish to topics, unless switched off', async () => {
    aws.register(new Sns(aws))
    const sns = <Output>(operation: string, input: object) => call<Output>(operation, input, 'sns')
    const { TopicArn } = await sns<{ TopicArn: string }>('CreateTopic', { Name: 'alarms' })
    await alarm({ AlarmActions: [TopicArn] })
    await measure(9)
    await world.run(MINUTE)
    const journal = (aws.services.find(({ id }) => id === 'sns') as Sns).journal
    expect(JSON.stringify(journal)).toContain('ALARM: \\"too-many\\" in eu-central-1')
    const history = await call<DescribeAlarmHistoryOutput>('DescribeAlarmHistory', {
      HistoryItemType: 'Action',
    })
    expect(history.AlarmHistoryItems?.[0]?.HistorySummary).toBe(
      `Successfully executed action ${TopicArn}`,
    )
    await call('DisableAlarmActions', { AlarmNames: ['too-many'] })
    await world.run(10 * MINUTE)
    await measure(9)
    await world.run(MINUTE)
    expect(states()).toBe('ALARM OK ALARM')
    expect(journal).toHaveLength(1)
  })
})

describe('metrics', () => {
  it('are read by period and statistic', async () => {
    await measure(1)
    await world.run(MINUTE)
    await measure(5)
    await measure(3)
    const range = { StartTime: START, EndTime: new Date(START.getTime() + 5 * MINUTE) }
    const { Datapoints } = await call<GetMetricStatisticsOutput>('GetMetricStatistics', {
      ...range,
      Namespace: 'Shop',
      MetricName: 'Errors',
      Dimensions: ORDERS,
      Period: 300,
      Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
      ExtendedStatistics: ['p50'],
    })
    expect(Datapoints).toEqual([
      {
        Timestamp: START,
        Unit: 'None',
        Sum: 9,
        Average: 3,
        Minimum: 1,
        Maximum: 5,
        SampleCount: 3,
        ExtendedStatistics: { p50: 3 },
      },
    ])
    const { MetricDataResults } = await call<GetMetricDataOutput>('GetMetricData', {
      ...range,
      MetricDataQueries: [
        { Id: 'm1', MetricStat: stat('Errors', 'Sum'), ReturnData: false },
        { Id: 'e1', Expression: '(m1 + FILL(m2, 0)) * 2' },
        { Id: 'm2', MetricStat: stat('None', 'Sum'), ReturnData: false },
      ],
    })
    expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([['e1', [16, 2]]])
    expect(await call('ListMetrics', { Namespace: 'Shop' })).toEqual({
      Metrics: [{ Namespace: 'Shop', MetricName: 'Errors', Dimensions: ORDERS }],
    })
  })

  it('of AWS are AWS’s to put', async () => {
    const input = { Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'Errors', Value: 1 }] }
    await expect(call('PutMetricData', input)).rejects.toThrow('AWS/Lambda')
  })

  it('refuses functions of metric math it does not know', async () => {
    const MetricDataQueries = [{ Id: 'e1', Expression: 'RATE(m1)' }]
    await expect(
      call('GetMetricData', {
        MetricDataQueries,
        StartTime: START,
        EndTime: new Date(START.getTime() + MINUTE),
      }),
    ).rejects.toThrow('RATE')
  })
})

describe('what AWS measures itself', () => {
  let invoke: (invoked: Invoked) => void
  beforeEach(() => {
    const unused = () => expect.unreachable()
    const lambda = new Lambda(aws, { sdk: unused, fetch: unused, code: unused })
    lambda.onInvoked = (listener) => {
      invoke = (invoked) => listener(invoked, { payload: '{}' })
      return () => {}
    }
    aws.register(lambda)
    publishVended(aws)
  })

  it('an error of a function', async () => {
    await alarm({
      Namespace: 'AWS/Lambda',
      Dimensions: [{ Name: 'FunctionName', Value: 'plan' }],
      Threshold: 1,
      Period: 300,
    })
    const invocation = (outcome: Invoked['outcome']): Invoked => ({
      functionName: 'plan',
      at: world.date,
      requestId: '1',
      source: 'Event',
      outcome,
      duration: 20,
      concurrent: 1,
    })
    invoke(invocation('success'))
    await world.run(MINUTE)
    invoke(invocation('error'))
    await world.run(MINUTE)
    expect(states()).toBe('OK ALARM')
    await world.run(60 * MINUTE)
    expect(states()).toBe('OK ALARM OK')
  })

  it('an execution that failed', async () => {
    const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:roll-out'
    await alarm({
      Namespace: 'AWS/States',
      MetricName: 'ExecutionsFailed',
      Dimensions: [{ Name: 'StateMachineArn', Value: stateMachineArn }],
      Threshold: 1,
    })
    aws.emit({
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [],
      detail: { stateMachineArn, status: 'FAILED', startDate: world.now, stopDate: world.now },
      delivery: 'best-effort',
    })
    await world.run(MINUTE)
    expect(states()).toBe('ALARM')
  })

  it('messages in a dead-letter queue, for as long as they lie there', async () => {
    aws.register(new Sqs(aws))
    const sqs = <Output>(operation: string, input: object) => call<Output>(operation, input, 'sqs')
    const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName: 'letters' })
    await alarm({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'letters' }],
      Statistic: 'Maximum',
      Threshold: 1,
      Period: 300,
    })
    await world.run(60 * MINUTE)
    expect(world.next, 'nothing ticks').toBeUndefined()
    await sqs('SendMessage', { QueueUrl, MessageBody: 'lost' })
    world.after(1, 'something happens', () => {})
    await world.run(MINUTE)
    expect(await call('DescribeAlarms', { StateValue: 'ALARM' })).toMatchObject({
      MetricAlarms: [{ AlarmName: 'too-many', StateUpdatedTimestamp: world.date }],
    })
    await world.run(599 * MINUTE)
    expect(states()).toBe('OK ALARM')
    expect(world.next, 'a constant queue does not tick').toBeUndefined()
    await sqs('PurgeQueue', { QueueUrl })
    world.after(1, 'something happens', () => {})
    await world.run(60 * MINUTE)
    expect(states()).toBe('OK ALARM OK')
  })
})

describe('dashboards and tags', () => {
  it('are kept', async () => {
    const DashboardBody = '{"widgets":[]}'
    await call('PutDashboard', { DashboardName: 'dev', DashboardBody })
    expect(await call('GetDashboard', { DashboardName: 'dev' })).toMatchObject({ DashboardBody })
    expect(await call('ListDashboards', {})).toMatchObject({
      DashboardEntries: [{ DashboardName: 'dev', Size: 14 }],
    })
    await expect(
      call('PutDashboard', { DashboardName: 'dev', DashboardBody: '{' }),
    ).rejects.toThrow('DashboardBody')
    await alarm({ Tags: [{ Key: 'owner', Value: 'blue' }] })
    await call('TagResource', {
      ResourceARN: ALARM_ARN,
      Tags: [{ Key: 'service', Value: 'orders' }],
    })
    await call('UntagResource', { ResourceARN: ALARM_ARN, TagKeys: ['owner'] })
    expect(await call('ListTagsForResource', { ResourceARN: ALARM_ARN })).toEqual({
      Tags: [{ Key: 'service', Value: 'orders' }],
    })
  })
})
