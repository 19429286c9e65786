import { gzipSync } from 'node:zlib'
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ResourceNotFound,
} from '@aws-sdk/client-cloudwatch'
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { ECSClient, ListServicesCommand } from '@aws-sdk/client-ecs'
import { GetRoleCommand, IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam'
import { GetFunctionCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { GetQueueAttributesCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs'
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols'
import { describe, expect, test } from 'vitest'
import type { Aws, Caller } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { answer } from '../../local/wire/answer.ts'
import type { WireRequest } from '../../local/wire/message.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { Account } from '../kits/account.ts'

const CALLER: Caller = { kind: 'function', name: 'plan-roll-out' }
/** Whose calls are answered at once. */
const PERSON: Caller = { kind: 'person', name: 'anna' }

type Outcome = () => unknown

/** An account in which every named operation has this outcome. */
function account(service: string, operation: string, outcome: Outcome) {
  const { world, aws } = new Account()
  let calls = 0
  const run = () => {
    calls++
    return outcome()
  }
  aws.register({ id: service, operations: { [operation]: run } })
  /** Calls as a function does, and lets the world run until the answer is there. */
  async function call<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const asked = world.busy(ask)
    asked.catch(() => {})
    await world.run(60_000)
    return asked
  }
  return { aws, world, call, calls: () => calls }
}

const refusing = (name: string, message: string, options?: object) => () => {
  throw new AwsError(name, message, options)
}

describe('an error reaches the client as the error its model has', () => {
  test('JSON, with members', async () => {
    const Item = { pk: { S: 'a' }, raw: { B: new Uint8Array([1, 2]) } }
    const { aws, call } = account(
      'dynamodb',
      'PutItem',
      refusing('ConditionalCheckFailedException', 'The conditional request failed', {
        members: { Item },
      }),
    )
    const client = new DynamoDBClient(sdkConfiguration(aws, CALLER))
    const asked = call(() => client.send(new PutItemCommand({ TableName: 'table', Item: {} })))
    await expect(asked).rejects.toBeInstanceOf(ConditionalCheckFailedException)
    await expect(asked).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item,
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('JSON for clients of the query protocol', async () => {
    const { aws, call } = account(
      'sqs',
      'GetQueueAttributes',
      refusing('QueueDoesNotExist', 'The specified queue does not exist.'),
    )
    const client = new SQSClient(sdkConfiguration(aws, CALLER))
    const command = new GetQueueAttributesCommand({
      QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/1/letters',
    })
    const asked = call(() => client.send(command))
    await expect(asked).rejects.toBeInstanceOf(QueueDoesNotExist)
    await expect(asked).rejects.toMatchObject({
      Error: { Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' },
    })
  })

  test('query', async () => {
    const { aws, call } = account(
      'iam',
      'GetRole',
      refusing('NoSuchEntityException', 'The role with name a cannot be found.'),
    )
    const client = new IAMClient(sdkConfiguration(aws, CALLER))
    const asked = call(() => client.send(new GetRoleCommand({ RoleName: 'a' })))
    await expect(asked).rejects.toBeInstanceOf(NoSuchEntityException)
    await expect(asked).rejects.toMatchObject({
      message: 'The role with name a cannot be found.',
      Code: 'NoSuchEntity',
      $metadata: { httpStatusCode: 404 },
    })
  })

  test('REST', async () => {
    const { aws, call } = account(
      'lambda',
      'GetFunction',
      refusing('ResourceNotFoundException', 'Function not found', { members: { Type: 'User' } }),
    )
    const client = new LambdaClient(sdkConfiguration(aws, CALLER))
    const asked = call(() => client.send(new GetFunctionCommand({ FunctionName: 'f' })))
    await expect(asked).rejects.toBeInstanceOf(ResourceNotFoundException)
    await expect(asked).rejects.toMatchObject({
      message: 'Function not found',
      Type: 'User',
      $metadata: { httpStatusCode: 404 },
    })
  })

  test.each([
    ['CBOR', AwsSmithyRpcV2CborProtocol],
    ['query', AwsQueryProtocol],
    ['JSON', undefined],
  ])('CloudWatch in %s', async (_, protocol) => {
    const { aws, call } = account(
      'cloudwatch',
      'DescribeAlarms',
      refusing('ResourceNotFound', 'no such alarm'),
    )
    const client = new CloudWatchClient({
      ...sdkConfiguration(aws, CALLER),
      ...(protocol === undefined ? {} : { protocol }),
    })
    const asked = call(() => client.send(new DescribeAlarmsCommand({})))
    await expect(asked).rejects.toBeInstanceOf(ResourceNotFound)
    await expect(asked).rejects.toMatchObject({ message: 'no such alarm' })
  })

  test('one that no model has, by its name', async () => {
    const { aws, call } = account('ecs', 'ListServices', refusing('AccessDenied', 'not allowed'))
    const client = new ECSClient(sdkConfiguration(aws, CALLER))
    await expect(call(() => client.send(new ListServicesCommand({})))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'not allowed',
    })
  })
})

describe('retries, on the simulated clock', () => {
  const listServices = (aws: Aws) => () =>
    new ECSClient(sdkConfiguration(aws, CALLER)).send(new ListServicesCommand({}))

  test('a throttled call is made a second time, later', async () => {
    let first = true
    const at: number[] = []
    const { aws, world, call, calls } = account('ecs', 'ListServices', () => {
      at.push(world.now)
      if (!first) return { serviceArns: [] }
      first = false
      throw new AwsError('ThrottlingException', 'Rate exceeded')
    })
    const { $metadata } = await call(listServices(aws))
    expect($metadata.attempts).toBe(2)
    expect(calls()).toBe(2)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeLessThanOrEqual(600)
  })

  test.each([
    ['ThrottlingException', 400, 2],
    ['ServiceUnavailable', 503, 2],
    ['ServerException', 500, 2],
    ['NotImplemented', 501, 1],
    ['AccessDeniedException', 400, 1],
  ])('%s is tried as often as on AWS', async (name, statusCode, attempts) => {
    const { aws, call, calls } = account(
      'ecs',
      'ListServices',
      refusing(name, 'no', { statusCode }),
    )
    await expect(call(listServices(aws))).rejects.toMatchObject({ name, $metadata: { attempts } })
    expect(calls()).toBe(attempts)
  })

  test('a defect of the simulation stops it', async () => {
    const { aws, call } = account('ecs', 'ListServices', () => {
      throw new TypeError('undefined is not a function')
    })
    await expect(call(listServices(aws))).rejects.toThrow('undefined is not a function')
  })
})

describe('what is not a request', () => {
  const request = (more: Partial<WireRequest> & { text?: string }): WireRequest => ({
    method: 'POST',
    path: '/',
    query: {},
    headers: {},
    body: new TextEncoder().encode(more.text ?? ''),
    ...more,
  })
  const json = (target: string, text: string) =>
    request({
      headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
      text,
    })
  const ECS = 'AmazonEC2ContainerServiceV20141113'
  const { aws } = account('ecs', 'ListServices', () => ({}))
  aws.register({ id: 'scheduler', operations: {} })
  aws.register({ id: 'sts', operations: {} })

  const services = 'AmazonEC2ContainerServiceV20141113.DescribeServices'
  test.each([
    [
      'not JSON',
      json(`${ECS}.ListServices`, '{"cluster":'),
      [400, 'SerializationException', 'JSON'],
    ],
    [
      'a list for a text',
      json(`${ECS}.ListServices`, '{"cluster":["dev"]}'),
      [400, 'SerializationException', 'The value for the field "cluster" must be a STRING'],
    ],
    [
      'a text for a list',
      json(services, '{"services":"orders"}'),
      [400, 'SerializationException', 'The value for the field "services" must be a LIST'],
    ],
    [
      'a number within a list of texts',
      json(services, '{"services":["a",1]}'),
      [400, 'SerializationException', 'The value for the field "services[1]" must be a STRING'],
    ],
    [
      'without a required member',
      json(services, '{}'),
      [400, 'InvalidParameterException', "Value null at 'services' failed"],
    ],
    [
      'without a required member further in',
      json(
        `${ECS}.RegisterTaskDefinition`,
        '{"family":"a","containerDefinitions":[{"secrets":[{"name":"a","valueFrom":"b"},{"valueFrom":"b"}]}]}',
      ),
      [
        400,
        'InvalidParameterException',
        "Value null at 'containerDefinitions.1.member.secrets.2.member.name' failed",
      ],
    ],
    [
      'an operation AWS does not have',
      json(`${ECS}.Dance`, '{}'),
      [400, 'UnknownOperationException', 'ecs has no operation Dance'],
    ],
    [
      'an operation that is not simulated',
      json(`${ECS}.DescribeClusters`, '{}'),
      [501, 'NotImplemented', 'does not simulate ecs:DescribeClusters'],
    ],
    [
      'a service that is not simulated',
      json('Kinesis_20131202.ListStreams', '{}'),
      [501, 'NotImplemented', 'the service of Kinesis_20131202.ListStreams'],
    ],
    [
      'a path no service has',
      request({ method: 'GET', path: '/clusters' }),
      [501, 'NotImplemented', 'does not simulate the service of GET /clusters'],
    ],
  ])('%s', async (_, asked, [status, code, message]) => {
    const { statusCode, body } = await answer(aws, asked, () => PERSON)
    const error = JSON.parse(new TextDecoder().decode(body))
    expect(statusCode).toBe(status)
    expect(error.__type.replace(/.*#/, '')).toBe(code)
    expect(error.message).toContain(message)
  })

  test('a form asks for a version, and is refused in XML', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = request({ headers, text: 'Action=ListQueues&Version=2012-11-05' })
    const { statusCode, headers: told, body } = await answer(aws, asked, () => PERSON)
    expect(statusCode).toBe(501)
    expect(told['content-type']).toBe('text/xml')
    expect(new TextDecoder().decode(body)).toContain(
      '<Code>NotImplemented</Code><Message>The local AWS does not simulate the service of ListQueues of the API version 2012-11-05.',
    )
  })

  test('S3 is refused in words that its client reads', async () => {
    const client = new S3Client(sdkConfiguration(aws, PERSON))
    const asked = aws.world.busy(() => client.send(new ListObjectsV2Command({ Bucket: 'reports' })))
    await expect(asked).rejects.toThrow('does not simulate restXml, the protocol of s3')
  })

  test('a compressed body is read', async () => {
    const asked = json(`${ECS}.ListServices`, '')
    const body = gzipSync('{"cluster":"dev"}')
    const compressed = { ...asked, headers: { ...asked.headers, 'content-encoding': 'gzip' }, body }
    expect((await answer(aws, compressed, () => PERSON)).statusCode).toBe(200)
  })
})
