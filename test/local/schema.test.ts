import { describe, expect, test } from 'vitest'
import { javaName } from '../../local/aws/names.ts'
import {
  errorSchemas,
  listOperations,
  missingMembers,
  operationSchema,
  recase,
} from '../../local/aws/schema.ts'

function schema(service: string, operation: string) {
  const found = operationSchema(service, operation)
  if (found === undefined) throw new Error(`no ${service}:${operation}`)
  return found
}

describe('operationSchema', () => {
  test('knows the operations, their members and their errors', () => {
    expect(listOperations('ecs')).toContain('DescribeServices')
    expect(listOperations('no-such-service')).toEqual([])
    expect(operationSchema('ecs', 'DescribeService')).toBeUndefined()
    const { input } = schema('ecs', 'DescribeServices')
    expect([...input.structIterator()].map(([name]) => name)).toEqual([
      'services',
      'cluster',
      'include',
    ])
    expect(missingMembers({ cluster: 'a' }, input)).toEqual(['services'])
    expect([...errorSchemas('ecs').keys()]).toContain('ClientException')
  })

  test.each([
    'cloudwatch',
    'cloudwatch-logs',
    'dynamodb',
    'dynamodb-streams',
    'ecr',
    'ecs',
    'elastic-load-balancing-v2',
    'eventbridge',
    'iam',
    'lambda',
    'resource-groups-tagging-api',
    'scheduler',
    'secrets-manager',
    'servicediscovery',
    'sfn',
    'sns',
    'sqs',
    'ssm',
    'sts',
  ])('%s can be read', (service) => {
    expect(listOperations(service).length).toBeGreaterThan(3)
  })
})

describe('recase to the SDK', () => {
  test('names members, leaves map keys and turns scalars', () => {
    const { input } = schema('ecs', 'CreateService')
    const properties = {
      ServiceName: 'orders',
      DesiredCount: '2',
      EnableECSManagedTags: 'true',
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['a'], AssignPublicIp: 'ENABLED' } },
      Tags: [{ Key: 'Team', Value: 7 }],
    }
    expect(recase(properties, input, 'sdk', { coerce: true })).toEqual({
      serviceName: 'orders',
      desiredCount: 2,
      enableECSManagedTags: true,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['a'], assignPublicIp: 'ENABLED' } },
      tags: [{ key: 'Team', value: '7' }],
    })
    expect(() => recase({ DesiredCount: '2' }, input, 'sdk')).toThrow(
      '"DesiredCount" must be a NUMBER',
    )
  })

  test('map keys, timestamps and blobs', () => {
    const item = { Item: { Some_Key: { S: 'a', B: 'eHl6' } }, TableName: 't' }
    expect(recase(item, schema('dynamodb', 'PutItem').input, 'sdk', { blob: 'base64' })).toEqual({
      Item: { Some_Key: { S: 'a', B: new Uint8Array([120, 121, 122]) } },
      TableName: 't',
    })
    const logs = schema('cloudwatch', 'DescribeAlarmHistory').input
    expect(recase({ StartDate: '2026-03-02T09:00:00Z' }, logs, 'sdk')).toEqual({
      StartDate: new Date('2026-03-02T09:00:00Z'),
    })
    expect(
      recase({ FunctionName: 'f', Payload: { a: 1 } }, schema('lambda', 'Invoke').input, 'sdk'),
    ).toEqual({
      FunctionName: 'f',
      Payload: new TextEncoder().encode('{"a":1}'),
    })
  })

  test('an unknown member is refused by its path, or told', () => {
    const { input } = schema('ecs', 'CreateService')
    const value = { ServiceName: 'a', Tags: [{ Kay: 'x' }] }
    expect(() => recase(value, input, 'sdk')).toThrow('Tags[0].Kay')
    const unknown: string[] = []
    expect(recase(value, input, 'sdk', { unknown: (path) => unknown.push(path) })).toEqual({
      serviceName: 'a',
      tags: [{}],
    })
    expect(unknown).toEqual(['Tags[0].Kay'])
  })

  test('Step Functions takes capitalised names only', () => {
    const { input } = schema('ecs', 'DescribeServices')
    expect(recase({ Services: ['a'] }, input, 'sdk', { naming: 'java' })).toEqual({
      services: ['a'],
    })
    expect(() => recase({ services: ['a'] }, input, 'sdk', { naming: 'java' })).toThrow('services')
  })
})

describe('recase from the SDK', () => {
  test('capitalises members, writes dates, drops undefined', () => {
    const { output } = schema('ecs', 'DescribeServices')
    const answer = {
      services: [
        { serviceName: 'orders', createdAt: new Date('2026-03-02T09:00:00Z'), status: undefined },
      ],
    }
    expect(recase(answer, output, 'pascal')).toEqual({
      Services: [{ ServiceName: 'orders', CreatedAt: '2026-03-02T09:00:00.000Z' }],
    })
  })

  test('uses the Java names where asked to', () => {
    const { output } = schema('dynamodb', 'GetItem')
    const answer = { Item: { done: { BOOL: true } } }
    expect(recase(answer, output, 'pascal', { naming: 'java' })).toEqual({
      Item: { done: { Bool: true } },
    })
    expect(recase(answer, output, 'pascal')).toEqual(answer)
  })

  test.each([
    ['SSEDescription', 'SseDescription'],
    ['DBInstances', 'DbInstances'],
    ['enableECSManagedTags', 'EnableEcsManagedTags'],
    ['awsvpcConfiguration', 'AwsvpcConfiguration'],
    ['TTL', 'Ttl'],
    ['loadBalancerArn', 'LoadBalancerArn'],
    ['Ipv6Address', 'Ipv6Address'],
  ])('%s is %s', (name, java) => {
    expect(javaName(name)).toBe(java)
  })
})
