import { expect, test } from 'vitest'
import { checksOf } from '../../local/aws/iam/actions.ts'
import { contextOf } from '../../local/aws/iam/context.ts'
import { Account } from '../kits/account.ts'

const PRINCIPAL = { arn: 'arn:aws:iam::123456789012:role/tester', tags: { team: 'blue' } }

/** What a condition of a policy reads for a call. */
function conditionOf(
  key: string,
  operation = 'UpdateService',
  input: Record<string, unknown> = {},
) {
  const { aws } = new Account()
  const [check] = checksOf({ aws, service: 'ecs', operation, input })
  if (check === undefined) throw new Error(`${operation} is not checked`)
  return contextOf(aws, check, PRINCIPAL)(key)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
test.each([
  ['aws:PrincipalArn', ['arn:aws:iam::123456789012:role/tester']],
  ['aws:PrincipalAccount', ['123456789012']],
  ['aws:ResourceAccount', ['123456789012']],
  ['aws:PrincipalType', ['AssumedRole']],
  ['aws:PrincipalIsAWSService', ['false']],
  ['aws:ViaAWSService', ['false']],
  ['aws:RequestedRegion', ['eu-central-1']],
  ['aws:SecureTransport', ['true']],
  ['aws:CurrentTime', ['2026-03-02T09:00:00.000Z']],
  ['aws:EpochTime', ['1772442000']],
  ['aws:PrincipalTag/team', ['blue']],
  ['aws:principaltag/other', undefined],
  ...[
    ...['aws:username', 'aws:SourceArn', 'aws:SourceAccount', 'aws:SourceVpc', 'aws:SourceVpce'],
    ...['aws:SourceIdentity', 'aws:PrincipalOrgID', 'aws:ResourceOrgID', 'aws:CalledVia'],
    ...['aws:MultiFactorAuthPresent', 'aws:MultiFactorAuthAge'],
  ].map((absent): [string, undefined] => [absent, undefined]),
])('a role’s call has %s', (key, value) => {
  expect(conditionOf(key)).toEqual(value)
})

test.each([
  ['aws:RequestTag/team', 'CreateService', { tags: [{ key: 'team', value: 'red' }] }, ['red']],
  ['aws:RequestTag/other', 'CreateService', { tags: [{ key: 'team', value: 'red' }] }, undefined],
  ['aws:RequestTag/team', 'UpdateService', { tags: [{ key: 'team', value: 'red' }] }, undefined],
  ['aws:TagKeys', 'CreateService', { tags: [{ key: 'a', value: '1' }] }, ['a']],
  ['aws:TagKeys', 'UntagResource', { resourceArn: 'a', tagKeys: ['a', 'b'] }, ['a', 'b']],
  ['aws:TagKeys', 'DeleteService', { tagKeys: ['a'] }, undefined],
  ['aws:ResourceTag/team', 'UpdateService', { service: 'orders' }, undefined],
  ['ecs:task-cpu', 'RegisterTaskDefinition', { cpu: '256' }, ['256']],
  ['ecs:task-memory', 'RegisterTaskDefinition', { memory: '512' }, ['512']],
  ['ecs:task-definition', 'CreateService', { taskDefinition: 'orders:1' }, ['orders:1']],
  ['ecs:enable-execute-command', 'CreateService', { enableExecuteCommand: false }, ['false']],
  ['ecs:enable-execute-command', 'CreateService', {}, undefined],
  ['ecs:propagate-tags', 'CreateService', { propagateTags: 'SERVICE' }, ['SERVICE']],
  [
    'ecs:cluster',
    'CreateService',
    { cluster: 'dev' },
    ['arn:aws:ecs:eu-central-1:123456789012:cluster/dev'],
  ],
])('%s of %s is %j → %j', (key, operation, input, value) => {
  expect(conditionOf(key, operation, input)).toEqual(value)
})

test.each(['aws:Nothing', 'ecs:nothing', 'nothing:at-all', 'nothing'])(
  '%s is no condition key',
  (key) => {
    expect(() => conditionOf(key)).toThrow(`the IAM condition key ${key}`)
  },
)
