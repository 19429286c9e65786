import { describe, expect, it, test } from 'vitest'
import { Logs } from '../../local/aws/cloudwatch-logs/logs.ts'
import { DynamoDb } from '../../local/aws/dynamodb/dynamodb.ts'
import { Sns } from '../../local/aws/sns/sns.ts'
import { chain, Machines, ROLE, task } from '../kits/machines.ts'

/**
 * What AWS answers, as recorded by LocalStack's tests; the file's name stands at each case.
 * https://github.com/localstack/localstack/tree/master/tests/aws/services/stepfunctions/v2
 */
const PASS = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }

// scenarios/test_base_scenarios.snapshot.json
describe('a Map whose items are no array', () => {
  const map = (fields: object) => ({
    StartAt: 'M',
    States: { M: { Type: 'Map', ItemProcessor: PASS, End: true, ...fields } },
  })
  const CHAIN = [
    '1<0 ExecutionStarted',
    '2<0 MapStateEntered',
    '3<0 EvaluationFailed',
    '4<3 MapStateFailed',
    '5<4 ExecutionFailed',
  ]

  it('fails as a Map, after what was evaluated', async () => {
    const told = await new Machines().play(map({ Items: '{% 1 %}' }))
    expect(chain(told.events)).toEqual(CHAIN)
    expect(told.events[2]?.evaluationFailedEventDetails).toMatchObject({ location: 'Items' })
  })

  it('says so of its input in other words, without a place', async () => {
    const told = await new Machines().play(map({}), 'text')
    expect(chain(told.events)).toEqual(CHAIN)
    const { cause, location } = told.events[2]?.evaluationFailedEventDetails ?? {}
    expect(cause).toBe(
      'An error occurred while executing the state \'M\' (entered at the event id #2). Map state input must be an array but was: "text"',
    )
    expect(location).toBeUndefined()
  })
})

describe('an evaluation that fails', () => {
  const state = (fields: object) => ({ StartAt: 'S', States: { S: { End: true, ...fields } } })

  // intrinsic_functions/test_math_operations_jsonata.snapshot.json
  it('stands beside the entry of its state', async () => {
    const told = await new Machines().play(state({ Type: 'Pass', Output: '{% $x() %}' }))
    expect(chain(told.events).slice(2)).toEqual(['3<0 EvaluationFailed', '4<3 ExecutionFailed'])
  })

  // scenarios/test_base_scenarios.snapshot.json, test_wait_timestamp_invalid
  it('follows it where a timestamp is none', async () => {
    const told = await new Machines().play(state({ Type: 'Wait', Timestamp: "{% 'no' %}" }))
    expect(chain(told.events).slice(2)).toEqual(['3<2 EvaluationFailed', '4<3 ExecutionFailed'])
  })
})

// scenarios/test_base_scenarios.snapshot.json, test_parallel_state_retry
it('a Parallel that is tried again has failed after its last try', async () => {
  const Branches = [{ StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E' } } }]
  const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 2 }]
  const told = await new Machines().play({
    StartAt: 'P',
    States: { P: { Type: 'Parallel', Branches, Retry, End: true } },
  })
  expect(chain(told.events).slice(1)).toEqual([
    '2<0 ParallelStateEntered',
    '3<2 ParallelStateStarted',
    '4<3 FailStateEntered',
    '5<4 ParallelStateStarted',
    '6<5 FailStateEntered',
    '7<6 ParallelStateStarted',
    '8<7 FailStateEntered',
    '9<8 ParallelStateFailed',
    '10<9 ExecutionFailed',
  ])
})

describe('a task', () => {
  // services/test_sfn_task_service.snapshot.json
  it.each([
    [null, '{}'],
    [{ key: 'value' }, '{"key":"value"}'],
    ['{"a": 1}', '{"a": 1}'],
  ])('starts an execution by the SDK with the input %j', async (Input, input) => {
    const account = new Machines()
    const StateMachineArn = await account.create(PASS, { name: 'target' })
    const told = await account.play(
      task('aws-sdk:sfn:startExecution', {
        Arguments: { StateMachineArn, Name: 'started', Input },
      }),
    )
    expect(told.status).toBe('SUCCEEDED')
    const executionArn = StateMachineArn.replace('stateMachine', 'execution').concat(':started')
    expect(await account.call('sfn', 'DescribeExecution', { executionArn })).toMatchObject({
      input,
      status: 'SUCCEEDED',
    })
  })

  // services/test_dynamodb_task_service.snapshot.json
  it.each([
    [
      { TableName: 'table' },
      "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
    ],
    [{ TableName: 'none', Item: {} }, 'Requested resource not found'],
  ])('of DynamoDB is refused by DynamoDB: %j', async (Arguments, message) => {
    const account = new Machines()
    account.aws.register(new DynamoDb(account.aws))
    const told = await account.play(task('dynamodb:putItem', { Arguments }))
    expect(told.cause).toContain(message)
    expect(told.error).toMatch(/^DynamoDB\.(AmazonDynamoDBException|ResourceNotFoundException)$/)
    expect(told.cause).toMatch(
      /\(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: \w+; Request ID: [^;]+; Proxy: null\)$/,
    )
  })

  // services/test_sns_task_service.snapshot.json
  it('of SNS names the code of its query protocol', async () => {
    const account = new Machines()
    account.aws.register(new Sns(account.aws))
    const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:none'
    const told = await account.play(task('sns:publish', { Arguments: { TopicArn, Message: 'a' } }))
    expect(told.error).toBe('SNS.NotFoundException')
    expect(told.cause).toContain(
      '(Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: ',
    )
  })

  it('in which the simulation itself makes a mistake ends its own execution alone', async () => {
    const account = new Machines({
      ecs: {
        ListClusters: () => {
          throw new TypeError('undefined is not a function')
        },
      },
    })
    const told = await account.play(
      task(
        'aws-sdk:ecs:listClusters',
        { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] },
        { C: { Type: 'Succeed' } },
      ),
    )
    expect(told).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
    expect(told.cause).toContain(
      'A defect of the local AWS: TypeError: undefined is not a function',
    )
    const again = await account.start(await account.create(PASS, { name: 'other' }))
    await account.run(1_000)
    expect((await account.told(again)).status).toBe('SUCCEEDED')
  })
})

describe('a definition', () => {
  // credentials/test_credentials_base.snapshot.json
  it.each([{}, { RoleARN: ROLE }])('is refused with the credentials %j', async (Credentials) => {
    await expect(
      new Machines().create(task('aws-sdk:ecs:listClusters', { Credentials })),
    ).rejects.toThrow(
      "SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at /States/T/Credentials",
    )
  })

  // query_language/: a state says its own language
  it('is JSONata where every state says so, in branches as well', async () => {
    const P = { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% 1 + 1 %}', End: true }
    const level = { StartAt: 'P', States: { P } }
    const parallel = { Type: 'Parallel', QueryLanguage: 'JSONata', Branches: [level], End: true }
    const create = (definition: object) =>
      new Machines().call('sfn', 'CreateStateMachine', {
        name: 'm',
        roleArn: ROLE,
        definition: JSON.stringify(definition),
      })
    await create({ StartAt: 'Q', States: { Q: parallel } })
    const other = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }
    await expect(
      create({ StartAt: 'Q', States: { Q: { ...parallel, Branches: [level, other] } } }),
    ).rejects.toThrow('JSONPath is not simulated')
  })
})

describe('an execution', () => {
  it('keeps its input as it came', async () => {
    const account = new Machines()
    const stateMachineArn = await account.create(PASS)
    const input = '{ "b":1, "a" : [ ] }'
    const { executionArn } = await account.call<{ executionArn: string }>('sfn', 'StartExecution', {
      stateMachineArn,
      input,
    })
    await account.run(1_000)
    expect(await account.call('sfn', 'DescribeExecution', { executionArn })).toMatchObject({
      input,
    })
    expect(
      (await account.told(executionArn)).events[0]?.executionStartedEventDetails,
    ).toMatchObject({ input })
  })

  // test_sfn_api_express.snapshot.json
  it('of an express machine says what it costs, and is not listed', async () => {
    const account = new Machines()
    const stateMachineArn = await account.create(PASS, { type: 'EXPRESS' })
    const asked = account.call('sfn', 'StartSyncExecution', { stateMachineArn, input: '{"a":1}' })
    await account.run(1_000)
    expect(await asked).toMatchObject({
      billingDetails: { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 },
      status: 'SUCCEEDED',
      output: '{"a":1}',
      outputDetails: { included: true },
    })
    await expect(account.call('sfn', 'ListExecutions', { stateMachineArn })).rejects.toMatchObject({
      name: 'StateMachineTypeNotSupported',
    })
    const executionArn = stateMachineArn.replace('stateMachine', 'express').concat(':a:b')
    await expect(account.call('sfn', 'DescribeExecution', { executionArn })).rejects.toMatchObject({
      message: "Invalid Arn: 'Resource type not valid in this context: express'",
    })
  })

  // test_sfn_api.snapshot.json
  it('shows the configuration of its machine, and lists are filtered by the values there are', async () => {
    const account = new Machines()
    const stateMachineArn = await account.create(PASS)
    const executionArn = await account.start(stateMachineArn)
    expect(
      await account.call('sfn', 'DescribeStateMachineForExecution', { executionArn }),
    ).toMatchObject({
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    })
    await expect(
      account.call('sfn', 'ListExecutions', { stateMachineArn, statusFilter: 'succeeded' }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE]",
    })
    await expect(
      account.call('sfn', 'ListExecutions', { stateMachineArn, nextToken: 'x'.repeat(3097) }),
    ).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

it('an update that says what is so already makes no revision', async () => {
  const account = new Machines()
  const stateMachineArn = await account.create(PASS)
  const update = (input: object) =>
    account.call('sfn', 'UpdateStateMachine', { stateMachineArn, ...input })
  expect(await update({ roleArn: ROLE })).not.toHaveProperty('revisionId')
  const { revisionId } = await update({ roleArn: `${ROLE}2` })
  expect(revisionId).toMatch(/^[0-9a-f-]{36}$/)
  expect(await update({ roleArn: `${ROLE}2` })).toMatchObject({ revisionId })
})

describe('the log of a machine', () => {
  const GROUP = 'arn:aws:logs:eu-central-1:123456789012:log-group:machines'
  const destination = (logGroupArn: string) => ({ cloudWatchLogsLogGroup: { logGroupArn } })

  async function logged(loggingConfiguration: object, definition: object = PASS) {
    const account = new Machines()
    account.aws.register(new Logs(account.aws))
    await account.call('cloudwatch-logs', 'CreateLogGroup', { logGroupName: 'machines' })
    const { stateMachineArn } = await account.call<{ stateMachineArn: string }>(
      'sfn',
      'CreateStateMachine',
      {
        name: 'm',
        roleArn: ROLE,
        definition: JSON.stringify({ QueryLanguage: 'JSONata', ...definition }),
        loggingConfiguration,
      },
    )
    const executionArn = await account.start(stateMachineArn, { a: 1 }, 'run')
    await account.run(1_000)
    const { events } = await account.call<{ events: { message: string; logStreamName: string }[] }>(
      'cloudwatch-logs',
      'FilterLogEvents',
      { logGroupName: 'machines' },
    )
    return { executionArn, events, lines: events.map(({ message }) => JSON.parse(message)) }
  }

  // logs/test_logs.snapshot.json, test_base
  it('has every event, with and without data', async () => {
    const { executionArn, events, lines } = await logged({
      level: 'ALL',
      includeExecutionData: true,
      destinations: [destination(`${GROUP}:*`)],
    })
    expect(lines).toMatchObject([
      {
        id: '1',
        type: 'ExecutionStarted',
        details: { input: '{"a":1}', inputDetails: { truncated: false }, roleArn: ROLE },
        previous_event_id: '0',
        execution_arn: executionArn,
        redrive_count: '0',
      },
      {
        id: '2',
        type: 'PassStateEntered',
        details: { name: 'P', input: '{"a":1}' },
        previous_event_id: '0',
      },
      { id: '3', type: 'PassStateExited', previous_event_id: '2' },
      {
        id: '4',
        type: 'ExecutionSucceeded',
        details: { output: '{"a":1}' },
        previous_event_id: '3',
      },
    ])
    expect(lines[0].event_timestamp).toMatch(/^\d{13}$/)
    expect(events[0]?.logStreamName).toMatch(/^states\/m\/2026-03-02-09-00\/[0-9a-f]{8}$/)
    const plain = await logged({ level: 'ALL', destinations: [destination(`${GROUP}:*`)] })
    expect(plain.lines.map(({ details }) => details)).toEqual([
      { roleArn: ROLE },
      { name: 'P' },
      { name: 'P' },
      {},
    ])
  })

  // test_partial_log_levels
  test.each([
    ['ERROR', ['EvaluationFailed', 'ExecutionFailed']],
    ['FATAL', ['ExecutionFailed']],
    ['OFF', []],
  ])('has at the level %s what failed', async (level, types) => {
    const fails = { StartAt: 'P', States: { P: { Type: 'Pass', Output: '{% $x() %}', End: true } } }
    const { lines } = await logged({ level, destinations: [destination(`${GROUP}:*`)] }, fails)
    expect(lines.map(({ type }) => type)).toEqual(types)
    expect((await logged({ level, destinations: [destination(`${GROUP}:*`)] })).lines).toEqual([])
  })

  // test_sfn_api_logs.snapshot.json
  test.each([
    [{ level: 'ALL' }, 'Must specify exactly one Log Destination.'],
    [{ level: 'ALL', destinations: [] }, 'Must specify exactly one Log Destination.'],
    [{ level: 'ALL', destinations: [{}] }, 'Must specify exactly one Log Destination.'],
    [
      { level: 'ALL', destinations: [destination(GROUP), destination(GROUP)] },
      'Must specify exactly one Log Destination.',
    ],
    [{ level: 'ALL', destinations: [destination(`${GROUP}-gone`)] }, 'Log Destination not found.'],
  ])('cannot be %j', async (configuration, why) => {
    await expect(logged(configuration)).rejects.toMatchObject({
      name: 'InvalidLoggingConfiguration',
      message: `Invalid Logging Configuration: ${why}`,
    })
  })
})
