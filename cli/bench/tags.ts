import { WATCHED_TYPES, type WatchedType, watchedOf } from '../../domain/tagging/types.ts'
import type { CallRecord } from '../../local/aws/aws.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { inCatalog, modelOf, ORDERS, SETUP } from './catalog.ts'
import { MINUTE } from './measure.ts'

/** What it takes to look at many resources, and to tag some of them. */
export type TagSweep = {
  resources: number
  /** How many lack tags that are known. */
  lacking: number
  /** Calls to AWS, those to Caretaker's own table aside, and the least it could take. */
  calls: number
  bound: number
  throttled: number
  /** How many are complete after the first sweep. */
  tagged: number
  /** Simulated seconds from the first call to the last. */
  seconds: number
  /** What the sweep of the next day has written. */
  secondWrites: number
}

/** An hour before the daily sweep. */
const START = new Date('2026-03-02T04:30:00Z')
const DAY = 24 * 60 * MINUTE
/** Half an hour after it. */
const SWEPT = Date.parse('2026-03-02T05:30:00Z') + 30 * MINUTE
const KEYS = ['caretaker:environment', 'stage'] as const
/** One of ten is an instance with its volume, the others are services of ECS. */
const INSTANCE_OF = 10

/** Sweeps an environment of so many resources, of which some lack one key, the other, or both. */
export async function measureTags(resources: number, lacking: number): Promise<TagSweep> {
  return inCatalog(ORDERS, environmentWith, async (catalog) => {
    const simulation = await Simulation.open({ seed: 1, start: START, catalog })
    // The environment's own is in order before others are there.
    await simulation.world.run(SWEPT - simulation.world.now)
    await fill(simulation, resources, lacking)
    return measured(simulation, { resources, lacking })
  })
}

type Measure = { resources: number; lacking: number }

async function measured(simulation: Simulation, { resources, lacking }: Measure) {
  const { world, aws } = simulation
  const bound = boundOf(countsOf(simulation), lacking)
  const from = aws.calls.length
  await world.run(DAY)
  const calls = aws.calls.slice(from)
  const own = calls.filter(isOfTags)
  const done = own.filter(({ outcome }) => outcome === 'ok')
  const times = own.map(({ at }) => Date.parse(at))
  const tagged = await countComplete(simulation)
  const again = aws.calls.length
  await world.run(DAY)
  return {
    resources,
    lacking,
    calls: done.length,
    bound,
    throttled: calls.filter(({ by, outcome }) => by.endsWith('-keep-tags') && outcome !== 'ok')
      .length,
    tagged,
    seconds: (Math.max(...times) - Math.min(...times)) / 1000,
    secondWrites: aws.calls.slice(again).filter(isOfTags).filter(isWrite).length,
  }
}

/** Calls that the Tagging API makes of the services themselves are its own. */
const BEHIND = ['CreateTags', 'TagResource']
const isOfTags = ({ by, service, operation }: CallRecord): boolean =>
  by.endsWith('-keep-tags') &&
  (service !== 'dynamodb' || operation === 'ListTables') &&
  !BEHIND.includes(operation)
const isWrite = ({ operation }: CallRecord): boolean => /^(Tag|Untag|Stop|Start)/.test(operation)

/** How many there are of each type, and how many of them the Tagging API lists. */
type Counted = { of(type: WatchedType): number; indexed: number }

function countsOf({ aws }: Simulation): Counted {
  const all = aws.services.flatMap((service) =>
    [...(service.tagged?.() ?? [])].flatMap(({ arn, tags }) => {
      const type = watchedOf(arn)?.type
      return type === undefined ? [] : [{ type, isTagged: Object.keys(tags).length > 0 }]
    }),
  )
  return {
    of: (type) => all.filter((one) => one.type === type).length,
    indexed: all.filter(({ type, isTagged }) => isTagged && INDEXED.includes(type)).length,
  }
}

/** Read from the Tagging API: their own lists show no tags. */
const INDEXED: readonly WatchedType[] = [
  ...['ecs:service', 'elasticloadbalancing:loadbalancer', 'elasticloadbalancing:targetgroup'],
  ...['lambda:function', 'elasticache:replicationgroup', 'dynamodb:table', 'ecr:repository'],
  ...['logs:log-group', 'sqs:queue', 'sns:topic'],
] as WatchedType[]

/** So many answers stand on one page of a list. */
const PAGES: Partial<Record<WatchedType, number>> = {
  'ec2:instance': 1000,
  'ec2:volume': 1000,
  'lambda:function': 50,
  'logs:log-group': 50,
}

/**
 * Pages of reads, the reads just before a write, and for each distinct value its writes by twenty. An
 * instance's volume lacks what the instance lacks, and takes it from there.
 */
function boundOf({ of, indexed }: Counted, lacking: number): number {
  const lists = WATCHED_TYPES.filter((type) => !type.startsWith('ecs:')).reduce(
    (sum, type) => sum + Math.max(1, Math.ceil(of(type) / (PAGES[type] ?? 100))),
    0,
  )
  // The clusters, for services and for tasks; the lists of both clusters, one of which is small.
  const ecs = 2 + Math.ceil(of('ecs:service') / 100) + 1 + 2 + Math.ceil(of('ecs:task') / 100)
  const places = 3
  const machines = Math.floor(lacking / INSTANCE_OF)
  const reads = 2 * Math.ceil(machines / 200) + Math.ceil((lacking - machines) / 10)
  const writes = [0, 1, 2].reduce(
    (sum, place) => sum + Math.ceil((third(lacking, place) + third(machines, place)) / 20),
    0,
  )
  return places + lists + ecs + Math.ceil(indexed / 100) + reads + writes
}

/** Of what is numbered, the part that lacks the keys of this place. */
const third = (count: number, place: number): number =>
  Math.floor(count / 3) + (place < count % 3 ? 1 : 0)

const environmentWith = (own: string): string =>
  `${own
    .replace('tags:\n', 'tags:\n  required: { stage: { default: try } }\n')
    .replace(/watch: \[.*\]/, `watch: [${WATCHED_TYPES.join(', ')}]`)}
parts: { bastion: false }
features: { sleep: off, health: off, tags: act }
`

/** Which keys the one of this number lacks: spread evenly over all. */
function tagsOf(number: number, every: number): Record<string, string> {
  const all = { 'caretaker:owner': 'ordering', 'caretaker:environment': 'dev', stage: 'keep' }
  if (number % every !== 0) return all
  const which = (number / every) % 3
  const lacks = which === 2 ? KEYS : [KEYS[which] ?? KEYS[0]]
  return Object.fromEntries(Object.entries(all).filter(([key]) => !lacks.includes(key as never)))
}

async function fill(simulation: Simulation, resources: number, lacking: number): Promise<void> {
  const { aws } = simulation
  const model = await modelOf(simulation)
  const SubnetId = model.networkConfiguration?.awsvpcConfiguration?.subnets?.[0]
  const machines = Math.floor(resources / INSTANCE_OF)
  const every = resources / lacking
  for (let number = 0; number < machines; number++) {
    const Tags = Object.entries(tagsOf(number, every)).map(([Key, Value]) => ({ Key, Value }))
    const input = {
      ...{ ImageId: 'ami-1', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId },
      TagSpecifications: ['instance', 'volume'].map((ResourceType) => ({ ResourceType, Tags })),
    }
    await aws.call('ec2', 'RunInstances', input, SETUP)
  }
  for (let number = machines; number < resources; number++) {
    const tags = Object.entries(tagsOf(number, every)).map(([key, value]) => ({ key, value }))
    const input = { ...model, serviceName: `service-${number}`, desiredCount: 0, tags }
    await aws.call('ecs', 'CreateService', input, SETUP)
  }
}

/** Everything of ours that carries the three keys. */
async function countComplete({ aws }: Simulation): Promise<number> {
  const TagFilters = [...KEYS, 'caretaker:owner'].map((Key) => ({ Key }))
  let [found, PaginationToken] = [0, '']
  do {
    const page = await aws.call<{ ResourceTagMappingList: unknown[]; PaginationToken: string }>(
      'resource-groups-tagging-api',
      'GetResources',
      {
        ...{ TagFilters, ResourcesPerPage: 100 },
        ResourceTypeFilters: ['ecs:service', 'ec2:instance'],
        ...(PaginationToken === '' ? {} : { PaginationToken }),
      },
      SETUP,
    )
    found += page.ResourceTagMappingList.length
    PaginationToken = page.PaginationToken
  } while (PaginationToken !== '')
  return found
}
