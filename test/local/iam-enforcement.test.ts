import { beforeEach, describe, expect, it, test } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import { DynamoDb } from '../../local/aws/dynamodb/dynamodb.ts'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import { Cluster } from '../kits/cluster.ts'

const ACCOUNT = '123456789012'
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:eu-central-1:${ACCOUNT}:${resource}`
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`
const SERVICE = arn('ecs', 'service/dev/orders')

type Statement = Record<string, unknown>

const trusting = (service: string, Condition?: object): string =>
  JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: { Service: `${service}.amazonaws.com` },
      Action: 'sts:AssumeRole',
      ...(Condition && { Condition }),
    },
  })

/** An account with a service `orders`, whose callers are held to their roles. */
class Held {
  readonly account = new Cluster()
  readonly iam = new Iam(this.account.aws)

  static async open(): Promise<Held> {
    const held = new Held()
    const { account, iam } = held
    const { aws } = account
    for (const one of [iam, new DynamoDb(aws), new Sqs(aws)]) aws.register(one)
    await account.call('ecs', 'CreateCluster', { clusterName: 'dev' })
    await account.call('ecr', 'CreateRepository', { repositoryName: 'orders' })
    const definition = await account.revision({})
    await account.create(definition, { tags: [{ key: 'team', value: 'blue' }] })
    await account.create(definition, { serviceName: 'legacy' })
    aws.guards.push(enforcement(aws))
    return held
  }

  async role(name: string, statements: Statement[], trust = trusting('states')): Promise<void> {
    const role = { RoleName: name, AssumeRolePolicyDocument: trust }
    await this.account.call('iam', 'CreateRole', role)
    await this.put(name, statements)
  }

  put(RoleName: string, Statement: Statement[], PolicyName = 'own'): Promise<unknown> {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    return this.account.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument })
  }

  /** A call of the machine `roll-out` with the role `machine`. */
  call(service: string, operation: string, input: object, caller: Partial<Caller> = {}) {
    const machine: Caller = { kind: 'machine', name: 'roll-out', roleArn: roleArn('machine') }
    const answer = this.account.aws.call(service, operation, input, { ...machine, ...caller })
    const settled = answer.then(
      () => 'ok',
      (error: Error) => `${error.name}: ${error.message}`,
    )
    return this.account.run(1_000).then(() => settled)
  }

  policyNames(role: string): string[] {
    return [...(this.iam.findRole(roleArn(role))?.inline.keys() ?? [])]
  }

  used(role: string): number {
    const [policy] = this.iam.permissionsOf(
      this.iam.findRole(roleArn(role)) ?? expect.unreachable(),
    ).policies
    const { name = '', statements = [] } = policy ?? {}
    return statements.filter((_, statement) =>
      this.iam.usage.count(role, { policy: name, statement, action: 0, resource: 0 }),
    ).length
  }
}

const allow = (
  Action: string | string[],
  Resource: string | string[] = '*',
  Condition?: object,
) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})

let held: Held
beforeEach(async () => {
  held = await Held.open()
})

const update = (service = 'orders') =>
  held.call('ecs', 'UpdateService', { cluster: 'dev', service, desiredCount: 3 })

describe('a caller with a role', () => {
  it('may do what its role allows, and nothing else, in AWS’s words', async () => {
    await held.role('machine', [allow('ecs:UpdateService', SERVICE)])
    expect(await update()).toBe('ok')
    expect(await update('legacy')).toBe(
      `AccessDeniedException: User: arn:aws:sts::${ACCOUNT}:assumed-role/machine/roll-out is not authorized to perform: ecs:UpdateService on resource: ${arn('ecs', 'service/dev/legacy')} because no identity-based policy allows the ecs:UpdateService action`,
    )
    expect(held.used('machine')).toBe(1)
  })

  it('may nothing once its role is gone; a machine of a role never heard of is let through', async () => {
    expect(await update()).toBe('ok')
    await held.role('machine', [])
    for (const name of held.policyNames('machine')) {
      await held.account.call('iam', 'DeleteRolePolicy', { RoleName: 'machine', PolicyName: name })
    }
    await held.account.call('iam', 'DeleteRole', { RoleName: 'machine' })
    expect(await update()).toContain('sts:AssumeRole')
  })

  it('is stopped by a deny and by its boundary', async () => {
    await held.role('machine', [allow('*'), { ...allow('ecs:Update*'), Effect: 'Deny' }])
    expect(await update()).toContain('with an explicit deny in an identity-based policy')
    await held.put('machine', [allow('*')])
    expect(await update()).toBe('ok')
    const { Policy } = await held.account.call<{ Policy: { Arn: string } }>('iam', 'CreatePolicy', {
      PolicyName: 'fence',
      PolicyDocument: JSON.stringify({ Statement: allow('ecr:*') }),
    })
    const PermissionsBoundary = Policy.Arn
    await held.account.call('iam', 'PutRolePermissionsBoundary', {
      RoleName: 'machine',
      PermissionsBoundary,
    })
    expect(await update()).toContain(
      'because no permissions boundary allows the ecs:UpdateService action',
    )
  })

  it('sees the tags that the resource carries now', async () => {
    const Condition = { StringEquals: { 'aws:ResourceTag/team': 'blue' } }
    await held.role('machine', [allow('ecs:UpdateService', '*', Condition)])
    expect(await update()).toBe('ok')
    expect(await update('legacy')).toContain('AccessDenied')
    await held.account.call('ecs', 'UntagResource', { resourceArn: SERVICE, tagKeys: ['team'] })
    expect(await update()).toContain('AccessDenied')
  })

  it('uses AWS’s managed policies', async () => {
    await held.role('machine', [])
    const attach = (name: string) =>
      held.account.call('iam', 'AttachRolePolicy', {
        RoleName: 'machine',
        PolicyArn: `arn:aws:iam::aws:policy/${name}`,
      })
    await attach('service-role/AmazonECSTaskExecutionRolePolicy')
    expect(await held.call('ecr', 'GetAuthorizationToken', {})).toBe('ok')
    await expect(attach('AdministratorAccess')).rejects.toThrow('AdministratorAccess')
  })

  it('is a person’s, or nobody’s: not checked', async () => {
    expect(await held.call('ecs', 'ListClusters', {}, { roleArn: undefined } as never)).toBe('ok')
  })

  it('never gets a condition key guessed', async () => {
    await held.role('machine', [allow('*', '*', { StringEquals: { 'ecs:clustr': 'dev' } })])
    expect(await update()).toMatch(/NotImplemented.*ecs:clustr/)
    await held.put('machine', [allow('*', '*', { Bool: { 'aws:SourceIp': 'true' } })])
    expect(await update()).toMatch(/NotImplemented.*aws:SourceIp/)
  })
})

describe('a role', () => {
  it('must exist for a function', async () => {
    const input = { cluster: 'dev', service: 'orders', desiredCount: 3 }
    expect(await held.call('ecs', 'UpdateService', input, { kind: 'function' })).toContain(
      `is not authorized to perform: sts:AssumeRole on resource: ${roleArn('machine')}`,
    )
  })

  test.each([
    ['the caller’s service', trusting('states'), true],
    ['another service', trusting('lambda'), false],
    ['this account', trusting('states', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }), true],
    ['another account', trusting('states', { StringEquals: { 'aws:SourceAccount': '1' } }), false],
    [
      'this machine',
      trusting('states', { ArnLike: { 'aws:SourceArn': arn('states', 'stateMachine:roll-*') } }),
      true,
    ],
    [
      'another machine',
      trusting('states', { ArnEquals: { 'aws:SourceArn': arn('states', 'stateMachine:x') } }),
      false,
    ],
  ])('is taken on when it trusts: %s', async (_, trust, expected) => {
    await held.role('machine', [allow('*')], trust)
    expect((await update()) === 'ok').toBe(expected)
  })

  it('is taken on by AWS for the resource it names', async () => {
    const rule = arn('events', 'rule/dev-image-pushed')
    await held.role(
      'events',
      [allow('sqs:SendMessage')],
      trusting('events', { ArnEquals: { 'aws:SourceArn': rule } }),
    )
    await held.account.call('sqs', 'CreateQueue', { QueueName: 'letters' })
    const QueueUrl = `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/letters`
    const send = (sourceArn: string) =>
      held.call(
        'sqs',
        'SendMessage',
        { QueueUrl, MessageBody: '{}' },
        { kind: 'aws', name: 'events', roleArn: roleArn('events'), sourceArn },
      )
    expect(await send(rule)).toBe('ok')
    expect(await send(`${rule}-2`)).toContain('sts:AssumeRole')
  })
})

describe('an action on several kinds of resource', () => {
  it('needs every kind that the reference marks as required', async () => {
    const revision = arn('ecs', 'service-revision/dev/orders/1')
    const describeRevision = () =>
      held.call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns: [revision] })
    await held.role('machine', [allow('ecs:DescribeServiceRevisions', revision)])
    expect(await describeRevision()).toContain(
      `not authorized to perform: ecs:DescribeServiceRevisions on resource: ${SERVICE}`,
    )
    await held.put('machine', [allow('ecs:DescribeServiceRevisions', SERVICE)])
    expect(await describeRevision()).toContain(`on resource: ${revision}`)
    await held.put('machine', [allow('ecs:DescribeServiceRevisions', [SERVICE, revision])])
    expect(await describeRevision()).toBe('ok')
  })

  it('refuses a call whose required resource it cannot tell', async () => {
    await held.role('machine', [allow('*')])
    const call = held.call('servicediscovery', 'CreateService', {
      Name: 'orders',
      NamespaceId: 'ns-1',
    })
    expect(await call).toMatch(/NotImplemented.*the service that servicediscovery:CreateService/)
  })
})

describe('what a call needs besides its own action', () => {
  const register = (more: object = {}) =>
    held.call('ecs', 'RegisterTaskDefinition', {
      family: 'orders',
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [{ name: 'orders', image: 'public.ecr.aws/nginx:1' }],
      ...more,
    })
  const definitions = arn('ecs', 'task-definition/*')

  it('handing on a role', async () => {
    const executionRoleArn = roleArn('dev-orders-execution')
    await held.role('machine', [allow('ecs:RegisterTaskDefinition', definitions)])
    expect(await register()).toBe('ok')
    expect(await register({ executionRoleArn })).toContain(
      `iam:PassRole on resource: ${executionRoleArn} because`,
    )
    const Condition = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }
    await held.put('machine', [allow('iam:PassRole', roleArn('dev-*'), Condition)], 'pass')
    expect(await register({ executionRoleArn })).toBe('ok')
    expect(await register({ executionRoleArn: roleArn('prod') })).toContain('iam:PassRole')
  })

  it('tagging what it makes', async () => {
    const tags = [{ key: 'team', value: 'blue' }]
    await held.role('machine', [allow('ecs:RegisterTaskDefinition', definitions)])
    expect(await register({ tags })).toContain(
      `ecs:TagResource on resource: ${arn('ecs', 'task-definition/orders:*')}`,
    )
    const tagging = (action: string) =>
      allow('ecs:TagResource', definitions, { StringEquals: { 'ecs:CreateAction': action } })
    await held.put('machine', [tagging('CreateService')], 'tag')
    expect(await register({ tags })).toContain('ecs:TagResource')
    await held.put('machine', [tagging('RegisterTaskDefinition')], 'tag')
    expect(await register({ tags })).toBe('ok')
    await held.put(
      'machine',
      [
        {
          ...allow('ecs:TagResource', '*', {
            'ForAnyValue:StringNotLike': { 'aws:TagKeys': 'caretaker:*' },
          }),
          Effect: 'Deny',
        },
      ],
      'only-ours',
    )
    expect(await register({ tags })).toContain('explicit deny')
    expect(await register({ tags: [{ key: 'caretaker:service', value: 'orders' }] })).toBe('ok')
  })
})

describe('transactions', () => {
  it('are checked as what they are made of', async () => {
    await held.account.call('dynamodb', 'CreateTable', {
      TableName: 'caretaker',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    })
    const table = arn('dynamodb', 'table/caretaker')
    const item = (pk: string) => ({ TableName: 'caretaker', Item: { pk: { S: pk } } })
    const Key = { pk: { S: 'a' } }
    const write = (TransactItems: object[]) =>
      held.call('dynamodb', 'TransactWriteItems', { TransactItems })
    await held.role('machine', [
      allow('dynamodb:PutItem', table, {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'a*' },
      }),
    ])
    expect(await write([{ Put: item('a1') }, { Put: item('a2') }])).toBe('ok')
    expect(await write([{ Put: item('a1') }, { Put: item('b') }])).toContain('dynamodb:PutItem')
    expect(
      await write([{ Put: item('a1') }, { Delete: { TableName: 'caretaker', Key } }]),
    ).toContain(`dynamodb:DeleteItem on resource: ${table}`)
  })
})
