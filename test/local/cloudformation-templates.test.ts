import type { DescribeServicesResponse } from '@aws-sdk/client-ecs'
import type { GetResourcesOutput } from '@aws-sdk/client-resource-groups-tagging-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { deploy } from '../../local/cloudformation/deploy.ts'
import type { Deployed } from '../../local/cloudformation/deployed.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { Templates } from '../kits/templates.ts'

/** The repository's own templates, loaded once. */
describe('the synthesized templates', () => {
  const account = new Templates()
  let deployed: Deployed

  beforeAll(async () => {
    deployed = await deploy(account.aws, await templatesOf())
  })

  it('load whole: every resource is there, none of a type nobody knows', () => {
    const resources = deployed.stacks.flatMap((stack) => stack.resources)
    expect(deployed.unknown).toBe(0)
    expect(resources.filter(({ physicalId }) => !physicalId)).toEqual([])
    const properties = deployed.notSimulated.filter(({ why }) => why.startsWith('not known'))
    expect(properties).toEqual([])
  })

  it('make services that take images, as their tags say', async () => {
    const { services = [] } = await account.call<DescribeServicesResponse>(
      'ecs',
      'DescribeServices',
      { cluster: 'dev-backend', services: ['orders'], include: ['TAGS'] },
    )
    expect(services).toHaveLength(1)
    expect(services[0]).toMatchObject({
      status: 'ACTIVE',
      desiredCount: 0,
      launchType: 'FARGATE',
      propagateTags: 'SERVICE',
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    })
    const tags = Object.fromEntries(services[0]?.tags?.map(({ key, value }) => [key, value]) ?? [])
    expect(tags).toMatchObject({
      'caretaker:repository': 'orders',
      'caretaker:deploy': 'main',
      'caretaker:environment': 'dev',
    })
    const network = services[0]?.networkConfiguration?.awsvpcConfiguration
    expect(network?.assignPublicIp).toBe('DISABLED')
    for (const subnet of network?.subnets ?? []) expect(subnet).toMatch(/^subnet-[0-9a-f]{17}$/)
    expect(services[0]?.serviceRegistries?.[0]?.registryArn).toMatch(/:service\/srv-/)
  })

  it('make the machine with every name in it filled in', async () => {
    const { definition } = await account.call<{ definition: string }>(
      'sfn',
      'DescribeStateMachine',
      { stateMachineArn: account.aws.arn('states', 'stateMachine:dev-roll-out') },
    )
    expect(definition).not.toMatch(/\$\{/)
    expect(definition).toContain('dev-caretaker')
    expect(definition).toContain(account.aws.arn('lambda', 'function:dev-plan-roll-out'))
  })

  it('make the table with its stream, which Slack’s function reads', async () => {
    const { Table } = await account.call<{ Table: { LatestStreamArn: string } }>(
      'dynamodb',
      'DescribeTable',
      { TableName: 'dev-caretaker' },
    )
    const mappings = account.inputs('lambda', 'CreateEventSourceMapping')
    const slack = mappings.find(({ FunctionName }) => FunctionName === 'dev-tell-slack')
    expect(slack).toMatchObject({ EventSourceArn: Table.LatestStreamArn, BatchSize: 3 })
    expect(
      await account.call('dynamodb', 'DescribeTimeToLive', { TableName: 'dev-caretaker' }),
    ).toMatchObject({ TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED' } })
  })

  it('make the rule of a pushed image with its function as its target', () => {
    const [rule] = account
      .inputs('eventbridge', 'PutRule')
      .filter(({ Name }) => Name === 'dev-image-pushed')
    expect(JSON.parse(String(rule?.EventPattern))).toMatchObject({ source: ['aws.ecr'] })
    const [targets] = account
      .inputs('eventbridge', 'PutTargets')
      .filter(({ Rule }) => Rule === 'dev-image-pushed')
    expect(targets?.Targets).toMatchObject([
      {
        Arn: account.aws.arn('lambda', 'function:dev-start-roll-outs'),
        DeadLetterConfig: { Arn: account.aws.arn('sqs', 'dev-control-plane-dead-letters') },
        RetryPolicy: { MaximumRetryAttempts: 8 },
      },
    ])
  })

  it('name each function’s code, which the assembly has', () => {
    const functions = account.inputs('lambda', 'CreateFunction')
    expect(functions.length).toBeGreaterThan(0)
    for (const { Code } of functions) {
      const { S3Key } = Code as { S3Key: string }
      expect(deployed.assets(S3Key)).toMatch(/cdk\.out\/asset\.[0-9a-f]{64}$/)
    }
    expect(deployed.assets('unknown.zip')).toBeUndefined()
  })

  it.each([
    ['rds:db', 'dev-database'],
    ['elasticache:replicationgroup', 'dev-cache'],
    ['elasticfilesystem:file-system', 'fs-'],
    ['elasticfilesystem:access-point', 'fsap-'],
    ['ec2:instance', 'i-'],
    ['ec2:vpc', 'vpc-'],
    ['s3', 'arn:aws:s3:::'],
  ])('make each %s with the tags it is found by', async (type, name) => {
    const { ResourceTagMappingList: found = [] } = await account.call<GetResourcesOutput>(
      'resource-groups-tagging-api',
      'GetResources',
      { ResourceTypeFilters: [type], TagFilters: [{ Key: 'caretaker:environment' }] },
    )
    expect(found.map(({ ResourceARN }) => ResourceARN).join(' ')).toContain(name)
  })

  it('wait until databases and caches are available', async () => {
    expect(await account.call('rds', 'DescribeDBInstances', {})).toMatchObject({
      DBInstances: [{ DBInstanceStatus: 'available' }, { DBInstanceStatus: 'available' }],
    })
    expect(await account.call('elasticache', 'DescribeReplicationGroups', {})).toMatchObject({
      ReplicationGroups: [{ Status: 'available', AuthTokenEnabled: true }],
    })
  })

  it('take the time that AWS takes for what is asynchronous', () => {
    const minutes = (account.world.now - account.world.start) / 60_000
    expect(minutes).toBeGreaterThan(10)
    expect(minutes).toBeLessThan(60)
  })
})
