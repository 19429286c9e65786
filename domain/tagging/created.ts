type Members = Readonly<Record<string, unknown>>

/** A call as CloudTrail writes it; only what is read here, and nothing of it is believed. */
export type CreateCall = {
  eventSource: string
  eventName: string
  awsRegion?: string | undefined
  recipientAccountId?: string | undefined
  errorCode?: string | undefined
  readOnly?: boolean | undefined
  requestParameters?: Members | null | undefined
  responseElements?: Members | null | undefined
}

/** What a call has made. */
export type Created = {
  arn: string
  /** The tags that its own request carried: a read shortly after may not have them yet. */
  tags: Record<string, string>
}

/** What an ARN is made of besides the resource. */
type Place = { region: string; account: string }
type Reader = (request: Members, answer: Members, place: Place) => string[]

const MOST = 1000

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
/** What AWS's XML has once is one, not a list. */
const listed = (value: unknown): Members[] => {
  const all = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return all.slice(0, MOST).map(members)
}

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

/** `instance/` and an id become an ARN; without the id there is none. */
const arnOf = (service: string, before: string, id: unknown, { region, account }: Place) =>
  /^[\w.:/+=,@-]+$/.test(text(id))
    ? [`arn:${partitionOf(region)}:${service}:${region}:${account}:${before}${text(id)}`]
    : []

const isArn = (value: unknown): boolean => /^arn:[\w-]+:[\w-]+:[^\s]+$/.test(text(value))
/** An ARN as the answer has it. */
const arns = (...values: unknown[]): string[] => values.filter(isArn).map(text)

/** Where EC2's answer has the id of the one thing that it has made. */
const ec2 =
  (before: string, idIn: (answer: Members) => unknown): Reader =>
  (_, answer, place) =>
    arnOf('ec2', before, idIn(answer), place)

const database: Reader = (_, { dBInstanceArn }) => arns(dBInstanceArn)
const databaseCluster: Reader = (_, { dBClusterArn }) => arns(dBClusterArn)

/** Elastic Load Balancing names its first and its second kind by the same event. */
function loadBalancer(request: Members, answer: Members, place: Place): string[] {
  if (answer.loadBalancers !== undefined) {
    return listed(answer.loadBalancers).flatMap((one) => arns(one.loadBalancerArn))
  }
  return arnOf('elasticloadbalancing', 'loadbalancer/', request.loadBalancerName, place)
}

function queue(_: Members, { queueUrl }: Members, { region }: Place): string[] {
  const [, account = '', name = ''] = /\/(\d{12})\/([\w.-]+)$/.exec(text(queueUrl)) ?? []
  return name === '' ? [] : arnOf('sqs', '', name, { region, account })
}

const cacheCluster: Reader = (request, { aRN, cacheClusterId }, place) =>
  isArn(aRN)
    ? arns(aRN)
    : arnOf('elasticache', 'cluster:', cacheClusterId ?? request.cacheClusterId, place)

const cacheGroup: Reader = (request, { aRN, replicationGroupId }, place) =>
  isArn(aRN)
    ? arns(aRN)
    : arnOf(
        'elasticache',
        'replicationgroup:',
        replicationGroupId ?? request.replicationGroupId,
        place,
      )

/**
 * The calls that make something, by their source and name: where in a call the ARNs stand, or what
 * they are made of. An Auto Scaling group's ARN has a part that the call does not show: `*`.
 * CloudTrail writes what RDS and the others answer without its envelope; EC2 keeps it for its newer calls.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-aws-service-specific-topics.html
 *
 * The rows of RDS's restores and of serverless caches are made after the names of the API, not of
 * captured events.
 */
export const CREATIONS: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  'ec2.amazonaws.com': {
    RunInstances: (_, answer, place) =>
      listed(members(answer.instancesSet).items).flatMap((one) =>
        arnOf('ec2', 'instance/', one.instanceId, place),
      ),
    CreateVolume: ec2('volume/', ({ volumeId }) => volumeId),
    CreateSnapshot: ec2('snapshot/', ({ snapshotId }) => snapshotId),
    CreateSnapshots: (_, answer, place) =>
      listed(members(members(answer.CreateSnapshotsResponse).snapshotSet).item).flatMap((one) =>
        arnOf('ec2', 'snapshot/', one.snapshotId, place),
      ),
    CreateImage: ec2('image/', ({ imageId }) => imageId),
    CopyImage: ec2('image/', ({ imageId }) => imageId),
    AllocateAddress: ec2('elastic-ip/', ({ allocationId }) => allocationId),
    CreateNatGateway: ec2(
      'natgateway/',
      (answer) => members(members(answer.CreateNatGatewayResponse).natGateway).natGatewayId,
    ),
    CreateVpcEndpoint: ec2(
      'vpc-endpoint/',
      (answer) => members(members(answer.CreateVpcEndpointResponse).vpcEndpoint).vpcEndpointId,
    ),
    CreateSecurityGroup: ec2('security-group/', ({ groupId }) => groupId),
    CreateVpc: ec2('vpc/', ({ vpc }) => members(vpc).vpcId),
    CreateSubnet: ec2('subnet/', ({ subnet }) => members(subnet).subnetId),
    CreateNetworkInterface: ec2(
      'network-interface/',
      ({ networkInterface }) => members(networkInterface).networkInterfaceId,
    ),
  },
  'autoscaling.amazonaws.com': {
    CreateAutoScalingGroup: ({ autoScalingGroupName }, _, place) =>
      arnOf('autoscaling', 'autoScalingGroup:*:autoScalingGroupName/', autoScalingGroupName, place),
  },
  'rds.amazonaws.com': {
    CreateDBInstance: database,
    CreateDBInstanceReadReplica: database,
    RestoreDBInstanceFromDBSnapshot: database,
    RestoreDBInstanceFromS3: database,
    RestoreDBInstanceToPointInTime: database,
    CreateDBCluster: databaseCluster,
    RestoreDBClusterFromSnapshot: databaseCluster,
    RestoreDBClusterFromS3: databaseCluster,
    RestoreDBClusterToPointInTime: databaseCluster,
  },
  's3.amazonaws.com': {
    CreateBucket: ({ bucketName }, _, { region }) =>
      arnOf('s3', '', bucketName, { region, account: '' }).map((arn) =>
        arn.replace(`:s3:${region}:`, ':s3::'),
      ),
  },
  'ecs.amazonaws.com': {
    CreateCluster: (_, { cluster }) => arns(members(cluster).clusterArn),
    CreateService: (_, { service }) => arns(members(service).serviceArn),
    RunTask: (_, { tasks }) => listed(tasks).flatMap((one) => arns(one.taskArn)),
  },
  'lambda.amazonaws.com': {
    CreateFunction20150331: (_, { functionArn }) => arns(functionArn),
  },
  'elasticache.amazonaws.com': {
    CreateCacheCluster: cacheCluster,
    CreateReplicationGroup: cacheGroup,
    CreateServerlessCache: (_, { serverlessCache }) => {
      const one = members(serverlessCache)
      return arns(one.aRN ?? one.arn)
    },
  },
  'elasticfilesystem.amazonaws.com': {
    CreateFileSystem: (_, { fileSystemId }, place) =>
      arnOf('elasticfilesystem', 'file-system/', fileSystemId, place),
  },
  'elasticloadbalancing.amazonaws.com': {
    CreateLoadBalancer: loadBalancer,
    CreateTargetGroup: (_, { targetGroups }) =>
      listed(targetGroups).flatMap((one) => arns(one.targetGroupArn)),
  },
  'sns.amazonaws.com': { CreateTopic: (_, { topicArn }) => arns(topicArn) },
  'sqs.amazonaws.com': { CreateQueue: queue },
  'dynamodb.amazonaws.com': {
    CreateTable: (_, { tableDescription }) => arns(members(tableDescription).tableArn),
  },
  'ecr.amazonaws.com': {
    CreateRepository: (_, { repository }) => arns(members(repository).repositoryArn),
  },
  'logs.amazonaws.com': {
    CreateLogGroup: ({ logGroupName }, _, place) =>
      arnOf('logs', 'log-group:', logGroupName, place),
  },
  'eks.amazonaws.com': { CreateCluster: (_, { cluster }) => arns(members(cluster).arn) },
  'redshift.amazonaws.com': {
    CreateCluster: (_, { clusterIdentifier }, place) =>
      arnOf('redshift', 'cluster:', clusterIdentifier, place),
  },
  'cloudformation.amazonaws.com': { CreateStack: (_, { stackId }) => arns(stackId) },
}

/**
 * What a call has made, each with the tags that it was made with.
 *
 * @returns `nothing`: why it made nothing, or why that is not known.
 */
export function createdBy(call: CreateCall): Created[] | { nothing: string } {
  const { eventSource, eventName, awsRegion, recipientAccountId } = call
  const bySource = Object.hasOwn(CREATIONS, eventSource) ? CREATIONS[eventSource] : undefined
  const reader =
    bySource !== undefined && Object.hasOwn(bySource, eventName) ? bySource[eventName] : undefined
  if (reader === undefined) return { nothing: `${eventName} of ${eventSource} makes nothing` }
  if (call.errorCode !== undefined) return { nothing: `AWS has refused it: ${call.errorCode}` }
  if (call.readOnly === true) return { nothing: 'it only reads' }
  const place = { region: awsRegion ?? '', account: recipientAccountId ?? '' }
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(place.region) || !/^\d{12}$/.test(place.account)) {
    return { nothing: 'it says no Region or no account' }
  }
  const request = members(call.requestParameters)
  const found = [...new Set(reader(request, members(call.responseElements), place))]
  if (found.length === 0) return { nothing: 'it does not say what it has made' }
  return found.map((arn) => ({ arn, tags: tagsOf(request, arn) }))
}

/** Tags stand in a request as a list, as a map, or by the type of what they are for. */
function tagsOf(request: Members, arn: string): Record<string, string> {
  const type = arn.split(':')[5]?.split('/')[0]
  const specified = listed(members(request.tagSpecificationSet).items)
    .filter((one) => one.resourceType === undefined || one.resourceType === type)
    .flatMap((one) => pairsIn(one.tags ?? members(one.tagSet).items))
  const own = [request.tags, request.tagList, members(request.tagSet).items].flatMap(pairsIn)
  return Object.fromEntries([...own, ...specified])
}

function pairsIn(value: unknown): [string, string][] {
  const pairs = Array.isArray(value)
    ? listed(value).map((one) => [one.key ?? one.Key, one.value ?? one.Value ?? ''] as const)
    : Object.entries(members(value))
  return pairs.flatMap(([key, one]) =>
    typeof key === 'string' && key !== '' && typeof one === 'string' ? [[key, one]] : [],
  )
}
