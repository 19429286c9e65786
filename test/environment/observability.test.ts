import { beforeAll, describe, expect, it, test } from 'vitest'
import { readItem } from '../../domain/table/read.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { servicesOf } from '../../local/views/services.ts'
import { everything } from '../kits/everything.ts'
import { itemsOfKind } from '../kits/items.ts'
import {
  actions,
  type Container,
  container,
  stackAmong,
  stackOf,
  stackOfFile,
  taskDefinition,
} from '../kits/services.ts'
import { ofType, only, type Template, template } from '../kits/synth.ts'

const SMALLEST = 'team: ordering\n'

type Alarm = {
  AlarmName: string
  AlarmDescription: string
  Threshold: number
  EvaluationPeriods: number
  Period?: number
  ComparisonOperator: string
  TreatMissingData: string
}

const alarmsOf = (stack: Template): Alarm[] =>
  ofType(stack, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties as Alarm)

/** What the alarms of a stack are about, without environment and service. */
const aboutOf = (stack: Template, service: string): string[] =>
  alarmsOf(stack)
    .map(({ AlarmName }) => AlarmName.replace(`dev-${service}-`, ''))
    .toSorted()

const ALWAYS = ['cpu', 'memory', 'restarts']

describe('alarms of a service', () => {
  const WITH: [string, string, string[]][] = [
    ['a route', 'route: { path: /*, priority: 1 }', [...ALWAYS, 'errors', 'latency', 'unhealthy']],
    ['a port of the network load balancer', 'nlb: 7000', [...ALWAYS, 'unhealthy']],
    ['no entrance', '', ALWAYS],
    ['kind worker', 'kind: worker', ALWAYS],
    ['kind job', 'kind: job\nruns: rate(1 day)', ['failed']],
    [
      'a database of its own',
      'database: own',
      [...ALWAYS, 'database-connections', 'database-cpu', 'database-storage'],
    ],
  ]
  test.each(WITH)('with %s', async (what, _, about) => {
    const files = WITH.map(([each, lines]) => [each, `${SMALLEST}${lines}\n`] as const)
    const { name, stack } = await stackAmong(files, what)
    expect(aboutOf(stack, name)).toEqual(about.toSorted())
  })

  test.each([
    ['errors', 25, 300, 1],
    ['latency', 1.5, 300, 2],
    ['cpu', 70, 300, 3],
    ['memory', 80, 300, 3],
    ['restarts', 5, 3600, 1],
  ])('%s: is raised as its file says', async (about, threshold, period, periods) => {
    const stack = await stackOfFile(
      `${SMALLEST}route: { path: /*, priority: 1 }\nalarms: { errors: 25, latency: 1.5, cpu: 70, memory: 80, restarts: 5 }\n`,
    )
    const alarm = alarmsOf(stack).find(({ AlarmName }) => AlarmName === `dev-one-${about}`)
    expect(alarm).toMatchObject({
      Threshold: threshold,
      Period: period,
      EvaluationPeriods: periods,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    })
  })

  it('say what no data mean: nothing happened, or nobody knows; never a failure', async () => {
    const treated = async (service: string) =>
      Object.fromEntries(
        alarmsOf(await stackOf(service)).map(({ AlarmName, TreatMissingData }) => [
          AlarmName.replace(`dev-${service}-`, ''),
          TreatMissingData,
        ]),
      )
    expect(await treated('web')).toEqual({
      errors: 'notBreaching',
      latency: 'notBreaching',
      unhealthy: 'notBreaching',
      restarts: 'notBreaching',
      cpu: 'missing',
      memory: 'missing',
    })
    expect(await treated('nightly-report')).toEqual({ failed: 'notBreaching' })
  })

  it('count tasks that ended by themselves, by a rule of EventBridge', async () => {
    const { EventPattern, Targets } = only(
      await stackOf('orders'),
      'AWS::Events::Rule',
      ({ Name }) => Name === 'dev-orders-stopped',
    )
    expect(EventPattern).toMatchObject({
      detail: { group: ['service:orders'], lastStatus: ['STOPPED'] },
    })
    expect(Targets).toMatchObject([
      { RetryPolicy: { MaximumRetryAttempts: 8 }, DeadLetterConfig: { Arn: expect.anything() } },
    ])
  })
})

describe('alarms of data stores', () => {
  it('are raised as the environment’s file says', async () => {
    const alarms = alarmsOf(await template('DevData'))
    expect(Object.fromEntries(alarms.map((one) => [one.AlarmName, one.Threshold]))).toEqual({
      'dev-database-cpu': 90,
      'dev-database-storage': 2 * 2 ** 30,
      'dev-database-connections': 60,
      'dev-cache-cpu': 90,
      'dev-cache-memory': 80,
    })
    const storage = alarms.find(({ AlarmName }) => AlarmName === 'dev-database-storage')
    expect(storage?.ComparisonOperator).toBe('LessThanOrEqualToThreshold')
  })
})

describe('dashboards', () => {
  const bodyOf = (stack: Template): string =>
    JSON.stringify(only(stack, 'AWS::CloudWatch::Dashboard').DashboardBody)

  it('show a service: its alarms, its load, the errors in its log', async () => {
    const stack = await stackOf('web')
    const body = bodyOf(stack)
    for (const [id] of ofType(stack, 'AWS::CloudWatch::Alarm')) expect(body).toContain(id)
    for (const metric of ['CPUUtilization', 'MemoryUtilization', 'RequestCount']) {
      expect(body).toContain(metric)
    }
    expect(body).toContain('filter @message like')
  })

  it('show all services side by side, and lead to each', async () => {
    const body = bodyOf(await template('DevEnvironment'))
    for (const service of ['gateway', 'orders', 'web']) {
      expect(body).toContain(`#dashboards/dashboard/dev-${service}`)
    }
    expect(body).toContain('SEARCH(')
  })
})

describe('tracing', () => {
  const containers = (stack: Template) =>
    taskDefinition(stack).ContainerDefinitions as (Container & { Essential: boolean })[]

  it('is off unless a file asks: one container, and nothing to do with X-Ray', async () => {
    const stack = await stackOf('orders')
    expect(containers(stack)).toHaveLength(1)
    expect(actions(stack, 'orders-task').join()).not.toContain('xray')
  })

  it('puts a collector beside the service, which runs on without it', async () => {
    const stack = await stackOfFile(`${SMALLEST}tracing: true\n`)
    const [own, collector] = containers(stack)
    expect(own?.Name).toBe('one')
    expect(collector).toMatchObject({
      Name: 'collector',
      Essential: false,
      Command: ['--config=env:TRACES'],
    })
    expect(container(taskDefinition(stack)).Environment).toContainEqual({
      Name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      Value: 'http://localhost:4318',
    })
    expect(actions(stack, 'one-task')).toEqual(
      expect.arrayContaining(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']),
    )
  })

  it('sends metrics to Managed Prometheus, and to no other workspace, once there is one', async () => {
    const stack = await template('DevService-one', templatesOf(everything(), { isValidated: true }))
    const [, collector] = containers(stack)
    expect(collector?.Command).toEqual([
      '--config=env:TRACES',
      '--config=env:METRICS',
      { 'Fn::Join': ['', expect.arrayContaining(['api/v1/remote_write'])] },
    ])
    expect(actions(stack, 'one-task')).toContain('aps:RemoteWrite')
  })
})

describe('budgets', () => {
  type Budget = {
    Budget: { BudgetName: string; BudgetLimit: object; FilterExpression: object }
    NotificationsWithSubscribers: { Notification: object; Subscribers: object[] }[]
  }

  /** Without who is told, which is in the name as AWS cannot change it. */
  const called = ({ BudgetName }: Budget['Budget']) => BudgetName.replace(/-[0-9a-f]{6}$/, '')

  it('are one for the environment and one per team that has one', async () => {
    const found = ofType(await template('DevEnvironment'), 'AWS::Budgets::Budget').map(
      ([, { Properties }]) => (Properties as Budget).Budget,
    )
    const { Parameters = {} } = await template('DevEnvironment')
    const limits = found.map((one) => {
      const { Amount, Unit } = one.BudgetLimit as { Amount: { Ref: string }; Unit: string }
      return [called(one), [Parameters[Amount.Ref]?.Default, Unit]]
    })
    expect(Object.fromEntries(limits)).toEqual({
      dev: [600, 'USD'],
      'dev-storefront': [150, 'USD'],
      'dev-ordering': [250, 'USD'],
    })
    expect(found.find((one) => called(one) === 'dev-ordering')?.FilterExpression).toMatchObject({
      And: [
        { Tags: { Key: 'caretaker:environment', Values: ['dev'] } },
        { Tags: { Key: 'caretaker:owner', Values: ['ordering'] } },
        { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund'] } } },
      ],
    })
  })

  it('tell the topic and the owner, before and when they are spent', async () => {
    const environment = await template('DevEnvironment')
    const [, ordering] =
      ofType(environment, 'AWS::Budgets::Budget').find(
        ([, { Properties }]) => called((Properties as Budget).Budget) === 'dev-ordering',
      ) ?? expect.unreachable()
    const notifications = (ordering.Properties as Budget).NotificationsWithSubscribers
    expect(notifications.map(({ Notification }) => Notification)).toMatchObject([
      { NotificationType: 'ACTUAL', Threshold: 80 },
      { NotificationType: 'ACTUAL', Threshold: 100 },
      { NotificationType: 'FORECASTED', Threshold: 100 },
    ])
    for (const { Subscribers } of notifications) {
      expect(Subscribers).toMatchObject([
        { SubscriptionType: 'SNS' },
        { SubscriptionType: 'EMAIL', Address: 'ordering@example.com' },
      ])
    }
    const policies = JSON.stringify(ofType(environment, 'AWS::SNS::TopicPolicy'))
    expect(policies).toContain('budgets.amazonaws.com')
  })
})

describe('an environment with every part', () => {
  let simulation: Simulation

  beforeAll(async () => {
    const start = new Date('2026-03-02T09:00:00Z')
    simulation = await Simulation.open({ catalog: everything(), seed: 1, start })
  })

  it('loads whole into the local AWS', () => {
    const { unknown, notSimulated } = simulation.deployed
    expect(unknown).toBe(0)
    expect(notSimulated.filter(({ why }) => why.startsWith('not known'))).toEqual([])
  })

  it('runs a service beside its collector: the image is pinned, the collector stays', async () => {
    simulation.ecr.push({ repository: 'one', tag: 'main', image: { behaviour: 'healthy' } })
    await simulation.world.run(15 * 60_000)
    const one = (await servicesOf(simulation)).find(({ name }) => name === 'one')
    expect(one).toMatchObject({ running: { tag: 'main' }, healthy: true })
  })

  const state = async (AlarmNames: string[]) => {
    const { aws } = simulation
    const caller = { kind: 'person', name: 'ana' } as const
    const answer = await aws.call<{ MetricAlarms: { StateValue: string }[] }>(
      'cloudwatch',
      'DescribeAlarms',
      { AlarmNames },
      caller,
    )
    return answer.MetricAlarms.map(({ StateValue }) => StateValue)
  }

  /** Tells an event of AWS's, and lets ten minutes pass. */
  const told = async (source: string, detailType: string, detail: Record<string, unknown>) => {
    const { aws, world } = simulation
    aws.emit({ source, detailType, resources: [], detail, delivery: 'best-effort' })
    await world.run(10 * 60_000)
  }

  it('raises an alarm when the third task ends by itself within the hour, not before', async () => {
    const stopped = {
      clusterArn: simulation.aws.arn('ecs', 'cluster/dev-backend'),
      group: 'service:one',
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
    }
    for (const raised of ['OK', 'OK', 'ALARM']) {
      await told('aws.ecs', 'ECS Task State Change', stopped)
      expect(await state(['dev-one-restarts'])).toEqual([raised])
    }
  })

  it('does not count tasks that a deployment or a person stops', async () => {
    const stopped = {
      clusterArn: simulation.aws.arn('ecs', 'cluster/dev-backend'),
      group: 'service:three',
      lastStatus: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Scaling activity initiated by deployment ecs-svc/1',
    }
    for (let count = 0; count < 3; count += 1) {
      await told('aws.ecs', 'ECS Task State Change', stopped)
    }
    expect(await state(['dev-three-restarts'])).not.toContain('ALARM')
  })

  it('tells the address of the catalog about what tells the others, and about nothing else', async () => {
    const { aws } = simulation
    const topic = aws.arn('sns', 'dev-alarms')
    const caller = { kind: 'person', name: 'ana' } as const
    const { MetricAlarms } = await aws.call<{
      MetricAlarms: { AlarmName: string; AlarmActions: string[] }[]
    }>('cloudwatch', 'DescribeAlarms', {}, caller)
    expect(MetricAlarms.length).toBeGreaterThan(20)
    const acting = MetricAlarms.filter(({ AlarmActions }) => AlarmActions.length > 0)
    expect(acting.map(({ AlarmName, AlarmActions }) => [AlarmName, ...AlarmActions])).toEqual([
      ['dev-control-plane-dlq', topic],
      ['dev-notices-late', topic],
      ['dev-tell-slack-errors', topic],
    ])
    const { Subscriptions } = await aws.call<{ Subscriptions: object[] }>(
      'sns',
      'ListSubscriptionsByTopic',
      { TopicArn: topic },
      caller,
    )
    expect(Subscriptions).toMatchObject([{ Protocol: 'email', Endpoint: 'on-call@example.com' }])
  })

  it('lets the alarms of this environment tell it, and nobody else’s', async () => {
    const policies = ofType(await template('DevEnvironment'), 'AWS::SNS::TopicPolicy')
    const ofAlarms = JSON.stringify(policies.filter(([id]) => id.startsWith('alarms')))
    expect(ofAlarms).toContain('"Service":"cloudwatch.amazonaws.com"')
    expect(ofAlarms).toContain(':alarm:dev-*')
    expect(ofAlarms).toContain('"aws:SourceAccount"')
  })

  it('tells when somebody takes break-glass, though CloudTrail calls that a read', async () => {
    const { aws, world } = simulation
    const roleArn = `arn:aws:iam::${aws.account}:role/dev-break-glass`
    const detail = {
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      readOnly: true,
      requestParameters: { roleArn },
    }
    const event = { source: 'aws.sts', detailType: 'AWS API Call via CloudTrail', detail }
    aws.emit({ ...event, resources: [], delivery: 'best-effort' })
    await world.run(2 * 60_000)
    expect(await state(['dev-break-glass-used'])).toEqual(['ALARM'])
    const records = itemsOfKind(simulation, 'alarm').map((item) => readItem('alarm', item))
    const found = records.find(({ detail }) => detail.name === 'dev-break-glass-used')
    expect(found).toMatchObject({ verdict: 'red', owner: 'platform', detail: { severity: 'page' } })
  })
})
