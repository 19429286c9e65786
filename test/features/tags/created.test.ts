import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { CREATIONS, type CreateCall, createdBy } from '../../../domain/tagging/created.ts'

const REGION = 'eu-central-1'
const ACCOUNT = '123456789012'
const arn = (rest: string) => `arn:aws:${rest.replace('~', `${REGION}:${ACCOUNT}`)}`

const call = (source: string, name: string, parts: Partial<CreateCall> = {}): CreateCall => ({
  eventSource: `${source}.amazonaws.com`,
  eventName: name,
  awsRegion: REGION,
  recipientAccountId: ACCOUNT,
  readOnly: false,
  ...parts,
})
const made = (one: CreateCall): unknown => {
  const created = createdBy(one)
  return 'nothing' in created ? created.nothing : created.map((each) => each.arn)
}
const named = (id: string) => ({ ...ONE, [id]: `${id}-1` })
const ONE = { requestId: 'a' }

/** Each event: what it answers, what was asked, and the ARNs. */
const EVENTS: [string, string, object | null, object, string[]][] = [
  [
    'ec2',
    'RunInstances',
    { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } },
    {},
    ['ec2:~:instance/i-1', 'ec2:~:instance/i-2'],
  ],
  ['ec2', 'CreateVolume', { volumeId: 'vol-1' }, {}, ['ec2:~:volume/vol-1']],
  ['ec2', 'CreateSnapshot', { snapshotId: 'snap-1' }, {}, ['ec2:~:snapshot/snap-1']],
  [
    'ec2',
    'CreateSnapshots',
    { CreateSnapshotsResponse: { snapshotSet: { item: [{ snapshotId: 'snap-1' }] } } },
    {},
    ['ec2:~:snapshot/snap-1'],
  ],
  [
    'ec2',
    'CreateSnapshots',
    { CreateSnapshotsResponse: { snapshotSet: { item: { snapshotId: 'snap-1' } } } },
    {},
    ['ec2:~:snapshot/snap-1'],
  ],
  ['ec2', 'CreateImage', { imageId: 'ami-1' }, {}, ['ec2:~:image/ami-1']],
  ['ec2', 'CopyImage', { imageId: 'ami-2' }, {}, ['ec2:~:image/ami-2']],
  ['ec2', 'AllocateAddress', named('allocationId'), {}, ['ec2:~:elastic-ip/allocationId-1']],
  [
    'ec2',
    'CreateNatGateway',
    { CreateNatGatewayResponse: { natGateway: { natGatewayId: 'nat-1' } } },
    {},
    ['ec2:~:natgateway/nat-1'],
  ],
  [
    'ec2',
    'CreateVpcEndpoint',
    { CreateVpcEndpointResponse: { vpcEndpoint: { vpcEndpointId: 'vpce-1' } } },
    {},
    ['ec2:~:vpc-endpoint/vpce-1'],
  ],
  ['ec2', 'CreateSecurityGroup', { groupId: 'sg-1' }, {}, ['ec2:~:security-group/sg-1']],
  ['ec2', 'CreateVpc', { vpc: { vpcId: 'vpc-1' } }, {}, ['ec2:~:vpc/vpc-1']],
  ['ec2', 'CreateSubnet', { subnet: { subnetId: 'subnet-1' } }, {}, ['ec2:~:subnet/subnet-1']],
  [
    'ec2',
    'CreateNetworkInterface',
    { networkInterface: { networkInterfaceId: 'eni-1' } },
    {},
    ['ec2:~:network-interface/eni-1'],
  ],
  [
    'autoscaling',
    'CreateAutoScalingGroup',
    null,
    { autoScalingGroupName: 'workers' },
    ['autoscaling:~:autoScalingGroup:*:autoScalingGroupName/workers'],
  ],
  ...[
    'CreateDBInstance',
    'CreateDBInstanceReadReplica',
    'RestoreDBInstanceFromDBSnapshot',
    'RestoreDBInstanceFromS3',
    'RestoreDBInstanceToPointInTime',
  ].map((name): (typeof EVENTS)[number] => [
    'rds',
    name,
    { dBInstanceArn: arn('rds:~:db:orders') },
    {},
    ['rds:~:db:orders'],
  ]),
  ...[
    'CreateDBCluster',
    'RestoreDBClusterFromSnapshot',
    'RestoreDBClusterFromS3',
    'RestoreDBClusterToPointInTime',
  ].map((name): (typeof EVENTS)[number] => [
    'rds',
    name,
    { dBClusterArn: arn('rds:~:cluster:orders') },
    {},
    ['rds:~:cluster:orders'],
  ]),
  ['s3', 'CreateBucket', null, { bucketName: 'files.example' }, ['s3:::files.example']],
  [
    'ecs',
    'CreateCluster',
    { cluster: { clusterArn: arn('ecs:~:cluster/dev') } },
    {},
    ['ecs:~:cluster/dev'],
  ],
  [
    'ecs',
    'CreateService',
    { service: { serviceArn: arn('ecs:~:service/dev/orders') } },
    {},
    ['ecs:~:service/dev/orders'],
  ],
  ['ecs', 'RunTask', { tasks: [{ taskArn: arn('ecs:~:task/dev/1') }] }, {}, ['ecs:~:task/dev/1']],
  [
    'lambda',
    'CreateFunction20150331',
    { functionArn: arn('lambda:~:function:mail') },
    {},
    ['lambda:~:function:mail'],
  ],
  [
    'elasticache',
    'CreateCacheCluster',
    { aRN: arn('elasticache:~:cluster:c'), cacheClusterId: 'c' },
    {},
    ['elasticache:~:cluster:c'],
  ],
  ['elasticache', 'CreateCacheCluster', { cacheClusterId: 'c' }, {}, ['elasticache:~:cluster:c']],
  [
    'elasticache',
    'CreateReplicationGroup',
    { replicationGroupId: 'g' },
    {},
    ['elasticache:~:replicationgroup:g'],
  ],
  [
    'elasticache',
    'CreateServerlessCache',
    { serverlessCache: { aRN: arn('elasticache:~:serverlesscache:s') } },
    {},
    ['elasticache:~:serverlesscache:s'],
  ],
  [
    'elasticfilesystem',
    'CreateFileSystem',
    { fileSystemId: 'fs-1' },
    {},
    ['elasticfilesystem:~:file-system/fs-1'],
  ],
  [
    'elasticloadbalancing',
    'CreateLoadBalancer',
    { loadBalancers: [{ loadBalancerArn: arn('elasticloadbalancing:~:loadbalancer/app/a/1') }] },
    { name: 'a' },
    ['elasticloadbalancing:~:loadbalancer/app/a/1'],
  ],
  [
    'elasticloadbalancing',
    'CreateLoadBalancer',
    { dNSName: 'old.example' },
    { loadBalancerName: 'old' },
    ['elasticloadbalancing:~:loadbalancer/old'],
  ],
  [
    'elasticloadbalancing',
    'CreateTargetGroup',
    { targetGroups: [{ targetGroupArn: arn('elasticloadbalancing:~:targetgroup/t/1') }] },
    {},
    ['elasticloadbalancing:~:targetgroup/t/1'],
  ],
  ['sns', 'CreateTopic', { topicArn: arn('sns:~:news') }, {}, ['sns:~:news']],
  [
    'sqs',
    'CreateQueue',
    { queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/work.fifo` },
    {},
    ['sqs:~:work.fifo'],
  ],
  [
    'dynamodb',
    'CreateTable',
    { tableDescription: { tableArn: arn('dynamodb:~:table/t') } },
    {},
    ['dynamodb:~:table/t'],
  ],
  [
    'ecr',
    'CreateRepository',
    { repository: { repositoryArn: arn('ecr:~:repository/team/orders') } },
    {},
    ['ecr:~:repository/team/orders'],
  ],
  [
    'logs',
    'CreateLogGroup',
    null,
    { logGroupName: '/aws/lambda/mail' },
    ['logs:~:log-group:/aws/lambda/mail'],
  ],
  ['eks', 'CreateCluster', { cluster: { arn: arn('eks:~:cluster/k') } }, {}, ['eks:~:cluster/k']],
  ['redshift', 'CreateCluster', { clusterIdentifier: 'r' }, {}, ['redshift:~:cluster:r']],
  [
    'cloudformation',
    'CreateStack',
    { stackId: arn('cloudformation:~:stack/s/1') },
    {},
    ['cloudformation:~:stack/s/1'],
  ],
]

describe('what a call has made', () => {
  test.each(EVENTS)('%s %s', (source, name, answer, request, arns) => {
    const parts = {
      responseElements: answer as CreateCall['responseElements'],
      requestParameters: request as CreateCall['requestParameters'],
    }
    expect(made(call(source, name, parts))).toEqual(arns.map(arn))
  })

  it('has a sample of every event of the table', () => {
    const all = Object.entries(CREATIONS).flatMap(([source, events]) =>
      Object.keys(events).map((name) => `${source.split('.')[0]} ${name}`),
    )
    const sampled = new Set(EVENTS.map(([source, name]) => `${source} ${name}`))
    expect(all.filter((one) => !sampled.has(one))).toEqual([])
  })

  const GOOD = { responseElements: { vpc: { vpcId: 'vpc-1' } } }
  const NOT_SAID = 'it does not say what it has made'
  test.each<[string, CreateCall, unknown]>([
    ['a refusal', call('ec2', 'CreateVpc', { ...GOOD, errorCode: 'Client.X' }), /refused it/],
    ['a read', call('ec2', 'CreateVpc', { ...GOOD, readOnly: true }), /only reads/],
    ['a name of another source', call('eks', 'CreateStack', GOOD), /makes nothing/],
    ['a name of every object', call('ec2', 'toString', GOOD), /makes nothing/],
    ['a source of every object', { ...call('x', 'y'), eventSource: '__proto__' }, /makes nothing/],
    ['no Region', call('ec2', 'CreateVpc', { ...GOOD, awsRegion: '' }), /no Region/],
    ['a Region that is none', call('ec2', 'CreateVpc', { ...GOOD, awsRegion: 'x:y' }), /no Region/],
    ['no account', call('ec2', 'CreateVpc', { ...GOOD, recipientAccountId: '1' }), /no account/],
    ['no answer', call('ec2', 'CreateVpc', { responseElements: null }), NOT_SAID],
    [
      'an answer of another form',
      call('ec2', 'CreateVpc', { responseElements: { vpc: [] } }),
      NOT_SAID,
    ],
    [
      'an id that is a number',
      call('ec2', 'CreateVolume', { responseElements: { volumeId: 7 } }),
      NOT_SAID,
    ],
    [
      'an id with more in it',
      call('ec2', 'CreateVolume', { responseElements: { volumeId: 'vol-1 or *' } }),
      NOT_SAID,
    ],
    [
      'an ARN that is none',
      call('sns', 'CreateTopic', { responseElements: { topicArn: 'x' } }),
      NOT_SAID,
    ],
    [
      'what is cut: one of two is left',
      call('ec2', 'RunInstances', {
        responseElements: { instancesSet: { items: [{ instanceId: 'i-1' }, {}, null] } },
      }),
      [arn('ec2:~:instance/i-1')],
    ],
    [
      'the same twice',
      call('ecs', 'RunTask', {
        responseElements: { tasks: [1, 2].map(() => ({ taskArn: arn('ecs:~:task/dev/1') })) },
      }),
      [arn('ecs:~:task/dev/1')],
    ],
    [
      'China',
      call('ec2', 'CreateVpc', { ...GOOD, awsRegion: 'cn-north-1' }),
      [`arn:aws-cn:ec2:cn-north-1:${ACCOUNT}:vpc/vpc-1`],
    ],
  ])('partial or hostile: %s', (_, one, expected) => {
    if (expected instanceof RegExp) expect(made(one)).toMatch(expected)
    else expect(made(one)).toEqual(expected)
  })

  test.each([
    ['a list', { tags: [{ key: 'a', value: 'b' }] }],
    ['a list in capitals', { tags: [{ Key: 'a', Value: 'b' }] }],
    ['a map', { tags: { a: 'b' } }],
    [
      'by type',
      {
        tagSpecificationSet: { items: [{ resourceType: 'vpc', tags: [{ key: 'a', value: 'b' }] }] },
      },
    ],
    ['a set', { tagSet: { items: [{ key: 'a', value: 'b' }] } }],
  ])('tags of its request: %s', (_, requestParameters) => {
    const created = createdBy(call('ec2', 'CreateVpc', { ...GOOD, requestParameters }))
    expect(created).toEqual([{ arn: arn('ec2:~:vpc/vpc-1'), tags: { a: 'b' } }])
  })

  it('a request’s tags for another type are not its', () => {
    const items = [{ resourceType: 'volume', tags: [{ key: 'a', value: 'b' }] }]
    const request = { requestParameters: { tagSpecificationSet: { items } } }
    expect(createdBy(call('ec2', 'CreateVpc', { ...GOOD, ...request }))).toMatchObject([
      { tags: {} },
    ])
  })

  it('whatever stands in it: an ARN or a reason, never an error', () => {
    const source = fc.constantFrom(...Object.keys(CREATIONS))
    const anything = fc.oneof(fc.object(), fc.constant(null))
    fc.assert(
      fc.property(source, anything, anything, (eventSource, request, answer) => {
        for (const eventName of Object.keys(CREATIONS[eventSource] ?? {})) {
          const parts = {
            requestParameters: request as never,
            responseElements: answer as never,
          }
          const created = createdBy({ ...call('x', eventName, parts), eventSource })
          if ('nothing' in created) expect(created.nothing).not.toBe('')
          else for (const one of created) expect(one.arn).toMatch(/^arn:/)
        }
      }),
      { numRuns: 40 },
    )
  })
})
