import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs'
import { DescribeDBInstancesCommand, type RDSClient } from '@aws-sdk/client-rds'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { type Accounted, account, closed } from '../../domain/ledger/account.ts'
import { type Rate, type Runs, rateOf } from '../../domain/ledger/rate.ts'
import type { Seen } from '../../domain/sleep/resource.ts'
import type { Known } from '../../domain/sleep/steps.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import { epochSeconds } from '../../domain/time.ts'
import type { Kept } from '../shared/sleep/kept.ts'
import type { Fates } from '../shared/sleep/unlisted.ts'
import type { Due } from './write.ts'

/**
 * What is to be written of each resource, with what is counted of its sleep: what has changed, and
 * what runs again, or is not looked after any more, while its sleep is counted.
 *
 * @param lost resources that are gone, that carry no schedule any more, or that are another environment's.
 * @param changed what is kept of those that have changed.
 */
export function accountsOf(
  known: readonly Known[],
  { sleepers, unreadable }: Pick<Kept, 'sleepers' | 'unreadable'>,
  lost: Fates,
  changed: ReadonlyMap<string, Sleeper>,
  now: Date,
): Map<string, Accounted> {
  const accounts = new Map<string, Accounted>()
  for (const { seen } of known) {
    const before = sleepers.get(seen.id)
    const after = changed.get(seen.id) ?? before
    if (after === undefined) continue
    const accounted = account(seen, before, after, now)
    if (accounted.kept !== before) accounts.set(seen.id, accounted)
  }
  for (const [id, kept] of lostIn(lost, { sleepers, unreadable }, now)) {
    accounts.set(id, closed(id, kept, now))
  }
  return accounts
}

/**
 * Of what is gone only a sleep that is counted; what is there without a tag, or for another
 * environment, is kept for a while: it may come back, and wakes as large as it was.
 */
function lostIn(
  { gone, untagged, away }: Fates,
  { sleepers, unreadable }: Pick<Kept, 'sleepers' | 'unreadable'>,
  now: Date,
): Map<string, Sleeper> {
  const lost = new Map<string, Sleeper>()
  for (const id of [...gone, ...untagged, ...away]) {
    const kept = sleepers.get(id)
    if (kept === undefined || unreadable.has(id)) continue
    if (gone.includes(id) && kept.counted !== undefined) lost.set(id, kept)
    if (gone.includes(id)) continue
    const expires = epochSeconds(now) + KEPT_SECONDS
    lost.set(id, { ...kept, untagged: now.toISOString(), expires })
  }
  return lost
}

type Sources = {
  ecs: ECSClient
  rds: RDSClient
  catalog: CompiledCatalog
  once<Value>(name: string, make: () => Value): Value
}

/** Task definitions that are read at one look, for services that are in no catalog. */
const READ_AT_MOST = 50

/** The prices of what is put to sleep now, as large as it is. */
export async function ratesOf(
  due: readonly Due[],
  sources: Sources,
): Promise<Map<string, { rate: Rate }>> {
  const tasks = sources.once('task definitions', () => new Map<string, Task>())
  const known = tasks.size
  const rates = new Map<string, { rate: Rate }>()
  for (const { known: one, to } of due) {
    if (to !== 'asleep') continue
    const { seen, kept } = one
    const mayRead = tasks.size - known < READ_AT_MOST
    const runs = seen.runs ?? (await runsOf(seen, sources, tasks, mayRead))
    const { size, usual = 1 } = seen
    const count = size === undefined ? 1 : size.desired || (kept.captured?.desired ?? usual)
    rates.set(seen.id, { rate: rateOf(runs, count) })
  }
  return rates
}

type Task = { cpu: number; memory: number; arm: boolean }

async function runsOf(
  { id, kind, task, service = '' }: Seen,
  { ecs, rds, catalog }: Sources,
  tasks: Map<string, Task>,
  mayRead: boolean,
): Promise<Runs | undefined> {
  if (kind === 'cluster') return membersOf(rds, id.split('/').at(-1) ?? '')
  if (task === undefined) return undefined
  if (task.on === 'instances') return { of: 'tasks-on-instances' }
  const own = Object.hasOwn(catalog.services, service) ? catalog.services[service]?.task : undefined
  const { definition, on } = task
  const spot = on === 'spot'
  if (own !== undefined) return { of: 'tasks', ...own, arm: own.platform !== 'x86_64', spot }
  if (!tasks.has(definition)) {
    if (!mayRead) return undefined
    tasks.set(definition, await taskOf(ecs, definition))
  }
  const read = tasks.get(definition)
  return read && { of: 'tasks', ...read, spot }
}

/** What a cluster stores is billed by what is used of it, which no read says. */
async function membersOf(rds: RDSClient, cluster: string): Promise<Runs> {
  const { DBInstances = [] } = await rds.send(
    new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [cluster] }] }),
  )
  return {
    of: 'database',
    classes: DBInstances.map(({ DBInstanceClass = '' }) => DBInstanceClass),
    engine: DBInstances[0]?.Engine ?? '',
    gigabytes: 0,
  }
}

async function taskOf(ecs: ECSClient, taskDefinition: string): Promise<Task> {
  const { taskDefinition: found } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition }),
  )
  const { cpu, memory, runtimePlatform } = found ?? {}
  return {
    cpu: Number(cpu),
    memory: Number(memory),
    arm: runtimePlatform?.cpuArchitecture === 'ARM64',
  }
}
