import { describe, expect, it } from 'vitest'
import { ApplicationAutoScaling } from '../../local/aws/application-auto-scaling/application-auto-scaling.ts'
import type { Caller } from '../../local/aws/aws.ts'
import { CloudTrail } from '../../local/aws/cloudtrail/cloudtrail.ts'
import { enforcement } from '../../local/aws/iam/enforcement.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { Rds } from '../../local/aws/rds/rds.ts'
import { deploy } from '../../local/cloudformation/deploy.ts'
import { administrator } from '../../local/simulation/identity-center.ts'
import { Account, MINUTE, PERSON } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'
import { ScalingGroup } from '../kits/scaling-group.ts'
import { assembly, Templates } from '../kits/templates.ts'

const TRAIL = { Name: 'management', S3BucketName: 'trails' }

/** What CloudTrail tells of an account. */
function logged(account: Account) {
  account.aws.register(new CloudTrail(account.aws))
  const told = () =>
    account.events.filter(({ detailType }) => detailType === 'AWS API Call via CloudTrail')
  return { told, details: () => told().map(({ detail }) => detail as Detail) }
}

type Detail = Record<string, unknown> & { eventName: string }

/** A network with a group, whose calls a trail logs. */
async function opened(isLogging = true) {
  const account = await ScalingGroup.begin()
  const { told, details } = logged(account)
  account.aws.register(new Iam(account.aws))
  await account.call('cloudtrail', 'CreateTrail', TRAIL)
  if (isLogging) await account.call('cloudtrail', 'StartLogging', { Name: 'management' })
  return { account, told, details }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
describe('a call that changes something', () => {
  it('is told some time later, as of its own time', async () => {
    const { account, told } = await opened()
    const [InstanceId = ''] = await account.launch()
    const at = account.world.date
    await account.run(2_000)
    expect(told()).toEqual([])
    await account.run(5 * MINUTE)
    expect(told()).toMatchObject([
      {
        source: 'aws.ec2',
        resources: [],
        delivery: 'best-effort',
        time: at,
        detail: { eventName: 'RunInstances', readOnly: false },
      },
    ])
    expect(told()[0]?.detail.responseElements).toMatchObject({
      instancesSet: {
        items: [{ instanceId: InstanceId, instanceState: { code: 0, name: 'pending' } }],
      },
    })
  })

  it('is not told without a trail that logs it', async () => {
    const { account, told } = await opened(false)
    const call = (operation: string, input: object) => account.call('cloudtrail', operation, input)
    const isLogging = () => call('GetTrailStatus', { Name: 'management' })
    expect(await isLogging()).toEqual({ IsLogging: false })
    await account.launch()
    await call('StartLogging', { Name: 'management' })
    expect(await isLogging()).toMatchObject({ IsLogging: true })
    const only = (more: object) =>
      call('PutEventSelectors', { TrailName: 'management', EventSelectors: [more] })
    await only({ ReadWriteType: 'ReadOnly' })
    await account.launch()
    await only({ IncludeManagementEvents: false })
    await account.launch()
    await account.run(10 * MINUTE)
    expect(told()).toEqual([])
    await only({ ReadWriteType: 'WriteOnly' })
    await account.launch()
    await account.run(10 * MINUTE)
    expect(told()).toHaveLength(1)
    await call('StopLogging', { Name: 'management' })
    await account.launch()
    await account.run(10 * MINUTE)
    expect(told()).toHaveLength(1)
  })

  it('is told when it fails, and reads are not', async () => {
    const { account, details } = await opened()
    const ids = await account.launch()
    await account.instances()
    await account.run(MINUTE)
    await account.call('ec2', 'TerminateInstances', { InstanceIds: ids })
    await account.run(2 * MINUTE)
    const stop = account.call('ec2', 'StopInstances', { InstanceIds: ids })
    await expect(stop).rejects.toMatchObject({ name: 'IncorrectInstanceState' })
    await account.run(5 * MINUTE)
    expect(
      details()
        .map(({ eventName }) => eventName)
        .toSorted(),
    ).toEqual([...['RunInstances', 'StopInstances', 'TerminateInstances']])
    expect(details().find(({ eventName }) => eventName === 'StopInstances')).toMatchObject({
      errorCode: 'Client.IncorrectInstanceState',
      errorMessage: expect.stringContaining(ids[0] ?? ''),
      requestParameters: { instancesSet: { items: [{ instanceId: ids[0] }] }, force: false },
      responseElements: null,
    })
  })

  it('that EC2 has no capacity for is an error of the server', async () => {
    const { account, details } = await opened()
    const until = account.world.now + MINUTE
    account.faults.shortage({ instanceType: 't3.micro', zone: 'eu-central-1b', until })
    await expect(account.launch()).rejects.toMatchObject({ statusCode: 500 })
    await account.run(5 * MINUTE)
    expect(details()).toMatchObject([{ errorCode: 'Server.InsufficientInstanceCapacity' }])
  })

  it('of a group is written as the API has it', async () => {
    const { account, told } = await opened()
    await account.scaling('SuspendProcesses', { ScalingProcesses: ['HealthCheck'] })
    await account.scaling('UpdateAutoScalingGroup', { MinSize: 0, DesiredCapacity: 0 })
    await account.run(5 * MINUTE)
    const byPerson = told().filter(
      ({ detail }) => detail.eventSource === 'autoscaling.amazonaws.com',
    )
    expect(byPerson.map(({ source }) => source)).toEqual(Array(2).fill('aws.autoscaling'))
    expect(byPerson.map(({ detail }) => detail)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          eventName: 'SuspendProcesses',
          requestParameters: { autoScalingGroupName: 'workers', scalingProcesses: ['HealthCheck'] },
          responseElements: null,
        }),
        expect.objectContaining({
          eventName: 'UpdateAutoScalingGroup',
          requestParameters: { autoScalingGroupName: 'workers', minSize: 0, desiredCapacity: 0 },
        }),
      ]),
    )
  })

  it('by which a person tags is written in sets', async () => {
    const { account, details } = await opened()
    const Tags = [{ Key: 'caretaker:schedule', Value: 'office-hours' }]
    await account.call('ec2', 'CreateTags', { Resources: [account.vpc], Tags })
    await account.run(5 * MINUTE)
    expect(details()).toMatchObject([
      {
        requestParameters: {
          resourcesSet: { items: [{ resourceId: account.vpc }] },
          tagSet: { items: [{ key: 'caretaker:schedule', value: 'office-hours' }] },
        },
        responseElements: { _return: true },
      },
    ])
  })
})

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
describe('who calls', () => {
  const STOP = 'StopInstances'

  async function stoppedBy(callerOf: (account: ScalingGroup) => Promise<Caller> | Caller) {
    const { account, details } = await opened()
    const InstanceIds = await account.launch()
    await account.run(MINUTE)
    const caller = await callerOf(account)
    const call = account.call('ec2', STOP, { InstanceIds }, caller).catch(() => {})
    await account.run(6 * MINUTE)
    await call
    return details().find(({ eventName }) => eventName === STOP) as Detail
  }

  it('is a person whom Identity Center let in: the session is the e-mail address', async () => {
    const { userIdentity } = await stoppedBy(({ aws }) => administrator(aws, 'ana@example.com'))
    const role = 'AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6a7b'
    expect(userIdentity).toMatchObject({
      type: 'AssumedRole',
      principalId: expect.stringMatching(/^AROA\w+:ana@example\.com$/),
      arn: `arn:aws:sts::123456789012:assumed-role/${role}/ana@example.com`,
      accountId: '123456789012',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: expect.stringMatching(/^AROA\w+$/),
          arn: `arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-central-1/${role}`,
          accountId: '123456789012',
          userName: role,
        },
        attributes: { mfaAuthenticated: 'false' },
      },
    })
    expect(userIdentity).not.toHaveProperty('invokedBy')
  })

  it('is a user', async () => {
    const { userIdentity } = await stoppedBy(() => PERSON)
    expect(userIdentity).toMatchObject({
      type: 'IAMUser',
      arn: 'arn:aws:iam::123456789012:user/tester',
      userName: 'tester',
    })
  })

  it('is a pipeline’s role', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/ci-deploy'
    const { userIdentity, sourceIPAddress } = await stoppedBy(() => ({
      kind: 'person',
      name: 'GitHubActions',
      roleArn,
    }))
    expect(userIdentity).toMatchObject({
      arn: 'arn:aws:sts::123456789012:assumed-role/ci-deploy/GitHubActions',
      sessionContext: { sessionIssuer: { userName: 'ci-deploy' } },
    })
    expect(sourceIPAddress).toMatch(/^\d+\./)
  })

  it('is CloudFormation, which acts with the role of the CDK', async () => {
    const by = await stoppedBy(() => ({ kind: 'cloudformation', name: 'DevServices' }))
    expect(by).toMatchObject({
      sourceIPAddress: 'cloudformation.amazonaws.com',
      userAgent: 'cloudformation.amazonaws.com',
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::123456789012:assumed-role/cdk-hnb659fds-cfn-exec-role-123456789012-eu-central-1/AWSCloudFormation',
        invokedBy: 'cloudformation.amazonaws.com',
      },
    })
  })

  it.each([
    ['machine', 'roll-out', 'states.amazonaws.com'],
    ['aws', 'application-autoscaling', 'ecs.application-autoscaling.amazonaws.com'],
    ['aws', 'events', 'events.amazonaws.com'],
  ] as const)('is a %s %s, invoked by %s', async (kind, name, invokedBy) => {
    const { userIdentity } = await stoppedBy(() => ({ kind, name }))
    expect(userIdentity).toMatchObject({ invokedBy })
  })

  it('is a function, by its role', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/wake'
    const { userIdentity } = await stoppedBy(() => ({ kind: 'function', name: 'wake', roleArn }))
    expect(userIdentity).toMatchObject({ arn: 'arn:aws:sts::123456789012:assumed-role/wake/wake' })
  })

  it('who may not is told, without what was asked', async () => {
    const { account, details } = await opened()
    const made = { RoleName: 'nobody', AssumeRolePolicyDocument: JSON.stringify({ Statement: [] }) }
    await account.call('iam', 'CreateRole', made)
    account.aws.guards.push(enforcement(account.aws))
    const roleArn = 'arn:aws:iam::123456789012:role/nobody'
    const nobody: Caller = { kind: 'person', name: 'eve', roleArn }
    const asked = account.call('auto-scaling', 'SuspendProcesses', account.named, nobody)
    await expect(asked).rejects.toMatchObject({ name: 'AccessDenied' })
    await account.run(5 * MINUTE)
    expect(details()).toMatchObject([
      { eventName: 'SuspendProcesses', errorCode: 'AccessDenied', requestParameters: null },
    ])
  })
})

describe('calls of other services', () => {
  it('are written as their API has them: ECS, and the bounds of its services', async () => {
    const account = await Cluster.open()
    const { aws } = account
    aws.register(new ApplicationAutoScaling(aws))
    await account.create(await account.revision({}))
    const { details, told } = logged(account)
    await account.call('cloudtrail', 'CreateTrail', TRAIL)
    await account.call('cloudtrail', 'StartLogging', { Name: 'management' })
    const service = { cluster: 'dev', service: 'orders', desiredCount: 0 }
    await account.call('ecs', 'UpdateService', service)
    await account.call('application-auto-scaling', 'RegisterScalableTarget', {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/dev/orders',
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: 1,
      MaxCapacity: 3,
    })
    await account.run(6 * MINUTE)
    const named = (name: string) => details().filter(({ eventName }) => eventName === name)
    const [byPerson, byScaling] = named('UpdateService').toSorted((a, b) =>
      String(a.eventTime).localeCompare(String(b.eventTime)),
    )
    expect(byPerson).toMatchObject({
      eventSource: 'ecs.amazonaws.com',
      requestParameters: service,
      responseElements: {
        service: {
          serviceName: 'orders',
          desiredCount: 0,
          createdAt: 'Mar 2, 2026, 9:00:00 AM',
        },
      },
    })
    // The bounds moved the count, by the service's own role.
    expect(byScaling?.userIdentity).toMatchObject({
      invokedBy: 'ecs.application-autoscaling.amazonaws.com',
      sessionContext: {
        sessionIssuer: { userName: 'AWSServiceRoleForApplicationAutoScaling_ECSService' },
      },
    })
    // https://docs.aws.amazon.com/autoscaling/application/userguide/monitoring-eventbridge.html
    expect(told().find(({ source }) => source === 'aws.autoscaling')).toMatchObject({
      detail: {
        eventSource: 'autoscaling.amazonaws.com',
        eventName: 'RegisterScalableTarget',
        additionalEventData: { service: 'application-autoscaling' },
        requestParameters: { serviceNamespace: 'ecs', minCapacity: 1, maxCapacity: 3 },
        responseElements: null,
      },
    })
  })

  it('hide passwords, and answer RDS’s instance itself', async () => {
    const account = new Account([Rds])
    const { details } = logged(account)
    await account.call('cloudtrail', 'CreateTrail', TRAIL)
    await account.call('cloudtrail', 'StartLogging', { Name: 'management' })
    const group = {
      DBSubnetGroupName: 'a',
      DBSubnetGroupDescription: 'a',
      SubnetIds: ['s-1', 's-2'],
    }
    await account.call('rds', 'CreateDBSubnetGroup', group)
    await account.call('rds', 'CreateDBInstance', {
      DBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.t4g.micro',
      DBSubnetGroupName: 'a',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'postgres',
      MasterUserPassword: 'correct horse',
    })
    const stop = account.call('rds', 'StopDBInstance', { DBInstanceIdentifier: 'orders' })
    await expect(stop).rejects.toThrow()
    await account.run(6 * MINUTE)
    const named = (name: string) => details().find(({ eventName }) => eventName === name)
    expect(named('CreateDBInstance')).toMatchObject({
      requestParameters: { dBInstanceIdentifier: 'orders', masterUserPassword: '****' },
      responseElements: { dBInstanceIdentifier: 'orders', dBInstanceStatus: 'creating' },
    })
    expect(named('StopDBInstance')).toMatchObject({
      eventSource: 'rds.amazonaws.com',
      errorCode: 'InvalidDBInstanceStateFault',
      requestParameters: { dBInstanceIdentifier: 'orders' },
    })
    expect(JSON.stringify(details())).not.toContain('correct horse')
  })
})

describe('a trail', () => {
  it('is made by a stack, and logs when that says so', async () => {
    const account = new Templates()
    account.aws.register(new CloudTrail(account.aws))
    const Trail = {
      Type: 'AWS::CloudTrail::Trail',
      Properties: {
        TrailName: 'dev',
        IsLogging: true,
        S3BucketName: 'trails',
        EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }],
        Tags: [{ Key: 'caretaker:owner', Value: 'platform' }],
      },
    }
    await deploy(account.aws, assembly({ Stack: { Resources: { Trail } } }))
    const call = (operation: string, input: object) => account.call('cloudtrail', operation, input)
    expect(await call('DescribeTrails', {})).toMatchObject({
      trailList: [{ Name: 'dev', S3BucketName: 'trails', HomeRegion: 'eu-central-1' }],
    })
    expect(await call('GetTrailStatus', { Name: 'dev' })).toMatchObject({ IsLogging: true })
    expect(await call('GetEventSelectors', { TrailName: 'dev' })).toMatchObject({
      EventSelectors: [{ ReadWriteType: 'WriteOnly' }],
    })
    expect(await call('ListTags', { ResourceIdList: ['dev'] })).toMatchObject({
      ResourceTagList: [
        { TagsList: expect.arrayContaining([{ Key: 'caretaker:owner', Value: 'platform' }]) },
      ],
    })
    await call('DeleteTrail', { Name: 'dev' })
    const gone = call('GetTrailStatus', { Name: 'dev' })
    await expect(gone).rejects.toMatchObject({ name: 'TrailNotFoundException' })
  })
})
