import { beforeAll, describe, expect, it, test } from 'vitest'
import { type Facts, Rights } from '../kits/rights.ts'

const ACCOUNT = '123456789012'
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:eu-central-1:${ACCOUNT}:${resource}`
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`
const policy = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`
const secret = (name: string) => arn('secretsmanager', `secret:${name}-AbCdEf`)

const TO_TASKS = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }
const OF_DEV = { 'aws:ResourceTag/caretaker:environment': 'dev' }
const OPTED_IN = { 'aws:ResourceTag/caretaker:repository': 'orders' }
const bounded = (name: string) => ({ 'iam:PermissionsBoundary': policy(name) })
const THEIRS = { ...OPTED_IN, 'aws:ResourceTag/caretaker:environment': 'other' }
const TRAIL = 'arn:aws:s3:::any-bucket/AWSLogs/123456789012/CloudTrail/eu-central-1/2026/03/02/a.gz'

/**
 * What somebody tries with a role they have stolen, or take by mistake: whether it worked at commit
 * 80d5e1b (tried on its templates with this same table), and whether it works now.
 */
type Row = {
  tries: string
  before: boolean
  now: boolean
} & (
  | { action: string; on: string; facts?: Facts }
  | { call: [string, string]; input: object; facts?: Facts }
)

const did = (tries: string, action: string, on: string, facts?: Facts): Row => ({
  tries,
  before: true,
  now: false,
  action,
  on,
  ...(facts && { facts }),
})
const does = (...given: Parameters<typeof did>): Row => ({ ...did(...given), now: true })
const never = (...given: Parameters<typeof did>): Row => ({ ...did(...given), before: false })

const TABLE: Record<string, Row[]> = {
  'dev-developer': [
    {
      tries: 'runs the preparation of a database, with a command of their own',
      before: true,
      now: false,
      call: ['ecs', 'RunTask'],
      input: { cluster: 'dev-backend', taskDefinition: 'dev-products-database' },
    },
    did(
      'the same by revision',
      'ecs:RunTask',
      arn('ecs', 'task-definition/dev-products-database:7'),
    ),
    did(
      'rolls out in somebody else’s name',
      'states:StartExecution',
      arn('states', 'stateMachine:dev-roll-out'),
    ),
    did('hands on its role', 'iam:PassRole', role('dev-products-database-execution'), TO_TASKS),
    {
      tries: 'lets a service run it',
      before: true,
      now: false,
      call: ['ecs', 'UpdateService'],
      input: {
        cluster: 'dev-backend',
        service: 'products',
        taskDefinition: 'dev-products-database:1',
      },
    },
    {
      tries: 'opens a shell on the bastion by naming no document',
      before: true,
      now: false,
      call: ['ssm', 'StartSession'],
      input: { Target: 'i-0123456789abcdef0' },
      facts: OF_DEV,
    },
    {
      tries: 'forwards a port',
      before: true,
      now: true,
      call: ['ssm', 'StartSession'],
      input: {
        Target: 'i-0123456789abcdef0',
        DocumentName: 'AWS-StartPortForwardingSessionToRemoteHost',
      },
      facts: OF_DEV,
    },
    does('runs a job', 'ecs:RunTask', arn('ecs', 'task-definition/dev-nightly-report:1')),
    does('restarts a service', 'ecs:UpdateService', arn('ecs', 'service/dev-backend/orders')),
    never(
      'reads the administrator’s password',
      'secretsmanager:GetSecretValue',
      secret('rds!db-1'),
    ),
    never('reads Slack’s token', 'secretsmanager:GetSecretValue', secret('dev/caretaker/slack')),
    never('takes break-glass', 'sts:AssumeRole', role('dev-break-glass')),
    never('deploys', 'sts:AssumeRole', role(`cdk-hnb659fds-deploy-role-${ACCOUNT}-eu-central-1`)),
  ],
  'dev-operator': [
    did(
      'switches the rule about break-glass off',
      'events:DisableRule',
      arn('events', 'rule/dev-break-glass-used'),
    ),
    did(
      'silences its alarm',
      'cloudwatch:DisableAlarmActions',
      arn('cloudwatch', 'alarm:dev-break-glass-used'),
    ),
    did(
      'takes a role of another bootstrap',
      'sts:AssumeRole',
      role(`cdk-secret-deploy-role-${ACCOUNT}-eu-central-1`),
    ),
    does('deploys', 'sts:AssumeRole', role(`cdk-hnb659fds-deploy-role-${ACCOUNT}-eu-central-1`)),
    does('switches another rule off', 'events:DisableRule', arn('events', 'rule/dev-image-pushed')),
    {
      tries: 'prepares a database again',
      before: true,
      now: true,
      call: ['ecs', 'RunTask'],
      input: { cluster: 'dev-backend', taskDefinition: 'dev-products-database' },
    },
    never('makes a role', 'iam:CreateRole', role('mine')),
    never('deletes a database', 'rds:DeleteDBInstance', arn('rds', 'db:dev-database'), OF_DEV),
  ],
  'dev-break-glass': [
    did('takes its limits off', 'iam:DeleteRolePermissionsBoundary', role('dev-break-glass')),
    did('changes them', 'iam:CreatePolicyVersion', policy('dev-break-glass-boundary')),
    did('lets others take it', 'iam:UpdateAssumeRolePolicy', role('dev-break-glass')),
    did('makes a user', 'iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/me`),
    did('makes a key', 'iam:CreateAccessKey', `arn:aws:iam::${ACCOUNT}:user/someone`),
    did('makes a role without limits', 'iam:CreateRole', role('mine')),
    did('makes one with limits of their own', 'iam:CreateRole', role('mine'), bounded('mine')),
    did('hands on the role of CloudFormation', 'iam:PassRole', role('cdk-hnb659fds-cfn-exec-role')),
    did('deletes what the trail wrote', 's3:DeleteObject', TRAIL),
    did('lets S3 delete it', 's3:PutLifecycleConfiguration', 'arn:aws:s3:::any-bucket'),
    did(
      'opens the trail’s bucket',
      's3:PutBucketPolicy',
      `arn:aws:s3:::aws-cloudtrail-logs-${ACCOUNT}`,
    ),
    did('takes away the trail’s key', 'kms:DisableKey', arn('kms', 'key/1')),
    did('switches its rule off', 'events:DisableRule', arn('events', 'rule/dev-break-glass-used')),
    did(
      'deletes its alarm',
      'cloudwatch:DeleteAlarms',
      arn('cloudwatch', 'alarm:dev-break-glass-used'),
    ),
    did('deletes the topic of alarms', 'sns:DeleteTopic', arn('sns', 'dev-alarms')),
    never('stops the trail', 'cloudtrail:StopLogging', arn('cloudtrail', 'trail/main')),
    does('makes a role with limits', 'iam:CreateRole', role('mine'), bounded('dev-boundary')),
    does('deletes a database', 'rds:DeleteDBInstance', arn('rds', 'db:dev-database')),
    does('deletes another object', 's3:DeleteObject', 'arn:aws:s3:::any-bucket/a.txt'),
  ],
  'dev-products-task': [
    does('opens the channel of a shell', 'ssmmessages:OpenDataChannel', '*'),
    never('reads its own secret', 'secretsmanager:GetSecretValue', secret('dev/products/database')),
    never('changes a service', 'ecs:UpdateService', arn('ecs', 'service/dev-backend/products')),
    never('writes Caretaker’s records', 'dynamodb:PutItem', arn('dynamodb', 'table/dev-caretaker')),
    never('takes another role', 'sts:AssumeRole', role('dev-operator')),
  ],
  'dev-products-execution': [
    never(
      'reads another’s secret',
      'secretsmanager:GetSecretValue',
      secret('dev/mailer/SMTP_PASSWORD'),
    ),
    never(
      'reads the administrator’s password',
      'secretsmanager:GetSecretValue',
      secret('rds!db-1'),
    ),
    never('pulls another’s image', 'ecr:BatchGetImage', arn('ecr', 'repository/orders')),
    never('pushes its own', 'ecr:PutImage', arn('ecr', 'repository/products')),
  ],
  rolloutrolloutrole: [
    did(
      'changes a service of another environment',
      'ecs:UpdateService',
      arn('ecs', 'service/shared/a'),
      THEIRS,
    ),
    does(
      'changes one that says nothing',
      'ecs:UpdateService',
      arn('ecs', 'service/shared/a'),
      OPTED_IN,
    ),
    never('changes one that has not opted in', 'ecs:UpdateService', arn('ecs', 'service/shared/a')),
    did(
      'registers a revision for another environment',
      'ecs:RegisterTaskDefinition',
      arn('ecs', 'task-definition/theirs:*'),
      { 'aws:RequestTag/caretaker:environment': 'other' },
    ),
    does('registers one', 'ecs:RegisterTaskDefinition', arn('ecs', 'task-definition/dev-orders:*')),
    did(
      'hands on a preparation’s role',
      'iam:PassRole',
      role('dev-products-database-execution'),
      TO_TASKS,
    ),
    does('hands on a service’s role', 'iam:PassRole', role('dev-products-execution'), TO_TASKS),
    never('hands one to a function', 'iam:PassRole', role('dev-products-task'), {
      'iam:PassedToService': 'lambda.amazonaws.com',
    }),
    never('starts a task by itself', 'ecs:RunTask', arn('ecs', 'task-definition/dev-orders:1')),
  ],
  rolloutplanrolloutrole: [
    never(
      'changes a service',
      'ecs:UpdateService',
      arn('ecs', 'service/dev-backend/orders'),
      OPTED_IN,
    ),
    never('reads a secret', 'secretsmanager:GetSecretValue', secret('dev/caretaker/slack')),
  ],
  rolloutstartrolloutsrole: [
    never('starts another machine', 'states:StartExecution', arn('states', 'stateMachine:theirs')),
    never('changes a record', 'dynamodb:UpdateItem', arn('dynamodb', 'table/dev-caretaker')),
  ],
  rolloutwatchdeploymentrole: [
    never(
      'stops a deployment',
      'ecs:StopServiceDeployment',
      arn('ecs', 'service/dev-backend/orders'),
    ),
    never(
      'answers another machine',
      'states:SendTaskSuccess',
      arn('states', 'stateMachine:theirs'),
    ),
  ],
  sweepsweeprole: [
    never('writes a record', 'dynamodb:PutItem', arn('dynamodb', 'table/dev-caretaker')),
    never(
      'changes a service',
      'ecs:UpdateService',
      arn('ecs', 'service/dev-backend/orders'),
      OPTED_IN,
    ),
  ],
  slacktellslackrole: [
    never(
      'reads a service’s secret',
      'secretsmanager:GetSecretValue',
      secret('dev/products/database'),
    ),
    never('deletes a record', 'dynamodb:DeleteItem', arn('dynamodb', 'table/dev-caretaker')),
  ],
}

let rights: Rights
beforeAll(async () => {
  rights = await Rights.open()
})

const rows = Object.entries(TABLE).flatMap(([who, some]) =>
  some.map((row) => [who, row.tries, row.now ? 'allowed' : 'refused', row] as const),
)

describe('who has stolen a role', () => {
  test.each(rows)('%s: %s: %s', (who, _, __, row) => {
    const allowed =
      'call' in row
        ? rights.mayCall(who, row.call, row.input, row.facts)
        : rights.may(who, row.action, row.on, row.facts)
    expect(allowed).toBe(row.now)
  })
})

describe('break-glass', () => {
  const person = { kind: 'AWS', name: `arn:aws:iam::${ACCOUNT}:root` } as const
  const factor = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '60' }
  const fromIdentityCenter = {
    'aws:PrincipalArn': role('aws-reserved/sso.amazonaws.com/AWSReservedSSO_dev-break-glass_0a1b'),
  }

  test.each([
    ['a second factor', factor],
    ['its permission set', fromIdentityCenter],
  ])('is taken with %s, where its rule sees it and nowhere else', (_, facts) => {
    const taken = (region: string) =>
      rights.mayBecome('dev-break-glass', person, { ...facts, 'aws:RequestedRegion': region })
    expect(taken('eu-central-1')).toBe(true)
    expect(taken('us-east-1')).toBe(false)
  })

  it('is not taken with a factor that is older than an hour', () => {
    const old = {
      ...factor,
      'aws:MultiFactorAuthAge': '3600',
      'aws:RequestedRegion': 'eu-central-1',
    }
    expect(rights.mayBecome('dev-break-glass', person, old)).toBe(false)
  })
})

describe('a role that ECS takes', () => {
  const ecs = { kind: 'Service', name: 'ecs-tasks.amazonaws.com' } as const

  test.each(['dev-products-task', 'dev-products-execution', 'dev-products-database-execution'])(
    '%s: for tasks of this account and of no other',
    (name) => {
      expect(rights.mayBecome(name, ecs, { 'aws:SourceAccount': ACCOUNT })).toBe(true)
      expect(rights.mayBecome(name, ecs, { 'aws:SourceAccount': '210987654321' })).toBe(false)
    },
  )
})
