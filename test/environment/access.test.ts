import { beforeAll, describe, expect, it, test } from 'vitest'
import { evaluate } from '../../local/aws/iam/evaluate.ts'
import { managedPolicy } from '../../local/aws/iam/managed.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { EVERY_STACK, everything } from '../kits/everything.ts'
import { Rights } from '../kits/rights.ts'
import { ofType, only, type Template, template } from '../kits/synth.ts'

const ACCOUNT = '123456789012'
const arn = (service: string, resource: string, account = ACCOUNT) =>
  `arn:aws:${service}:eu-central-1:${account}:${resource}`

const OWN = { 'aws:ResourceTag/caretaker:environment': 'dev' }
const FOREIGN = { 'aws:ResourceTag/caretaker:environment': 'other' }
const OF_A_SERVICE = { 'aws:ResourceTag/caretaker:service': 'orders' }
const STARTED = { 'ecs:CreateAction': 'RunTask' }
const TO_TASKS = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }

const CARETAKER = arn('lambda', 'function:dev-answer-caller')
const SIGNED = { 'lambda:FunctionUrlAuthType': 'AWS_IAM' }
const THROUGH_URL = { 'lambda:InvokedViaFunctionUrl': 'true' }

type Row = [what: string, action: string, resource: string, facts: Record<string, string>]

/** What each may do first of all; everybody further down may too. */
const MAY: Record<string, Row[]> = {
  'read-only': [
    ['sees services', 'ecs:DescribeServices', arn('ecs', 'service/dev-backend/orders'), {}],
    ['reads logs', 'logs:FilterLogEvents', arn('logs', 'log-group:/dev-orders'), {}],
    ['sees that a secret is there', 'secretsmanager:ListSecrets', '*', {}],
    ['asks Caretaker', 'lambda:InvokeFunctionUrl', CARETAKER, SIGNED],
    ['through its URL', 'lambda:InvokeFunction', CARETAKER, { ...SIGNED, ...THROUGH_URL }],
  ],
  developer: [
    ['pushes an image', 'ecr:PutImage', arn('ecr', 'repository/orders'), OWN],
    ['opens a shell', 'ecs:ExecuteCommand', arn('ecs', 'task/dev-backend/1'), {}],
    ['restarts a service', 'ecs:UpdateService', arn('ecs', 'service/dev-backend/orders'), {}],
    ['runs a job', 'ecs:RunTask', arn('ecs', 'task-definition/dev-nightly-report:1'), {}],
    ['with its role', 'iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/dev-orders-task`, TO_TASKS],
    ['and its tags', 'ecs:TagResource', arn('ecs', 'task/dev-backend/*'), STARTED],
    [
      'reads the secret of a service',
      'secretsmanager:GetSecretValue',
      arn('secretsmanager', 'secret:dev/orders/KEY-AbCdEf'),
      OF_A_SERVICE,
    ],
    ['comes to the bastion', 'ssm:StartSession', arn('ec2', 'instance/i-1'), OWN],
    [
      'and forwards a port',
      'ssm:StartSession',
      arn('ssm', 'document/AWS-StartPortForwardingSessionToRemoteHost', ''),
      {},
    ],
  ],
  operator: [
    [
      'deploys',
      'sts:AssumeRole',
      `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-deploy-role-${ACCOUNT}-eu-central-1`,
      {},
    ],
    [
      'empties the dead letters',
      'sqs:PurgeQueue',
      arn('sqs', 'dev-control-plane-dead-letters'),
      {},
    ],
    [
      'rolls back without Caretaker’s entrance',
      'states:StartExecution',
      arn('states', 'stateMachine:dev-roll-out'),
      {},
    ],
    ['stops a database', 'rds:StopDBInstance', arn('rds', 'db:dev-database'), OWN],
    [
      'puts in Slack’s token',
      'secretsmanager:PutSecretValue',
      arn('secretsmanager', 'secret:dev/caretaker/slack-AbCdEf'),
      {},
    ],
  ],
}

/** What nobody of these three may do. */
const MAY_NOT: Row[] = [
  ['ask Caretaker as somebody else', 'lambda:InvokeFunction', CARETAKER, {}],
  ['ask it through a URL that checks nobody', 'lambda:InvokeFunctionUrl', CARETAKER, {}],
  ['make a role', 'iam:CreateRole', `arn:aws:iam::${ACCOUNT}:role/mine`, {}],
  ['give a role more', 'iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/dev-developer`, {}],
  ['make a user', 'iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/me`, {}],
  ['become break-glass', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/dev-break-glass`, {}],
  ['delete a repository', 'ecr:DeleteRepository', arn('ecr', 'repository/orders'), OWN],
  ['delete a database', 'rds:DeleteDBInstance', arn('rds', 'db:dev-database'), OWN],
  ['push into another environment', 'ecr:PutImage', arn('ecr', 'repository/theirs'), FOREIGN],
  ['restart its services', 'ecs:UpdateService', arn('ecs', 'service/other-backend/a'), {}],
  [
    'open a shell on the bastion',
    'ssm:StartSession',
    arn('ssm', 'document/SSM-SessionManagerRunShell'),
    {},
  ],
  [
    'read the administrator’s password',
    'secretsmanager:GetSecretValue',
    arn('secretsmanager', 'secret:rds!db-1-AbCdEf'),
    {},
  ],
  [
    'hand a role to a function',
    'iam:PassRole',
    `arn:aws:iam::${ACCOUNT}:role/dev-orders-task`,
    { 'iam:PassedToService': 'lambda.amazonaws.com' },
  ],
]

const PEOPLE = ['read-only', 'developer', 'operator']

describe('people', () => {
  let rights: Rights

  beforeAll(async () => {
    rights = await Rights.open()
  })

  const may = (name: string, [, action, resource, facts]: Row): boolean =>
    rights.may(`dev-${name}`, action, resource, facts)

  const rows = Object.entries(MAY).flatMap(([who, some]) =>
    some.map((row): [string, string, Row] => [who, row[0], row]),
  )

  test.each(rows)('%s: %s, and so do those above, and nobody below', (who, _, row) => {
    const may_ = PEOPLE.filter((name) => may(name, row))
    expect(may_).toEqual(PEOPLE.slice(PEOPLE.indexOf(who)))
  })

  test.each(MAY_NOT.map((row): [string, Row] => [row[0], row]))('nobody may %s', (_, row) => {
    expect(PEOPLE.filter((name) => may(name, row))).toEqual([])
  })

  it('do not see Slack’s token unless they operate', () => {
    const row: Row = [
      '',
      'secretsmanager:GetSecretValue',
      arn('secretsmanager', 'secret:dev/caretaker/slack-AbCdEf'),
      {},
    ]
    expect(PEOPLE.filter((name) => may(name, row))).toEqual(['operator'])
  })
})

type Statement = { Effect: string; Action: string[] | string; Condition?: Record<string, object> }

describe('roles of people', () => {
  test.each([...PEOPLE, 'break-glass'])(
    '%s: taken by its permission set, or with a second factor',
    async (name) => {
      const { AssumeRolePolicyDocument, MaxSessionDuration } = only(
        await template('DevAccess'),
        'AWS::IAM::Role',
        ({ RoleName }) => RoleName === `dev-${name}`,
      )
      const { Statement } = AssumeRolePolicyDocument as { Statement: Statement[] }
      expect(Statement).toHaveLength(2)
      expect(JSON.stringify(Statement[0]?.Condition)).toContain(`AWSReservedSSO_dev-${name}_*`)
      expect(Statement[1]?.Condition).toMatchObject({
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      })
      expect(MaxSessionDuration).toBe(name === 'break-glass' ? 3600 : 28_800)
    },
  )

  it('have a group each, which lets them become it and nothing else', async () => {
    const access = await template('DevAccess')
    const groups = ofType(access, 'AWS::IAM::Group').map(
      ([, { Properties }]) => Properties.GroupName,
    )
    expect(groups.toSorted()).toEqual(
      [...PEOPLE, 'break-glass'].map((one) => `dev-${one}`).toSorted(),
    )
    const ofGroups = ofType(access, 'AWS::IAM::Policy').filter(
      ([, { Properties }]) => Properties.Groups,
    )
    for (const [, { Properties }] of ofGroups) {
      const { Statement } = Properties.PolicyDocument as { Statement: Statement[] }
      expect(Statement.map(({ Action }) => Action)).toEqual(['sts:AssumeRole'])
    }
  })

  it('are all there is: no user, no key', async () => {
    const { Resources } = await template('DevAccess')
    const types = Object.values(Resources).map(({ Type }) => Type)
    expect(types.filter((type) => /User|AccessKey/.test(type))).toEqual([])
  })
})

describe('the boundary', () => {
  let templates: Promise<string>
  beforeAll(() => {
    templates = templatesOf(everything(), { isValidated: true })
  })
  const all = async (): Promise<Template[]> =>
    Promise.all(EVERY_STACK.map((stack) => template(stack, templates)))

  it('is on every role the environment makes', async () => {
    const roles = (await all()).flatMap((one) => ofType(one, 'AWS::IAM::Role'))
    expect(roles.length).toBeGreaterThan(20)
    for (const [id, { Properties }] of roles) {
      expect(JSON.stringify(Properties.PermissionsBoundary), id).toMatch(/boundary/)
    }
  })

  it('lets through whatever a role is given', async () => {
    const access = await template('DevAccess', templates)
    const { PolicyDocument } = only(
      access,
      'AWS::IAM::ManagedPolicy',
      ({ ManagedPolicyName }) => ManagedPolicyName === 'dev-boundary',
    )
    const [allowed, denied] = (PolicyDocument as { Statement: Statement[] }).Statement
    const given = (await all())
      .flatMap((one) => [
        ...ofType(one, 'AWS::IAM::Policy'),
        ...ofType(one, 'AWS::IAM::ManagedPolicy'),
      ])
      .filter(([, { Properties }]) => !/break-glass|boundary/.test(JSON.stringify(Properties)))
      .flatMap(
        ([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
      )
      .filter(({ Effect, Action }) => Effect === 'Allow' && Action !== '*')
      .flatMap(({ Action }) => Action)
    const through = (action: string) =>
      [allowed?.Action ?? []]
        .flat()
        .some((one) => one === action || one === `${action.split(':')[0]}:*`)
    expect(given.filter((action) => !through(action))).toEqual([])
    expect(given.filter((action) => [denied?.Action ?? []].flat().includes(action))).toEqual([])
  })

  it('lets through whatever AWS’s own policies allow that a role has', async () => {
    const start = new Date('2026-03-02T09:00:00Z')
    const { iam } = await Simulation.open({ catalog: everything(), seed: 1, start })
    const held = iam.roles.flatMap((role) =>
      [...role.attached]
        .filter((arn) => arn.startsWith('arn:aws:iam::aws:'))
        .map((arn) => ({ role, arn })),
    )
    // Seven of EKS Auto Mode's, and Grafana's none.
    expect(held.length).toBeGreaterThanOrEqual(7)
    const stopped = held.flatMap(({ role, arn }) =>
      managedPolicy(arn).statements.flatMap(({ actions }) =>
        actions.patterns.filter((action) => {
          const { policies, boundary } = iam.permissionsOf(role)
          const request = { action, resource: '*', context: () => undefined }
          return !evaluate(policies, boundary, request).allowed
        }),
      ),
    )
    expect(stopped).toEqual([])
  })
})
