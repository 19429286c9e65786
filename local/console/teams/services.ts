import { rateOf } from '../../../domain/ledger/rate.ts'
import { sayUsd } from '../../../domain/ledger/say.ts'
import { ALWAYS_ON } from '../../../domain/schedule/written.ts'
import type { ServiceReport } from '../../views/services.ts'
import type { SleeperReport } from '../../views/sleepers.ts'
import { KINDS, type SleepSource } from '../sleep.ts'
import type { CostView, TeamView } from './view.ts'

type Priced = CostView & { hour: number | undefined }

/** What a team owns and pays for while it is awake: its services, and what else has a schedule. */
export function servicesOf(
  team: string,
  services: readonly ServiceReport[],
  sleep: SleepSource,
): Pick<TeamView, 'services' | 'day'> {
  const all = [
    ...services.filter(({ owner }) => owner === team).map((one) => serviceOf(one, sleep)),
    ...sleep.sleepers
      .filter(({ id, owner }) => owner === team && !id.startsWith('service/'))
      .map(otherOf),
  ].toSorted((a, b) => (b.hour ?? 0) - (a.hour ?? 0) || a.name.localeCompare(b.name))
  const awake = all.filter(({ state }) => state === 'awake' || state === 'changing')
  return {
    services: all.map(({ hour: _, ...view }) => view),
    day: {
      usd: sayUsd(awake.reduce((sum, { hour = 0 }) => sum + hour * 24, 0)),
      unpriced: awake.flatMap(({ hour, name }) => (hour === undefined ? [name] : [])),
    },
  }
}

function serviceOf(service: ServiceReport, { sleepers, tasks, level }: SleepSource): Priced {
  const { name, cluster, running, desired, awake } = service
  const sleeper = sleepers.find(({ id }) => id === `service/${cluster}/${name}`)
  const { captured, last } = sleeper?.kept ?? {}
  const hour = hourOf(service, { sleepers, tasks })
  const ran = awake || captured !== undefined || last !== undefined
  const may = level === 'act' && sleeper !== undefined && sleeper.schedule !== ALWAYS_ON && ran
  return {
    name,
    kind: 'service',
    state: ran ? stateOf(sleeper, awake) : 'absent',
    runs: awake
      ? `${running?.count ?? 0} of ${desired} tasks`
      : ran
        ? (sleeper?.kept.why ?? '')
        : '',
    ...priceOf(hour),
    ...(may && { act: awake ? ('sleep' as const) : ('wake' as const) }),
    hour,
  }
}

/** What an hour of a service costs at list price while it is awake; undefined: not known. */
export function hourOf(
  { name, cluster, desired }: ServiceReport,
  { sleepers, tasks }: Pick<SleepSource, 'sleepers' | 'tasks'>,
): number | undefined {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (task === undefined) return undefined
  const { captured, last } =
    sleepers.find(({ id }) => id === `service/${cluster}/${name}`)?.kept ?? {}
  const count = desired || captured?.desired || last?.desired || task.count || 1
  return rateOf({ of: 'tasks', ...task, arm: task.platform !== 'x86_64' }, count).hour
}

function otherOf(sleeper: SleeperReport): Priced {
  const { id, name, kept } = sleeper
  const { hour } = kept.rate ?? {}
  const awake = kept.rest === 'awake'
  const state = stateOf(sleeper, awake)
  const kind = KINDS[id.split('/')[0] ?? ''] ?? ''
  return { name, kind, state, runs: kept.why, ...priceOf(hour), hour }
}

const stateOf = (sleeper: SleeperReport | undefined, awake: boolean): CostView['state'] =>
  sleeper?.kept.moving !== undefined ? 'changing' : awake ? 'awake' : 'asleep'

const priceOf = (hour: number | undefined): { usd?: string } =>
  hour === undefined ? {} : { usd: sayUsd(hour * 24) }
