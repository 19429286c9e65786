import type { PutRuleRequest, Target } from '@aws-sdk/client-eventbridge'
import { describe, expect, it, test } from 'vitest'
import { Bus, FUNCTION, HOUR, MACHINE, PUSH, PUSHES, QUEUE, ROLE, SECOND } from '../kits/bus.ts'

const MINUTE = 60 * SECOND
const BUS = 'arn:aws:events:eu-central-1:123456789012:event-bus/shop'

const call = <Output = Record<string, unknown>>(account: Bus, operation: string, input: object) =>
  account.call<Output>('eventbridge', operation, input)

/** An account with a rule `tick` on a schedule, whose target is the function. */
async function ticking(ScheduleExpression: string) {
  const account = await Bus.open([])
  await call(account, 'PutRule', { Name: 'tick', ScheduleExpression })
  await call(account, 'PutTargets', { Rule: 'tick', Targets: [{ Id: 'fn', Arn: FUNCTION }] })
  return account
}

const minutes = ({ invocations }: Bus) =>
  invocations.map(({ at }) => new Date(at).toISOString().slice(11, 16))

describe('a rule with a schedule', () => {
  it('tells its own targets at a rate that counts from its making', async () => {
    const account = await ticking('rate(5 minutes)')
    await account.run(16 * MINUTE)
    expect(minutes(account)).toEqual(['09:05', '09:10', '09:15'])
    expect(account.invocations[0]?.payload).toMatchObject({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      resources: ['arn:aws:events:eu-central-1:123456789012:rule/tick'],
      time: '2026-03-02T09:05:00Z',
      detail: {},
    })
    expect(account.eventbridge.journal.every(({ rules }) => rules.join() === 'tick')).toBe(true)
  })

  it('goes by UTC with a cron, within the minute', async () => {
    const account = await ticking('cron(0 10,12 * * ? *)')
    await account.run(4 * HOUR)
    expect(minutes(account)).toEqual(['10:00', '12:00'])
  })

  it('is silent while it is off and after it is deleted', async () => {
    const account = await ticking('rate(1 minute)')
    await call(account, 'DisableRule', { Name: 'tick' })
    await account.run(10 * MINUTE)
    expect(account.invocations).toEqual([])
    await call(account, 'EnableRule', { Name: 'tick' })
    await account.run(2.5 * MINUTE)
    expect(account.invocations.length).toBeGreaterThan(0)
    await call(account, 'RemoveTargets', { Rule: 'tick', Ids: ['fn'] })
    await call(account, 'DeleteRule', { Name: 'tick' })
    const before = account.eventbridge.journal.length
    await account.run(10 * MINUTE)
    expect(account.eventbridge.journal).toHaveLength(before)
  })
})

describe('a rule', () => {
  it('is replaced as a whole, save for its targets and tags', async () => {
    const account = await Bus.open([{ Arn: FUNCTION }])
    await call(account, 'TagResource', {
      ResourceARN: 'arn:aws:events:eu-central-1:123456789012:rule/pushes',
      Tags: [{ Key: 'team', Value: 'blue' }],
    })
    await call(account, 'PutRule', {
      Name: 'pushes',
      EventPattern: '{"source":["shop"]}',
      Description: 'sales',
    })
    expect(await call(account, 'DescribeRule', { Name: 'pushes' })).toMatchObject({
      EventPattern: '{"source":["shop"]}',
      Description: 'sales',
      State: 'ENABLED',
      EventBusName: 'default',
    })
    await account.put({})
    account.aws.emit(PUSH)
    await account.run(SECOND)
    expect(account.invocations).toMatchObject([{ payload: { source: 'shop' } }])
    expect([...account.eventbridge.tagged()]).toContainEqual({
      arn: 'arn:aws:events:eu-central-1:123456789012:rule/pushes',
      tags: { team: 'blue' },
    })
  })

  it('is listed, by name and by target, and is deleted only without targets', async () => {
    const account = await Bus.open([{ Arn: FUNCTION }, { Arn: QUEUE }])
    expect(await call(account, 'ListRules', { NamePrefix: 'pu' })).toMatchObject({
      Rules: [{ Name: 'pushes' }],
    })
    expect(await call(account, 'ListRuleNamesByTarget', { TargetArn: QUEUE })).toMatchObject({
      RuleNames: ['pushes'],
    })
    const { Targets } = await call<{ Targets: Target[] }>(account, 'ListTargetsByRule', {
      Rule: 'pushes',
    })
    expect(Targets.map(({ Arn }) => Arn)).toEqual([FUNCTION, QUEUE])
    await expect(call(account, 'DeleteRule', { Name: 'pushes' })).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    )
    const Ids = ['target-0', 'target-1', 'gone']
    expect(await call(account, 'RemoveTargets', { Rule: 'pushes', Ids })).toMatchObject({
      FailedEntryCount: 1,
      FailedEntries: [{ TargetId: 'gone', ErrorCode: 'ResourceNotFoundException' }],
    })
    await call(account, 'DeleteRule', { Name: 'pushes' })
    await call(account, 'DeleteRule', { Name: 'pushes' })
    await expect(call(account, 'DescribeRule', { Name: 'pushes' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Rule pushes does not exist on EventBus default.',
    })
  })

  it('sees reads through CloudTrail only when it asks for all', async () => {
    const account = await Bus.open([])
    const EventPattern = '{"detail-type":["AWS API Call via CloudTrail"]}'
    await call(account, 'PutRule', { Name: 'writes', EventPattern })
    const State = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'
    await call(account, 'PutRule', { Name: 'all', EventPattern, State })
    const Detail = JSON.stringify({ readOnly: true })
    await account.put({ Source: 'aws.ecs', DetailType: 'AWS API Call via CloudTrail', Detail })
    expect(account.eventbridge.journal.at(-1)?.rules).toEqual(['all'])
  })

  test.each<[string, Partial<PutRuleRequest>, string]>([
    ['neither pattern nor schedule', {}, 'must be specified'],
    ['a pattern that is none', { EventPattern: '{"source":"x"}' }, '"source" must be an object'],
    ['a rate that does not agree', { ScheduleExpression: 'rate(1 minutes)' }, 'is not valid'],
    ['a rate in the singular', { ScheduleExpression: 'rate(5 minute)' }, 'is not valid'],
    ['a cron without its year', { ScheduleExpression: 'cron(0 10 * * ?)' }, 'is not valid'],
    ['one time', { ScheduleExpression: 'at(2026-03-03T00:00:00)' }, 'is not valid'],
    [
      'a schedule on another bus',
      { ScheduleExpression: 'rate(1 hour)', EventBusName: 'shop' },
      'only on the default event bus',
    ],
    ['a bus that is not there', { EventBusName: 'gone' }, 'Event bus gone does not exist.'],
    ['a name with a space', { Name: 'a b', ScheduleExpression: 'rate(1 hour)' }, "at 'name'"],
  ])('is refused with %s', async (_, rule, message) => {
    const account = await Bus.open([])
    await call(account, 'CreateEventBus', { Name: 'shop' })
    await expect(call(account, 'PutRule', { Name: 'rule', ...rule })).rejects.toThrow(message)
  })

  test.each<[string, Partial<Target>, string]>([
    ['a machine without a role', { Arn: MACHINE }, 'RoleArn is required'],
    ['two inputs', { Arn: FUNCTION, Input: '{}', InputPath: '$' }, 'Only one of Input'],
    ['an input that is not JSON', { Arn: FUNCTION, Input: 'x' }, 'not valid JSON'],
    ['a path it does not know', { Arn: FUNCTION, InputPath: '$..a' }, 'Invalid InputPath'],
    [
      'too many retries',
      { Arn: FUNCTION, RetryPolicy: { MaximumRetryAttempts: 186 } },
      "'targets.1.member.retryPolicy.maximumRetryAttempts' failed",
    ],
    [
      'a FIFO dead-letter queue',
      { Arn: FUNCTION, DeadLetterConfig: { Arn: `${QUEUE}.fifo` } },
      'standard',
    ],
    ['a kind not simulated', { Arn: 'arn:aws:kinesis:eu-central-1:1:stream/a' }, 'service kinesis'],
    [
      'parameters not simulated',
      { Arn: QUEUE, SqsParameters: { MessageGroupId: 'a' } },
      'SqsParameters',
    ],
  ])('refuses %s as a target', async (_, target, message) => {
    const account = await Bus.open([])
    const Targets = [{ Id: 'one', ...target }]
    await expect(call(account, 'PutTargets', { Rule: 'pushes', Targets })).rejects.toThrow(message)
  })

  it('takes five targets', async () => {
    const account = await Bus.open(Array.from({ length: 5 }, () => ({ Arn: FUNCTION })))
    const Targets = [{ Id: 'sixth', Arn: FUNCTION }]
    await expect(call(account, 'PutTargets', { Rule: 'pushes', Targets })).rejects.toMatchObject({
      name: 'LimitExceededException',
    })
  })
})

describe('an ECS task as a target', () => {
  it('is run with the overrides that the input gives', async () => {
    const tasks: unknown[] = []
    const account = await Bus.open([])
    const RunTask = (input: unknown) => tasks.push(input)
    account.aws.register({ id: 'ecs', operations: { RunTask } })
    const InputTemplate = '{"containerOverrides":[{"name":"job","command":["--tag",<tag>]}]}'
    const target = {
      Arn: 'arn:aws:ecs:eu-central-1:123456789012:cluster/dev',
      RoleArn: ROLE,
      EcsParameters: {
        TaskDefinitionArn: 'job:3',
        LaunchType: 'FARGATE',
        NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'] } },
      },
    }
    await call(account, 'PutTargets', {
      Rule: 'pushes',
      Targets: [
        { Id: 'plain', ...target },
        {
          Id: 'told',
          ...target,
          InputTransformer: { InputPathsMap: { tag: '$.detail.image-tag' }, InputTemplate },
        },
      ],
    })
    account.aws.emit(PUSH)
    await account.run(SECOND)
    const task = {
      cluster: target.Arn,
      taskDefinition: 'job:3',
      count: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    }
    const overrides = { containerOverrides: [{ name: 'job', command: ['--tag', 'main'] }] }
    expect(tasks).toHaveLength(2)
    expect(tasks).toContainEqual(task)
    expect(tasks).toContainEqual({ ...task, overrides })
  })
})

describe('another bus', () => {
  async function opened() {
    const account = await Bus.open([{ Arn: BUS, RoleArn: ROLE }])
    await call(account, 'CreateEventBus', { Name: 'shop', Description: 'sales' })
    await call(account, 'PutRule', {
      Name: 'forwarded',
      EventBusName: 'shop',
      EventPattern: JSON.stringify(PUSHES),
    })
    const Targets = [{ Id: 'fn', Arn: FUNCTION }]
    await call(account, 'PutTargets', { Rule: 'forwarded', EventBusName: 'shop', Targets })
    return account
  }

  it('gets what a rule sends on, as it was', async () => {
    const account = await opened()
    account.aws.emit(PUSH)
    await account.run(SECOND)
    expect(account.invocations).toMatchObject([
      { payload: { source: 'aws.ecr', time: '2026-03-02T09:00:00Z', detail: PUSH.detail } },
    ])
    expect(account.eventbridge.journal.map(({ bus, rules }) => [bus, ...rules])).toEqual([
      ['default', 'pushes'],
      ['shop', 'forwarded'],
    ])
  })

  it('does not send it on to a third', async () => {
    const account = await opened()
    const Targets = [{ Id: 'back', Arn: BUS.replace('shop', 'default'), RoleArn: ROLE }]
    await call(account, 'PutTargets', { Rule: 'forwarded', EventBusName: 'shop', Targets })
    account.aws.emit(PUSH)
    await account.run(HOUR)
    expect(account.eventbridge.journal).toHaveLength(2)
  })

  it('is described, listed, and deleted without rules', async () => {
    const account = await opened()
    expect(await call(account, 'DescribeEventBus', { Name: BUS })).toMatchObject({
      Name: 'shop',
      Arn: BUS,
      Description: 'sales',
    })
    expect(await call(account, 'ListEventBuses', { NamePrefix: 's' })).toMatchObject({
      EventBuses: [{ Name: 'shop' }],
    })
    const remove = (Name: string) => call(account, 'DeleteEventBus', { Name })
    await expect(remove('shop')).rejects.toThrow('has rules')
    await expect(remove('default')).rejects.toThrow('Cannot delete event bus default')
    await expect(call(account, 'CreateEventBus', { Name: 'shop' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    })
    await expect(
      call(account, 'CreateEventBus', { Name: 'kms', KmsKeyIdentifier: 'a' }),
    ).rejects.toMatchObject({ name: 'NotImplemented' })
  })
})
