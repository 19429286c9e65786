import { describe, expect, test } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { Machines, ROLE, task, types } from '../kits/machines.ts'

describe('aws-sdk integrations', () => {
  test('arguments in capitals, the answer with Java’s names, the machine as caller', async () => {
    const seen: unknown[] = []
    const account = new Machines({
      ecs: {
        DescribeServices: (input: object, caller: Caller) => {
          seen.push(input, caller)
          const createdAt = new Date('2026-03-01T00:00:00Z')
          return { services: [{ serviceName: 'orders', createdAt, enableECSManagedTags: true }] }
        },
      },
    })
    const told = await account.play(
      task('aws-sdk:ecs:describeServices', {
        Arguments: { Cluster: 'c', Services: '{% [$states.input.s] %}' },
      }),
      { s: 'orders' },
    )
    expect(seen).toEqual([
      { cluster: 'c', services: ['orders'] },
      {
        kind: 'machine',
        name: 'machine',
        roleArn: ROLE,
        run: expect.stringMatching(/:execution:machine:/),
      },
    ])
    expect(told.output).toEqual({
      Services: [
        {
          ServiceName: 'orders',
          CreatedAt: '2026-03-01T00:00:00.000Z',
          EnableEcsManagedTags: true,
        },
      ],
    })
    const about = { resourceType: 'aws-sdk:ecs', resource: 'describeServices' }
    expect(told.events[2]?.taskScheduledEventDetails).toEqual({
      ...about,
      region: 'eu-central-1',
      parameters: '{"Cluster":"c","Services":["orders"]}',
    })
    expect(told.events[3]?.taskStartedEventDetails).toEqual(about)
    expect(told.events[4]?.taskSucceededEventDetails).toMatchObject(about)
    expect(types(told.events)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ])
  })

  test.each([
    ['ClientException', 'Ecs.ClientException'],
    ['ThrottlingException', 'Ecs.EcsException'],
  ])('%s is %s', async (name, error) => {
    const account = new Machines({
      ecs: {
        DescribeServices: () => {
          throw new AwsError(name, 'Not so.')
        },
      },
    })
    const told = await account.play(
      task('aws-sdk:ecs:describeServices', { Arguments: { Services: ['a'] } }),
    )
    expect(told.error).toBe(error)
    expect(told.cause).toMatch(
      /^Not so\. \(Service: Ecs, Status Code: 400, Request ID: [0-9a-f-]{36}\) \(SDK Attempt Count: 1\)$/,
    )
    expect(told.events[4]).toMatchObject({
      type: 'TaskFailed',
      previousEventId: 4,
      taskFailedEventDetails: { resourceType: 'aws-sdk:ecs', resource: 'describeServices', error },
    })
  })

  test.each([
    ['aws-sdk:dynamodb:putItem', 'DynamoDb.ConditionalCheckFailedException'],
    ['dynamodb:putItem', 'DynamoDB.ConditionalCheckFailedException'],
  ])('%s: %s', async (resource, error) => {
    const account = new Machines({
      dynamodb: {
        PutItem: () => {
          throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed')
        },
      },
    })
    const Item = { id: { S: 'a' }, done: { BOOL: true } }
    const told = await account.play(task(resource, { Arguments: { TableName: 't', Item } }))
    expect(told.error).toBe(error)
  })

  test('a computed argument the API does not have is named', async () => {
    const account = new Machines({ ecs: { DescribeServices: () => ({}) } })
    const told = await account.play(
      task('aws-sdk:ecs:describeServices', {
        Arguments: '{% { "Services": ["a"], "Klaster": 1 } %}',
      }),
    )
    expect(told.error).toBe('States.Runtime')
    expect(told.cause).toContain("The field 'Klaster' is not supported by Step Functions")
  })
})

describe('optimized integrations', () => {
  test('lambda:invoke parses Payload and adds the HTTP metadata', async () => {
    const inputs: { Payload?: Uint8Array }[] = []
    const account = new Machines({
      lambda: {
        Invoke: (input: never) => {
          inputs.push(input)
          return {
            StatusCode: 200,
            ExecutedVersion: '$LATEST',
            Payload: new TextEncoder().encode('{"ok":1}'),
          }
        },
      },
    })
    const told = await account.play(
      task('lambda:invoke', {
        Arguments: { FunctionName: 'f', Payload: { n: '{% $states.input.n %}' } },
      }),
      { n: 3 },
    )
    expect(new TextDecoder().decode(inputs[0]?.Payload)).toBe('{"n":3}')
    expect(told.output).toMatchObject({
      ExecutedVersion: '$LATEST',
      Payload: { ok: 1 },
      StatusCode: 200,
      SdkHttpMetadata: { HttpStatusCode: 200 },
    })
  })

  test('a function’s error is the task’s', async () => {
    const payload = '{"errorMessage":"no","errorType":"Refused","trace":["a"]}'
    const account = new Machines({
      lambda: {
        Invoke: () => ({
          StatusCode: 200,
          FunctionError: 'Unhandled',
          Payload: new TextEncoder().encode(payload),
        }),
      },
    })
    const told = await account.play(task('lambda:invoke', { Arguments: { FunctionName: 'f' } }))
    expect(told).toMatchObject({ error: 'Refused', cause: payload })
    expect(told.events[4]?.taskFailedEventDetails).toEqual({
      resourceType: 'lambda',
      resource: 'invoke',
      error: 'Refused',
      cause: payload,
    })
  })

  test('events:putEvents sends the detail as text, with its origin; one refused entry fails', async () => {
    const sent: unknown[] = []
    let refuse = false
    const account = new Machines({
      eventbridge: {
        PutEvents: (input: { Entries: unknown[] }) => {
          sent.push(...input.Entries)
          return refuse
            ? {
                FailedEntryCount: 1,
                Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }],
              }
            : { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }
        },
      },
    })
    const definition = task('events:putEvents', {
      Arguments: { Entries: [{ Detail: { a: 1 }, DetailType: 'd', Source: 's' }] },
    })
    const told = await account.play(definition)
    expect(told.output).toEqual({ Entries: [{ EventId: 'e' }], FailedEntryCount: 0 })
    expect(sent).toEqual([
      {
        Detail: '{"a":1}',
        DetailType: 'd',
        Source: 's',
        Resources: [
          'arn:aws:states:eu-central-1:123456789012:stateMachine:machine',
          'arn:aws:states:eu-central-1:123456789012:execution:machine:run',
        ],
      },
    ])
    refuse = true
    const arn = await account.start(await account.create(definition), {}, 'second')
    await account.run(1000)
    const failed = await account.told(arn)
    expect(failed.error).toBe('EventBridge.FailedEntry')
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({ FailedEntryCount: 1 })
  })
})
