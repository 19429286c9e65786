import { NAT_INSTANCE } from '../../catalog/nat.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { taskHour } from '../../domain/ledger/rate.ts'
import { HOURS_A_MONTH, PRICES } from '../../domain/prices.ts'
import { edges, type Input, type Schedule, scheduled } from '../../domain/schedule/scheduled.ts'
import { ALWAYS_ON, WHEN_NEEDED } from '../../domain/schedule/written.ts'
import { TAGS } from '../../domain/tags.ts'
import { type Properties, type TemplateResource, tagOf } from './template.ts'

/** What is paid by the hour or the month, whether it is used or not. */
export type CostLine = {
  what: string
  count: number
  /** US dollars a month, for all of them, running all the time. */
  month: number
  /** The same with the schedules of the catalog. */
  asleep: number
  /** What in the catalog asks for it. */
  switch: string
}

type Priced = Omit<CostLine, 'count' | 'asleep'> & { asleep?: number; count?: number }
/** `neededBy`: those that something awake `when-needed` is awake for. */
type Share = (schedule?: string, neededBy?: 'shared database' | 'all') => number
type Pricing = (properties: Properties, share: Share) => Priced[]

const hours = (price: number): number => price * HOURS_A_MONTH
const priceIn = (list: Readonly<Record<string, number>>, type: unknown): number => {
  const price = list[String(type)]
  if (price === undefined) throw new Error(`domain/prices.ts has no price for ${type}`)
  return price
}
const address = (count: number): Priced => ({
  what: 'Public IPv4 address',
  count,
  month: count * hours(PRICES.publicAddressHour),
  switch: 'with the NAT gateway and the load balancers',
})
const fixed =
  (what: string, month: number, by: string): Pricing =>
  () => [{ what, month, switch: by }]

/** The way out by a gateway, with the address that it has. */
const natGatewayLines = (): Priced[] => [
  {
    what: 'NAT gateway',
    month: hours(PRICES.natGatewayHour),
    switch: 'always; `nat`, `natGateways`',
  },
  address(1),
]

/**
 * The way out by an instance. Asleep it is gone, and its disk and address with it.
 *
 * @param share the part of a week in which anything needs it.
 */
function natInstanceLines(share: number): Priced[] {
  const { type, gigabytes } = NAT_INSTANCE
  const machine = hours(priceIn(PRICES.instanceHour, type))
  const what = `NAT instance, ${type} with ${gigabytes} GB`
  const month = machine + gigabytes * PRICES.diskGigabyteMonth
  const lines = [{ what, month, switch: 'always; `nat`' }, address(1)]
  return lines.map((line) => ({ ...line, asleep: line.month * share }))
}

const BY_TYPE: Readonly<Record<string, Pricing>> = {
  // Its address is a resource of its own.
  'AWS::EC2::NatGateway': () => natGatewayLines().slice(0, 1),
  'AWS::EC2::EIP': () => [address(1)],
  'AWS::AutoScaling::AutoScalingGroup': (properties, share) =>
    tagOf(properties, TAGS.wayOut) === 'true'
      ? natInstanceLines(share(tagOf(properties, TAGS.schedule), 'all'))
      : [],
  'AWS::EC2::VPCEndpoint': ({ VpcEndpointType, SubnetIds = [] }) =>
    VpcEndpointType === 'Interface'
      ? [
          {
            what: 'Interface endpoint',
            month: (SubnetIds as unknown[]).length * hours(PRICES.interfaceEndpointHour),
            switch: '`interfaceEndpoints`',
          },
        ]
      : [],
  'AWS::EC2::Instance': ({ InstanceType, ...rest }, share) => {
    const disk = 8 * PRICES.diskGigabyteMonth
    const machine = hours(priceIn(PRICES.instanceHour, InstanceType))
    return [
      {
        what: `Bastion, ${InstanceType} with 8 GB`,
        month: machine + disk,
        asleep: machine * share(tagOf(rest, 'caretaker:schedule')) + disk,
        switch: '`parts.bastion`',
      },
    ]
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Type, Subnets = [] }) => [
    {
      what: Type === 'network' ? 'Network load balancer' : 'Application load balancer',
      month: hours(PRICES.loadBalancerHour),
      switch: Type === 'network' ? 'the first `nlb`' : 'always',
    },
    address((Subnets as unknown[]).length),
  ],
  'AWS::RDS::DBInstance': ({ DBInstanceClass, AllocatedStorage, ...rest }, share) => {
    const disk = Number(AllocatedStorage) * PRICES.databaseGigabyteMonth
    const server = hours(priceIn(PRICES.databaseHour, DBInstanceClass))
    return [
      {
        what: `PostgreSQL server, ${DBInstanceClass} with ${AllocatedStorage} GB`,
        month: server + disk,
        asleep: server * share(tagOf(rest, 'caretaker:schedule')) + disk,
        switch: '`database: shared` once, `database: own` each',
      },
    ]
  },
  'AWS::ElastiCache::ReplicationGroup': ({ CacheNodeType, NumCacheClusters }) => [
    {
      what: `Cache, ${CacheNodeType}`,
      month: Number(NumCacheClusters) * hours(priceIn(PRICES.cacheHour, CacheNodeType)),
      switch: 'the first `cache: true`',
    },
  ],
  'AWS::EKS::Cluster': fixed(
    'Kubernetes control plane',
    hours(PRICES.kubernetesHour),
    '`parts.kubernetes`',
  ),
  'AWS::SecretsManager::Secret': fixed(
    'Secret',
    PRICES.secretMonth,
    '`secrets`, `database`, `cache`',
  ),
  'AWS::CloudWatch::Alarm': fixed('Alarm', PRICES.alarmMonth, 'with what it watches'),
  'AWS::CloudWatch::Dashboard': fixed('Dashboard', PRICES.dashboardMonth, '`parts.dashboards`'),
  'AWS::KMS::Key': fixed('Key', PRICES.keyMonth, 'always'),
}

/** RDS keeps the administrator's password in a secret of its own, which no template shows. */
const HIDDEN: Readonly<Record<string, Pricing>> = {
  'AWS::RDS::DBInstance': BY_TYPE['AWS::SecretsManager::Secret'] as Pricing,
}

/**
 * The lines of the environment, dearest first; the tasks of services among them.
 *
 * @param share the part of a week that something with this schedule runs; the catalog's by default.
 */
export function costLines(
  resources: readonly TemplateResource[],
  catalog: Catalog,
  share: Share = (schedule, neededBy) => shareAwake(namedIn(catalog, schedule, neededBy)),
): CostLine[] {
  const { environment, services } = catalog
  const priced = resources.flatMap(({ type, properties }) =>
    [BY_TYPE[type], HIDDEN[type]].flatMap((pricing) => pricing?.(properties, share) ?? []),
  )
  const tasks = services
    .filter(({ kind }) => kind !== 'job')
    .map(({ cpu, memory, count, spot, schedule = environment.schedule }): Priced => {
      const month = count * hours(taskHour(cpu, memory)) * (spot ? PRICES.fargateSpotShare : 1)
      return {
        what: `Task, ${cpu} CPU and ${memory} MiB${spot ? ', Spot' : ''}`,
        count,
        month,
        asleep: month * share(schedule),
        switch: 'a file in `services/`',
      }
    })
  return [...Map.groupBy([...priced, ...tasks], ({ what }) => what)]
    .map(([what, same]) => ({
      what,
      count: same.reduce((sum, { count = 1 }) => sum + count, 0),
      month: same.reduce((sum, { month }) => sum + month, 0),
      asleep: same.reduce((sum, { month, asleep = month }) => sum + asleep, 0),
      switch: same[0]?.switch ?? '',
    }))
    .toSorted((a, b) => b.month - a.month)
}

/** What is needed is awake whenever a service is that needs it. */
function namedIn(
  { environment, services }: Catalog,
  name = ALWAYS_ON,
  neededBy: Parameters<Share>[1] = 'shared database',
): Schedule | undefined {
  const { schedules } = environment
  if (name !== WHEN_NEEDED) return schedules[name]
  const users = services
    .filter(({ kind }) => kind !== 'job')
    .filter(({ database }) => neededBy === 'all' || database === 'shared')
    .map(({ schedule = environment.schedule }) => schedules[schedule])
  const running = users.flatMap((one) =>
    (one?.running ?? []).map((period) => ({ timeZone: one?.timeZone, ...period })),
  )
  return users.includes(undefined) || running.length === 0 ? undefined : { running }
}

/** Fifty-two whole weeks, from a Monday on, in which nothing depends on how long the months are. */
const YEAR = ['2029-01-01T00:00:00Z', '2029-12-31T00:00:00Z'].map((at) => new Date(at))

/** The way out by gateway and by instance, as the catalog's services need it: dollars a month. */
export function waysOut(
  catalog: Catalog,
): Record<'gateway' | 'instance', { month: number; asleep: number }> {
  const sum = (lines: readonly Priced[]) => ({
    month: lines.reduce((total, { month }) => total + month, 0),
    asleep: lines.reduce((total, { month, asleep = month }) => total + asleep, 0),
  })
  const share = shareAwake(namedIn(catalog, WHEN_NEEDED, 'all'))
  return { gateway: sum(natGatewayLines()), instance: sum(natInstanceLines(share)) }
}

/** The part of a year that a schedule lets run; holidays left aside. */
export function shareAwake(schedule: Schedule | undefined): number {
  const [from = new Date(0), to = from] = YEAR
  if (schedule === undefined) return 1
  const input: Input = {
    schedule: { ...schedule, holidays: 'ignore' as const, calendar: undefined },
    calendars: {},
    overrides: [],
    timeZone: 'UTC',
  }
  let [at, awake, { state }] = [from.getTime(), 0, scheduled(input, from)]
  for (const edge of [...edges(input, from, to), { at: to.toISOString(), state }]) {
    if (state !== 'stopped') awake += Date.parse(edge.at) - at
    ;[at, state] = [Date.parse(edge.at), edge.state]
  }
  return awake / (to.getTime() - from.getTime())
}
