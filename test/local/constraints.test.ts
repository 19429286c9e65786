import { describe, expect, test } from 'vitest'
import { violations } from '../../local/aws/constraints/check.ts'
import { CONSTRAINTS, type ShapeRule } from '../../local/aws/constraints/rules.ts'
import { listOperations } from '../../local/aws/schema.ts'
import { rulesOf } from '../../scripts/constraints.ts'
import { Account } from '../kits/account.ts'

/** AWS's words, and where somebody has shown them. */
const RECORDED: [string, string, object, string, string][] = [
  [
    // https://github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/issues/223
    'cloudwatch-logs',
    'DescribeLogGroups',
    { logGroupNamePrefix: '' },
    'InvalidParameterException',
    "2 validation errors detected: Value '' at 'logGroupNamePrefix' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+; Value '' at 'logGroupNamePrefix' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    // https://github.com/awslabs/aws-embedded-metrics-java/issues/65
    'cloudwatch-logs',
    'CreateLogGroup',
    { logGroupName: 'testServiceName:latest-metrics' },
    'InvalidParameterException',
    "1 validation error detected: Value 'testServiceName:latest-metrics' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
  ],
  [
    // https://github.com/aws/aws-sdk-java/issues/1973
    'servicediscovery',
    'GetService',
    {},
    'InvalidInput',
    "1 validation error detected: Value null at 'id' failed to satisfy constraint: Member must not be null",
  ],
  [
    // https://github.com/aws/aws-sdk-kotlin/issues/1469: no error of the model, so a common one
    'secrets-manager',
    'GetSecretValue',
    {},
    'ValidationException',
    "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null",
  ],
]

/** Of the review at 80d5e1b; what ECS says of them is not recorded anywhere. */
const BROKEN: [string, string, object, string][] = [
  [
    'ecs',
    'ListTaskDefinitions',
    { status: 'HONESTY' },
    'enum value set: [ACTIVE, INACTIVE, DELETE_IN_PROGRESS]',
  ],
  [
    'cloudwatch',
    'DescribeAlarms',
    { MaxRecords: 101 },
    "Value '101' at 'maxRecords' failed to satisfy constraint: Member must have value less than or equal to 100",
  ],
  [
    'cloudwatch',
    'DescribeAlarms',
    { AlarmNames: [''] },
    "Value '[]' at 'alarmNames' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 1]",
  ],
  [
    'dynamodb',
    'BatchGetItem',
    { RequestItems: {} },
    "Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'scheduler',
    'CreateSchedule',
    {
      Name: 'a',
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:a' },
    },
    "Value null at 'target.roleArn'",
  ],
  [
    'ecs',
    'TagResource',
    { resourceArn: 'a', tags: [{ key: 'a', value: '*' }] },
    "'tags.1.member.value'",
  ],
  [
    'secrets-manager',
    'CreateSecret',
    { Name: 'a', SecretString: 'x'.repeat(65_537) },
    "Value at 'secretString' failed",
  ],
]

/** Services whose errors are of another kind, in the words of their documentation. */
const OWN: [string, string, object, string, string][] = [
  [
    'sqs',
    'SendMessage',
    { QueueUrl: 'a' },
    'MissingParameter',
    'The request must contain the parameter MessageBody.',
  ],
  [
    'ec2',
    'CreateVpcEndpoint',
    { VpcId: 'vpc-1', VpcEndpointType: 'Door' },
    'InvalidParameterValue',
    'Value (Door) for parameter VpcEndpointType is invalid.',
  ],
  [
    'ecr',
    'CreateRepository',
    { repositoryName: 'ab', imageTagMutability: 'WRONG' },
    'InvalidParameterException',
    "Invalid parameter at 'imageTagMutability' failed to satisfy constraint: 'Member must satisfy enum value set: [",
  ],
  [
    's3',
    'PutBucketVersioning',
    { Bucket: 'a', VersioningConfiguration: { Status: 'Perhaps' } },
    'MalformedXML',
    'The XML that you provided',
  ],
]

describe('what an API model does not allow', () => {
  /** Every operation of the service, none of which is reached. */
  function account(service: string) {
    const made = new Account()
    const never = () => {
      throw new Error('It was let through')
    }
    const operations = Object.fromEntries(listOperations(service).map((name) => [name, never]))
    made.aws.register({ id: service, operations })
    return made
  }

  test.each(RECORDED)(
    'is refused as recorded: %s %s %j',
    async (service, operation, input, name, message) => {
      await expect(account(service).call(service, operation, input)).rejects.toMatchObject({
        name,
        message,
      })
    },
  )

  test.each(BROKEN)('%s %s %j', async (service, operation, input, message) => {
    await expect(account(service).call(service, operation, input)).rejects.toThrow(message)
  })

  test.each(OWN)(
    '%s says it in its own words: %s',
    async (service, operation, input, name, message) => {
      const refused = expect(account(service).call(service, operation, input)).rejects
      await refused.toMatchObject({ name, message: expect.stringContaining(message) })
    },
  )

  test('tags that AWS alone may give are those of stacks', async () => {
    const input = {
      CreationToken: 'a',
      Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'a' }],
    }
    const stack = { kind: 'cloudformation', name: 'stack' } as const
    await expect(account('efs').call('efs', 'CreateFileSystem', input)).rejects.toThrow(
      'aws: prefixed tag key names are not allowed for external use.',
    )
    await expect(account('efs').call('efs', 'CreateFileSystem', input, stack)).rejects.toThrow(
      'It was let through',
    )
  })
})

/** A value that breaks each single constraint of a scalar. */
function wrong(rule: ShapeRule): unknown[] {
  const text = rule.type === 'string'
  const long = (length: number) => (text ? 'x'.repeat(length) : new Uint8Array(length))
  if (rule.type === 'number') {
    const { min, max } = rule
    return [...(min === undefined ? [] : [min - 1]), ...(max === undefined ? [] : [max + 1])]
  }
  const { min = 0, max = Number.POSITIVE_INFINITY } = rule
  return [
    ...(rule.enum === undefined ? [] : ['no value of it']),
    ...(min > 0 ? [long(min - 1)] : []),
    // The longest things are megabytes.
    ...(max < 100_000 ? [long(max + 1)] : []),
  ]
}

describe('every operation that is simulated', () => {
  test.each(Object.entries(CONSTRAINTS.services))('%s', (service, { operations, shapes }) => {
    for (const [operation, shape] of Object.entries(operations)) {
      const { members = {}, required = [] } = shapes[shape] as ShapeRule
      const missing = violations(service, operation, {}).map(({ path }) => path.toLowerCase())
      expect(missing, operation).toEqual(required.map((name) => name.toLowerCase()))
      for (const [name, below] of Object.entries(members)) {
        const rule = shapes[below] as ShapeRule
        if (['structure', 'list', 'map'].includes(rule.type)) continue
        for (const value of wrong(rule)) {
          const found = violations(service, operation, { [name]: value })
          const said = found.filter(({ path }) => path.toLowerCase() === name.toLowerCase())
          expect(said.length, `${operation} ${name}`).toBeGreaterThan(0)
        }
      }
    }
  })
})

test('a length of at least nothing is no constraint, and shapes without one are left out', () => {
  const model = {
    operations: { Say: { input: { shape: 'Said' } }, Ask: { input: { shape: 'Asked' } } },
    shapes: {
      Said: {
        type: 'structure',
        members: { word: { shape: 'Word' }, to: { shape: 'Whom' }, more: { shape: 'Said' } },
      },
      Word: { type: 'string', min: 0, max: 3 },
      Whom: { type: 'string', min: 0 },
      Asked: { type: 'structure', members: { whom: { shape: 'Whom' } } },
    },
  }
  expect(rulesOf(model, ['Ask', 'Say'])).toEqual({
    operations: { Say: 'Said' },
    shapes: {
      Said: { type: 'structure', members: { word: 'Word', more: 'Said' } },
      Word: { type: 'string', max: 3 },
    },
  })
})
