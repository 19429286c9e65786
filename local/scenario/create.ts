import type { Caller } from '../aws/aws.ts'
import { type Tags, tagList } from '../aws/tags.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { callerOf } from './callers.ts'
import type { Create } from './made.ts'

type Call = { service: string; operation: string; input: object }
type Making = { name: string; tags: Tags; subnet: string; zone: string }

/** By type; instances, volumes and file systems have their name in the tag `Name`. */
const CALLS: Readonly<Record<Create['type'], (making: Making) => Call>> = {
  instance: ({ tags, subnet }) => ({
    ...{ service: 'ec2', operation: 'RunInstances' },
    input: {
      ...{ ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro', SubnetId: subnet },
      ...{ MinCount: 1, MaxCount: 1 },
      TagSpecifications: [{ ResourceType: 'instance', Tags: tagList(tags) }],
    },
  }),
  volume: ({ tags, zone }) => ({
    ...{ service: 'ec2', operation: 'CreateVolume' },
    input: {
      ...{ AvailabilityZone: zone, Size: 8 },
      TagSpecifications: [{ ResourceType: 'volume', Tags: tagList(tags) }],
    },
  }),
  queue: ({ name, tags }) => ({
    ...{ service: 'sqs', operation: 'CreateQueue' },
    input: { QueueName: name, tags },
  }),
  topic: ({ name, tags }) => ({
    ...{ service: 'sns', operation: 'CreateTopic' },
    input: { Name: name, Tags: tagList(tags) },
  }),
  table: ({ name, tags }) => ({
    ...{ service: 'dynamodb', operation: 'CreateTable' },
    input: {
      ...{ TableName: name, BillingMode: 'PAY_PER_REQUEST', Tags: tagList(tags) },
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  }),
  repository: ({ name, tags }) => ({
    ...{ service: 'ecr', operation: 'CreateRepository' },
    input: { repositoryName: name, tags: tagList(tags) },
  }),
  'log-group': ({ name, tags }) => ({
    ...{ service: 'cloudwatch-logs', operation: 'CreateLogGroup' },
    input: { logGroupName: name, tags },
  }),
  'file-system': ({ name, tags }) => ({
    ...{ service: 'efs', operation: 'CreateFileSystem' },
    input: { CreationToken: name, Tags: tagList(tags) },
  }),
}

const NAMELESS: readonly Create['type'][] = ['instance', 'volume', 'file-system']

/** Somebody makes something in the environment's network. */
export async function create(asked: Create, simulation: Simulation): Promise<void> {
  const { aws } = simulation
  const { type, name, by } = asked
  const tags = NAMELESS.includes(type) ? { Name: name, ...asked.tags } : asked.tags
  const caller = await callerOf(by, simulation)
  const place = await placeIn(simulation, caller)
  const { service, operation, input } = CALLS[type]({ name, tags, ...place })
  await aws.call(service, operation, input, caller)
}

async function placeIn({ aws }: Simulation, caller: Caller) {
  const { Subnets = [] } = await aws.call<{
    Subnets?: { SubnetId: string; AvailabilityZone: string }[]
  }>('ec2', 'DescribeSubnets', {}, caller)
  return { subnet: Subnets[0]?.SubnetId ?? '', zone: Subnets[0]?.AvailabilityZone ?? '' }
}

/** The tags of what a step has made, by its name, or by the tag `Name`; AWS's own and that one aside. */
export function tagsOfMade({ aws }: Simulation, name: string): Tags | undefined {
  for (const service of aws.services) {
    for (const { arn, tags } of service.tagged?.() ?? []) {
      if (tags.Name !== name && arn.split(/[:/]/).at(-1) !== name) continue
      const own = Object.entries(tags).filter(([key]) => key !== 'Name' && !key.startsWith('aws:'))
      return Object.fromEntries(own)
    }
  }
  return undefined
}
