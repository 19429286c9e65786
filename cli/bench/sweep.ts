import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts'
import { single } from '../../local/aws/cloudwatch/series.ts'
import type { Simulation } from '../../local/simulation/simulation.ts'
import { inCatalog } from './catalog.ts'
import { MINUTE, quietEnvironment } from './measure.ts'

/** Calls of one sweep that finds nothing to do, and the least it could take. */
export type Sweep = { calls: number; bound: number }

/** `DescribeServices` takes ten at a time. */
const DESCRIBED_AT_ONCE = 10

const SERVICE = 'team: ordering\nschedule: office-hours\n'
/** Somebody uses them every quarter of an hour: more often they are not looked at. */
const JUDGED = 'idle: 4h\n'
const USED_EVERY = 15 * MINUTE

/** The calls of one quiet sweep of an environment that is quiet already. */
export async function sweepOf({ world, aws, catalog, repositories }: Simulation): Promise<Sweep> {
  const before = aws.calls.length
  await world.run(5 * MINUTE)
  const calls = aws.calls.slice(before).filter(({ by }) => by.endsWith('-sweep'))
  const services = catalog.services.length
  // The list of what is tagged, the services by tens, and what each repository's tag names.
  const bound = 1 + Math.ceil(services / DESCRIBED_AT_ONCE) + repositories.length
  return { calls: calls.length, bound }
}

/**
 * Measures an environment of many services, each with a repository of its own, that all sleep.
 *
 * @param isJudged whether they would sleep by day too if nobody used them.
 */
export async function inMany<Measured>(
  services: number,
  measure: (simulation: Simulation) => Promise<Measured>,
  isJudged = false,
): Promise<Measured> {
  const text = `${SERVICE}${isJudged ? JUDGED : ''}`
  const files = Array.from({ length: services }, (_, place) => [`service-${place + 1}`, text])
  const environment = (own: string) => `${own}\nfeatures: { sleep: act }\n`
  return inCatalog(Object.fromEntries(files), environment, async (catalog) => {
    const simulation = await quietEnvironment(catalog)
    if (isJudged) use(simulation)
    return measure(simulation)
  })
}

/** All services are at work again and again, whatever else there is. */
function use(simulation: Simulation): void {
  const { aws, world, catalog, environment } = simulation
  const { metrics } = aws.the(CloudWatch)
  for (const { name: ServiceName, cluster } of catalog.services) {
    const dimensions = { ClusterName: `${environment.name}-${cluster}`, ServiceName }
    metrics.put({ namespace: 'AWS/ECS', name: 'CPUUtilization', dimensions }, single(world.now, 60))
  }
  world.after(USED_EVERY, 'somebody uses all services', () => use(simulation))
}
