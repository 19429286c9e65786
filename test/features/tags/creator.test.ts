import { expect, test } from 'vitest'
import { creatorOf, teamsOf, type UserIdentity } from '../../../domain/tagging/creator.ts'

const TEAMS = {
  platform: { channel: '#p', members: [{ email: 'both@example.com' }], roles: [] },
  ordering: {
    channel: '#o',
    members: [{ email: 'mira.k@example.com' }, { email: 'both@example.com' }],
    roles: ['arn:aws:iam::123456789012:role/ci/ci-orders'],
  },
}
const CATALOG = { teams: TEAMS, operators: { members: [{ email: 'olga@example.com' }], roles: [] } }

const assumed = (role: string, session: string, more: object = {}): UserIdentity => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${session}`,
  arn: `arn:aws:sts::123456789012:assumed-role/${role.split('/').at(-1)}/${session}`,
  sessionContext: {
    sessionIssuer: {
      arn: `arn:aws:iam::123456789012:role/${role}`,
      userName: role.split('/').at(-1) ?? '',
    },
    ...more,
  },
})
const SSO = 'aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Developer_0a1b2c3d4e5f6a7b'

test.each<[string, UserIdentity, string, string, string[]]>([
  ['an IAM user', { type: 'IAMUser', userName: 'mira' }, '', 'person mira', []],
  [
    'an IAM user with an e-mail address for a name',
    { type: 'IAMUser', userName: 'Mira.K@example.com' },
    '',
    'person Mira.K@example.com',
    ['ordering'],
  ],
  ['an IAM user without a name', { type: 'IAMUser' }, '', 'unknown an IAM user', []],
  [
    'Identity Center: the session, not the role',
    assumed(SSO, 'mira.k@example.com'),
    '',
    'person mira.k@example.com',
    ['ordering'],
  ],
  ['Identity Center, without e-mail', assumed(SSO, 'mira'), '', 'person mira', []],
  [
    'somebody in two teams',
    assumed(SSO, 'both@example.com'),
    '',
    'person both@example.com',
    ['platform', 'ordering'],
  ],
  ['an operator of no team', assumed(SSO, 'olga@example.com'), '', 'person olga@example.com', []],
  [
    'a role of continuous integration that the catalog lists, by its path or without',
    assumed('ci/ci-orders', 'GitHubActions'),
    '',
    'role ci-orders/GitHubActions',
    ['ordering'],
  ],
  [
    'a role that it does not list',
    assumed('deploy', 'botocore-session-1764323'),
    '',
    'role deploy/botocore-session-1764323',
    [],
  ],
  [
    'the commit’s author as source identity',
    assumed('deploy', 'run-17', { sourceIdentity: 'mira.k@example.com' }),
    '',
    'person mira.k@example.com',
    ['ordering'],
  ],
  [
    'a session that is an e-mail address',
    assumed('deploy', 'mira.k@example.com'),
    '',
    'person mira.k@example.com',
    ['ordering'],
  ],
  [
    'an instance, under a role with _ in its name',
    assumed('my_role_1', 'i-0123456789abcdef0'),
    '',
    'instance my_role_1/i-0123456789abcdef0',
    [],
  ],
  ['a function', assumed('dev-mailer', 'dev-mailer'), '', 'role dev-mailer/dev-mailer', []],
  [
    'a service-linked role',
    assumed('aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS', 'ecs-service-scheduler'),
    '',
    'service AWSServiceRoleForECS',
    [],
  ],
  [
    'CloudFormation by a deploy role that the catalog lists',
    { ...assumed('ci-orders', 'AWSCloudFormation'), invokedBy: 'cloudformation.amazonaws.com' },
    'cloudformation.amazonaws.com',
    'stack CloudFormation',
    [],
  ],
  [
    'CloudFormation for a person',
    { ...assumed(SSO, 'mira.k@example.com'), invokedBy: 'cloudformation.amazonaws.com' },
    'cloudformation.amazonaws.com',
    'stack CloudFormation',
    [],
  ],
  [
    'an Auto Scaling group',
    {
      ...assumed(
        'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
        'AutoScaling',
      ),
      invokedBy: 'autoscaling.amazonaws.com',
    },
    'autoscaling.amazonaws.com',
    'group autoscaling.amazonaws.com',
    [],
  ],
  [
    'another service',
    { type: 'AWSService', invokedBy: 'backup.amazonaws.com' },
    '',
    'service backup.amazonaws.com',
    [],
  ],
  ['a service without a name', { type: 'AWSService' }, '', 'service a service of AWS', []],
  [
    'a federated user',
    { type: 'FederatedUser', principalId: '123456789012:mira.k@example.com' },
    '',
    'person mira.k@example.com',
    ['ordering'],
  ],
  [
    'a federated user by a word',
    { type: 'FederatedUser', principalId: '123456789012:mira' },
    '',
    'unknown a federated user',
    [],
  ],
  [
    'a user of SAML',
    { type: 'SAMLUser', userName: 'mira.k@example.com' },
    '',
    'person mira.k@example.com',
    ['ordering'],
  ],
  [
    'a web identity',
    { type: 'WebIdentityUser', userName: '17' },
    '',
    'unknown a user of WebIdentityUser',
    [],
  ],
  [
    'Identity Center itself',
    { type: 'IdentityCenterUser' },
    '',
    'unknown a user of IdentityCenterUser',
    [],
  ],
  ['root', { type: 'Root' }, '', 'unknown the root user', []],
  ['another account', { type: 'AWSAccount' }, '', 'unknown AWSAccount', []],
  ['a directory', { type: 'Directory' }, '', 'unknown Directory', []],
  ['what AWS does not know', { type: 'Unknown' }, '', 'unknown Unknown', []],
  ['nothing at all', {}, '', 'unknown nobody named', []],
  ['a session of nothing', { type: 'AssumedRole' }, '', 'unknown a session', []],
])('%s', (_, identity, address, said, teams) => {
  const creator = creatorOf(identity, address)
  expect(`${creator.kind} ${creator.name}`).toBe(said)
  expect(teamsOf(CATALOG, creator)).toEqual(teams)
})
