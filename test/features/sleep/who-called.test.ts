import { describe, expect, it, test } from 'vitest'
import { callerOf, changedBy, type Recorded } from '../../../domain/sleep/changed.ts'

const OWN = 'arn:aws:iam::123456789012:role/dev-sleep'

function session(role: string, name: string, more: object = {}): Recorded['userIdentity'] {
  const arn = `arn:aws:iam::123456789012:role/${role}`
  const sessionIssuer = { arn, userName: role.split('/').at(-1) ?? '' }
  return {
    type: 'AssumedRole',
    principalId: `AROA:${name}`,
    sessionContext: { sessionIssuer },
    ...more,
  }
}

const SSO = 'aws-reserved/sso.amazonaws.com/AWSReservedSSO_dev-operator_0a1b'

describe('who has called', () => {
  test.each<[string, Recorded['userIdentity'], ReturnType<typeof callerOf>]>([
    ['a user', { type: 'IAMUser', userName: 'ana' }, { by: 'ana', tool: false }],
    ['root', { type: 'Root' }, { by: 'root', tool: false }],
    ['Identity Center', session(SSO, 'ann'), { by: 'ann', tool: false }],
    [
      'an e-mail address',
      session('dev', 'bob@example.com'),
      { by: 'bob@example.com', tool: false },
    ],
    ['a pipeline', session('ci-deploy', 'GitHubActions'), { by: 'ci-deploy', tool: true }],
    [
      'a person through CloudFormation',
      session(SSO, 'ann', { invokedBy: 'cloudformation.amazonaws.com' }),
      { by: 'CloudFormation', tool: true },
    ],
    [
      'another service',
      { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' },
      { by: 'autoscaling.amazonaws.com', tool: true },
    ],
    ['Caretaker', session('dev-sleep', 'x', { invokedBy: 'states.amazonaws.com' }), undefined],
  ])('%s', (_, userIdentity, expected) => {
    const recorded = { eventName: 'StopInstances', eventTime: '2026-03-03T04:30:00Z', userIdentity }
    expect(callerOf(recorded, [OWN])).toEqual(expected)
  })

  it('is CloudFormation where only the address says so', () => {
    const recorded = {
      eventName: 'UpdateService',
      eventTime: '2026-03-03T04:30:00Z',
      userIdentity: session('ci', 'x'),
      sourceIPAddress: 'cloudformation.amazonaws.com',
    }
    expect(callerOf(recorded, [])).toEqual({ by: 'CloudFormation', tool: true })
  })
})

describe('what a call has changed', () => {
  const changed = (
    eventName: string,
    requestParameters: Record<string, unknown>,
    responseElements: Record<string, unknown> | null = null,
  ) =>
    changedBy({
      eventName,
      eventTime: '2026-03-03T04:30:00Z',
      userIdentity: {},
      requestParameters,
      responseElements,
    })
  const machines = { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } }
  const answer = { service: { serviceArn: 'arn:aws:ecs:r:1:service/dev-backend/orders' } }
  const target = {
    serviceNamespace: 'ecs',
    resourceId: 'service/dev-backend/orders',
    minCapacity: 1,
    maxCapacity: 3,
  }
  const name = { autoScalingGroupName: 'workers' }

  test.each<[string, ReturnType<typeof changedBy>, string | undefined]>([
    ['StartInstances', changed('StartInstances', machines), 'awake instance/i-1 instance/i-2'],
    ['StopInstances', changed('StopInstances', machines), 'asleep instance/i-1 instance/i-2'],
    [
      'StartDBInstance',
      changed('StartDBInstance', { dBInstanceIdentifier: 'Dev-Payments' }),
      'awake database/dev-payments',
    ],
    [
      'StopDBInstance',
      changed('StopDBInstance', { dBInstanceIdentifier: 'p' }),
      'asleep database/p',
    ],
    ['StartDBCluster', changed('StartDBCluster', { dBClusterIdentifier: 'c' }), 'awake cluster/c'],
    ['StopDBCluster', changed('StopDBCluster', { dBClusterIdentifier: 'c' }), 'asleep cluster/c'],
    [
      'UpdateService to two',
      changed('UpdateService', { desiredCount: 2 }, answer),
      'awake service/dev-backend/orders',
    ],
    [
      'UpdateService to none, by names',
      changed('UpdateService', { cluster: 'dev-backend', service: 'orders', desiredCount: 0 }),
      'asleep service/dev-backend/orders',
    ],
    ['a deployment', changed('UpdateService', { cluster: 'c', service: 's' }), undefined],
    [
      'RegisterScalableTarget',
      changed('RegisterScalableTarget', target),
      'awake service/dev-backend/orders',
    ],
    [
      'RegisterScalableTarget to none',
      changed('RegisterScalableTarget', { ...target, minCapacity: 0, maxCapacity: 0 }),
      'asleep service/dev-backend/orders',
    ],
    [
      'RegisterScalableTarget that allows none',
      changed('RegisterScalableTarget', { ...target, minCapacity: 0 }),
      undefined,
    ],
    [
      'RegisterScalableTarget of a table',
      changed('RegisterScalableTarget', { ...target, serviceNamespace: 'dynamodb' }),
      undefined,
    ],
    [
      'SetDesiredCapacity',
      changed('SetDesiredCapacity', { ...name, desiredCapacity: 0 }),
      'asleep group/workers',
    ],
    [
      'UpdateAutoScalingGroup',
      changed('UpdateAutoScalingGroup', { ...name, minSize: 1 }),
      'awake group/workers',
    ],
    [
      'UpdateAutoScalingGroup of something else',
      changed('UpdateAutoScalingGroup', { ...name, defaultCooldown: 10 }),
      undefined,
    ],
  ])('%s', (_, found, expected) => {
    const said = found === undefined ? undefined : [found.to, ...found.ids].join(' ')
    expect(said).toBe(expected)
  })

  it('says the tags of what was made', () => {
    const tags = [{ key: 'caretaker:schedule', value: 'office-hours' }]
    const made = { 'caretaker:schedule': 'office-hours' }
    expect(changed('CreateService', { desiredCount: 1, tags }, answer)?.tags).toEqual(made)
    const set = { items: [{ instanceId: 'i-1', tagSet: { items: tags } }] }
    expect(changed('RunInstances', {}, { instancesSet: set })?.tags).toEqual(made)
  })
})
