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
const KEYS = ['caretaker:environment', 'stage'] as const
/** One of ten is an instance, the others are services of ECS. */
const INSTANCE_OF = 10

/** Sweeps an environment of so many resources, of which some lack one key, the other, or both. */
export async function measureTags(resources: number, lacking: number): Promise<TagSweep> {
  return inCatalog(ORDERS, environmentWith, async (catalog) => {
    const simulation = await Simulation.open({ seed: 1, start: START, catalog })
    const before = await countOf(simulation)
    await fill(simulation, resources, lacking)
    return measured(simulation, { resources, lacking, before })
  })
}

type Counted = { services: number; instances: number }
type Measure = { resources: number; lacking: number; before: Counted }

async function measured(simulation: Simulation, { resources, lacking, before }: Measure) {
  const { world, aws } = simulation
  const from = aws.calls.length
  await world.run(Date.parse('2026-03-02T05:30:00Z') - world.now + 30 * MINUTE)
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
    bound: boundOf(resources, lacking, before),
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
  by.endsWith('-keep-tags') && service !== 'dynamodb' && !BEHIND.includes(operation)
const isWrite = ({ operation }: CallRecord): boolean => /^(Tag|Untag|Stop|Start)/.test(operation)

/**
 * Pages of reads, the reads just before a write, and for each distinct value its writes by twenty;
 * VPCs, subnets, clusters, databases, Aurora's, groups and the organisation's keys have a page each.
 */
function boundOf(resources: number, lacking: number, { services, instances }: Counted): number {
  const of = (count: number) => ({ machines: Math.floor(count / INSTANCE_OF), count })
  const [all, few] = [of(resources), of(lacking)]
  const own = all.count - all.machines + services
  const pages =
    7 +
    Math.ceil((all.machines + instances) / 1000) +
    // The lists of two clusters, one of which is small.
    (Math.ceil((own - services) / 100) + 1) +
    Math.ceil(own / 100)
  const reads = Math.ceil(few.machines / 200) + Math.ceil((few.count - few.machines) / 10)
  const writes = [0, 1, 2].reduce(
    (sum, place) => sum + Math.ceil((lacking / 3 + (place < lacking % 3 ? 1 : 0)) / 20),
    0,
  )
  return pages + reads + writes
}

const environmentWith = (own: string): string =>
  `${own.replace('tags:\n', 'tags:\n  required: { stage: { default: try } }\n')}
parts: { bastion: false }
features: { sleep: off, health: off, tags: act }
`

async function countOf({ aws }: Simulation): Promise<Counted> {
  const { Reservations } = await aws.call<{ Reservations: unknown[] }>(
    'ec2',
    'DescribeInstances',
    {},
    SETUP,
  )
  return { services: 1, instances: Reservations.length }
}

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
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
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
