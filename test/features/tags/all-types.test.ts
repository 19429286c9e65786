import { beforeAll, describe, expect, it } from 'vitest'
import { typeOf, WATCHED_TYPES, watchedOf } from '../../../domain/tagging/types.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { LADDER, TagWorld, tagCatalog } from '../../kits/tag-worlds.ts'

const DUE = 'caretaker:tags-due'
const OURS = { 'caretaker:owner': 'ordering', 'caretaker:environment': 'dev' }
type Tags = Record<string, string>

/** What somebody makes by hand: of each type one, as its service's own call. */
const MADE: [string, string, object][] = [
  ['sqs', 'CreateQueue', { QueueName: 'by-hand' }],
  ['sns', 'CreateTopic', { Name: 'by-hand' }],
  ['ecr', 'CreateRepository', { repositoryName: 'by/hand' }],
  ['cloudwatch-logs', 'CreateLogGroup', { logGroupName: '/by/hand' }],
  [
    'dynamodb',
    'CreateTable',
    {
      ...{ TableName: 'by-hand', BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  ],
  ['efs', 'CreateFileSystem', { CreationToken: 'by-hand' }],
  [
    'elasticache',
    'CreateReplicationGroup',
    { ReplicationGroupId: 'by-hand', ReplicationGroupDescription: 'x', Engine: 'valkey' },
  ],
  [
    'elastic-load-balancing-v2',
    'CreateTargetGroup',
    { Name: 'by-hand', Protocol: 'HTTP', Port: 80, TargetType: 'ip' },
  ],
  ['ec2', 'CreateVolume', { AvailabilityZone: 'eu-central-1a', Size: 8 }],
]

describe('every type that is read by a row', () => {
  let world: TagWorld
  let machine = ''
  let job = ''
  let volumes: string[] = []
  let snapshot = ''

  const call = <Output = Record<string, unknown>>(service: string, operation: string, input = {}) =>
    world.stage.call<Output>(service, operation, input)
  /** By id, what carries tags in the account. */
  const all = async (): Promise<Map<string, Tags>> => {
    const { aws } = world.stage.simulation
    return new Map(
      aws.services
        .flatMap((service) => [...(service.tagged?.() ?? [])])
        .flatMap(({ arn, tags }) => {
          const id = watchedOf(arn)?.id
          return id === undefined ? [] : [[id, { ...tags }] as const]
        }),
    )
  }
  const byHand = async () => {
    const found = [...(await all())].filter(([id]) => /by.hand/.test(id) || id.startsWith('file'))
    return Object.fromEntries(
      found.map(([id, tags]) => [id.replace(/\/fs-.*|\/[0-9a-f]{16}$/, ''), tags]),
    )
  }

  beforeAll(async () => {
    world = await TagWorld.open(tagCatalog('act', LADDER, WATCHED_TYPES))
    await world.pastReports()
    const bob = await world.person('bob@example.com')
    for (const [service, operation, input] of MADE) {
      await world.stage.callAs(bob, service, operation, input)
    }
    const { Subnets } = await call<{ Subnets: { SubnetId: string }[] }>('ec2', 'DescribeSubnets')
    const place = { cluster: 'dev-backend', taskDefinition: 'dev-mailer', launchType: 'FARGATE' }
    const networkConfiguration = { awsvpcConfiguration: { subnets: [Subnets[0]?.SubnetId] } }
    const made = { ...place, networkConfiguration }
    // Another tool's service, which hands no tags on, and a task of no service.
    const of = { serviceName: 'adopted', desiredCount: 1 }
    await world.stage.callAs(bob, 'ecs', 'CreateService', { ...made, ...of })
    const ran = await world.stage.callAs(bob, 'ecs', 'RunTask', { ...made, group: 'jobs' })
    job = (ran as { tasks: { taskArn: string }[] }).tasks[0]?.taskArn ?? ''
    const ann = await world.person('ann@example.com')
    machine = (await world.launch(ann))[0] ?? ''
    await world.stage.minutes(8)
  })

  it('gets owner and defaults from who made it, within minutes', async () => {
    const made = await byHand()
    expect(Object.keys(made).toSorted()).toEqual([
      ...['cache/by-hand', 'file-system', 'log-group//by/hand', 'queue/by-hand'],
      ...['repository/by/hand', 'table/by-hand', 'target-group/by-hand', 'topic/by-hand'],
    ])
    for (const tags of Object.values(made)) expect(tags).toEqual(OURS)
    // The task of no service: nothing has handed tags on to it.
    const { tasks } = await call<{ tasks: { group: string; tags: { value: string }[] }[] }>(
      'ecs',
      'DescribeTasks',
      { cluster: 'dev-backend', tasks: [job], include: ['TAGS'] },
    )
    expect(tasks[0]?.tags.map(({ value }) => value).toSorted()).toEqual(['dev', 'ordering'])
  })

  it('volumes take theirs from their instance, snapshots from their volume, also in one sweep', async () => {
    const { Volumes } = await call<{ Volumes: { VolumeId: string; Attachments: object[] }[] }>(
      'ec2',
      'DescribeVolumes',
    )
    volumes = Volumes.filter(({ Attachments }) =>
      JSON.stringify(Attachments).includes(machine),
    ).map(({ VolumeId }) => VolumeId)
    const made = await call<{ SnapshotId: string }>('ec2', 'CreateSnapshot', {
      VolumeId: volumes[0],
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'Name', Value: 'kept' }] }],
    })
    snapshot = made.SnapshotId
    await world.nextSweep()
    const now = await all()
    const theirs = { ...OURS, 'caretaker:owner': 'storefront' }
    expect(now.get(`instance/${machine}`)).toEqual(theirs)
    expect(volumes.map((id) => now.get(`volume/${id}`))).toEqual([theirs])
    expect(now.get(`snapshot/${snapshot}`)).toEqual({ ...theirs, Name: 'kept' })
    // The members are named by no message; what stands for itself has one with all of its kind.
    expect(world.messages(volumes[0] ?? '-')).toEqual([])
    expect(world.messages(snapshot)).toEqual([])
  })

  it('tasks take theirs from their service, and nothing is kept of them', async () => {
    const of = { cluster: 'dev-backend', serviceName: 'adopted' }
    const { taskArns } = await call<{ taskArns: string[] }>('ecs', 'ListTasks', of)
    const ids = taskArns.map((arn) => watchedOf(arn)?.id ?? '')
    const now = await all()
    expect(ids.map((id) => now.get(id))).toEqual([OURS])
    expect(ids.map((id) => world.kept(id))).toEqual([undefined])
  })

  it('ends at the mark, with few calls, and a second sweep writes nothing', async () => {
    await world.nextSweep(5)
    const made = await byHand()
    for (const tags of Object.values(made)) expect(tags).toHaveProperty([DUE])
    const before = world.calls
    await world.nextSweep()
    expect(world.changes(before)).toEqual([])
    const reads = world.stage.simulation.aws.calls
      .slice(before)
      .filter(({ by, service }) => by.endsWith('-keep-tags') && service !== 'dynamodb')
    // A list of each type, one index of tags, and what is read again before a step.
    expect(reads.filter(({ operation }) => operation === 'GetResources').length).toBe(1)
    expect(reads.length).toBeLessThan(2 * WATCHED_TYPES.length)
  })

  it('a type that cannot be listed stands still, and the others are seen to', async () => {
    const { aws } = world.stage.simulation
    const guard = ({ operation }: { operation: string }) => {
      if (operation === 'ListQueues') throw new AwsError('ServiceUnavailable', 'busy')
    }
    const arn = (rest: string) =>
      aws.arn(rest.split(':')[0] ?? '', rest.split(':').slice(1).join(':'))
    const gone = { ResourceARNList: [arn('sqs:by-hand'), arn('sns:by-hand')] }
    const TagKeys = ['caretaker:environment', 'caretaker:owner']
    const kept = world.kept('queue/by-hand')
    await call('resource-groups-tagging-api', 'UntagResources', { ...gone, TagKeys })
    aws.guards.push(guard)
    await world.nextSweep()
    const some = await byHand()
    expect(some['queue/by-hand']).not.toHaveProperty(['caretaker:owner'])
    expect(some['topic/by-hand']).toMatchObject(OURS)
    expect(world.kept('queue/by-hand')).toEqual(kept)
    aws.guards.splice(aws.guards.indexOf(guard), 1)
    await world.nextSweep()
    expect((await byHand())['queue/by-hand']).toMatchObject(OURS)
  })

  it('a list of tags that fails leaves all types that need it as they are, and no other', async () => {
    const { aws } = world.stage.simulation
    const guard = ({ operation }: { operation: string }) => {
      if (operation === 'GetResources') throw new AwsError('ThrottledException', 'busy')
    }
    const arns = [aws.arn('dynamodb', 'table/by-hand'), aws.arn('ec2', `instance/${machine}`)]
    const TagKeys = ['caretaker:environment']
    await call('resource-groups-tagging-api', 'UntagResources', { ResourceARNList: arns, TagKeys })
    const kept = world.kept('table/by-hand')
    aws.guards.push(guard)
    await world.nextSweep()
    const now = await all()
    expect(now.get('table/by-hand')).not.toHaveProperty(TagKeys)
    expect(now.get(`instance/${machine}`)).toMatchObject({ 'caretaker:environment': 'dev' })
    expect(world.kept('table/by-hand')).toEqual(kept)
    aws.guards.splice(aws.guards.indexOf(guard), 1)
    await world.nextSweep()
    expect((await all()).get('table/by-hand')).toHaveProperty(TagKeys)
  })

  it('a snapshot outlives its volume, and then stands for itself; a moved volume keeps its owner', async () => {
    const bob = await world.person('bob@example.com')
    const [other = ''] = await world.launch(bob, { 'cost-center': '4711' })
    await call('ec2', 'StopInstances', { InstanceIds: [machine] })
    await world.stage.minutes(3)
    const [VolumeId] = volumes
    await call('ec2', 'DetachVolume', { VolumeId })
    await call('ec2', 'AttachVolume', { VolumeId, InstanceId: other, Device: '/dev/sdf' })
    await world.nextSweep()
    expect((await all()).get(`volume/${VolumeId}`)).toEqual({
      ...{ ...OURS, 'caretaker:owner': 'storefront', 'cost-center': '4711' },
    })
    await call('ec2', 'DetachVolume', { VolumeId })
    await call('ec2', 'DeleteVolume', { VolumeId })
    await world.nextSweep()
    // The copy of its tags is complete now, but for what its volume had not then.
    const kept = (await all()).get(`snapshot/${snapshot}`)
    expect(kept).toMatchObject({ 'cost-center': '4711', Name: 'kept' })
  })

  it('what has its tags loses its mark, of whatever type; so does what has copied one', async () => {
    const marked = [...(await all())].filter(([, tags]) => DUE in tags).map(([id]) => id)
    const types = new Set(marked.map((id) => id.split('/')[0]))
    await call('ec2', 'CreateTags', {
      Resources: [snapshot],
      Tags: [{ Key: DUE, Value: '2026-01-01' }],
    })
    const { aws } = world.stage.simulation
    const arns = aws.services.flatMap((service) =>
      [...(service.tagged?.() ?? [])].flatMap(({ arn, tags }) => (DUE in tags ? [arn] : [])),
    )
    for (let start = 0; start < arns.length; start += 20) {
      await call('resource-groups-tagging-api', 'TagResources', {
        ResourceARNList: arns.slice(start, start + 20),
        Tags: { 'cost-center': '4711' },
      })
    }
    await world.nextSweep()
    await world.nextSweep()
    const still = [...(await all())].filter(([, tags]) => DUE in tags).map(([id]) => id)
    expect(still).toEqual([])
    expect([...types].toSorted()).toEqual([
      ...['cache', 'file-system', 'function', 'instance', 'load-balancer', 'log-group', 'queue'],
      ...['repository', 'service', 'table', 'target-group', 'topic', 'volume'],
    ])
  })
})

it('an ARN names what is watched, and nothing else', () => {
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:eu-central-1:123456789012:${rest}`
  const ids = WATCHED_TYPES.map((type) => {
    const { service, before, id } = typeOf(type)
    expect(watchedOf(arn(service, `${before.replace('*', 'a-b')}some-1`))).toEqual({
      ...{ id: `${id}/some-1`, type },
    })
    return id
  })
  expect(new Set(ids).size).toBe(WATCHED_TYPES.length)
  for (const other of [
    arn('sns', 'news:0b1c'),
    arn('ec2', 'vpc/vpc-1'),
    'arn:aws:s3:::files',
    '',
  ]) {
    expect(watchedOf(other)).toBeUndefined()
  }
})
