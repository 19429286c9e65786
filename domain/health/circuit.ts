import type { Circuit } from '../table/circuit.ts'
import { answers, fails, type Instance, isChecked, type Seen } from './instances.ts'

/** What becomes of a circuit, and why: a sentence for the service's team. */
export type Move = {
  state: Circuit['state']
  reason: string
  /** Ids of instances that callers must no longer find. */
  withdraw: readonly string[]
  /** Ids of instances that are out by our doing and must be found again. */
  restore: readonly string[]
  /** Ids of the instances that are out by our doing after this. */
  withdrawn: readonly string[]
}

/** Alarms as CloudWatch has them now, by ARN; one that is gone is `deleted`. */
export type AlarmValues = ReadonlyMap<string, 'ALARM' | 'OK' | 'INSUFFICIENT_DATA' | 'deleted'>

/** A circuit as far as a move depends on it. */
export type Before = Pick<Circuit, 'state' | 'since' | 'withdrawn'>

export const CLOSED: Before = { state: 'closed', since: '', withdrawn: [] }

/** Never fewer than this many instances are left to be found. */
const KEPT = 1
/** Half-open has an end: a probe without an answer within this time has failed. */
export const PROBE_MILLISECONDS = 60_000

/**
 * What a look at a service, its instances and its alarms makes of its circuit.
 *
 * Open while an alarm is red. Half-open once none is, whether or not that proves anything: nobody
 * asks what has been taken out, so a quiet alarm is no answer. Closed when every instance that
 * somebody checks answers; open again when one does not within a minute.
 */
export function move(seen: Seen, before: Before, alarms: AlarmValues, now: Date): Move {
  const red = [...alarms].filter(([, value]) => value === 'ALARM').map(([arn]) => nameOf(arn))
  if (red.length > 0) return opened(seen, before, `${red.join(', ')} is red`)
  if (before.state === 'closed') return closed(seen, before, 'no alarm of it is red')
  const checked = seen.instances.filter(isChecked)
  const silent = checked.filter((instance) => !answers(instance))
  if (silent.length === 0) return closed(seen, before, closing(checked.length, alarms))
  const probing = before.state === 'half-open'
  if (probing && now.getTime() - Date.parse(before.since) >= PROBE_MILLISECONDS) {
    const shown = silent.map(({ id }) => id.slice(0, 8)).join(', ')
    return opened(seen, before, `the probe of ${shown} did not answer`)
  }
  return {
    ...unchanged(seen, before),
    state: 'half-open',
    reason: `no alarm is red; ${checked.length - silent.length} of ${checked.length} instances answer`,
  }
}

/**
 * Instances of ours that must come back at once: something else took others away meanwhile, and
 * callers would find none. It never adds to what is out.
 */
export function comeBack(seen: Seen, { withdrawn }: Pick<Circuit, 'withdrawn'>): readonly string[] {
  const found = seen.instances.filter((one) => one.found && !withdrawn.includes(one.id))
  if (found.length >= KEPT) return []
  const ours = out(seen, withdrawn).filter(({ task }) => task?.health !== 'UNHEALTHY')
  const best = ours.toSorted((a, b) => Number(answers(b)) - Number(answers(a)))
  return best.slice(0, KEPT - found.length).map(({ id }) => id)
}

function opened(seen: Seen, { withdrawn: before }: Before, because: string): Move {
  const still = out(seen, before)
  const findable = seen.instances.filter((one) => one.found && !before.includes(one.id))
  // What ECS calls unhealthy it is about to stop: of two that fail, the other is the one to keep.
  const failing = findable
    .filter(fails)
    .toSorted((a, b) => Number(isLeaving(b)) - Number(isLeaving(a)))
  const room = seen.replacing ? 0 : Math.max(0, findable.length - KEPT)
  const withdraw = failing.slice(0, room).map(({ id }) => id)
  // What answers again comes back while others are still out.
  const restore = still.filter(answers).map(({ id }) => id)
  const kept = still.map(({ id }) => id).filter((id) => !restore.includes(id))
  const withdrawn = [...kept, ...withdraw]
  const shape = { failing: failing.length - withdraw.length, out: withdrawn.length }
  return {
    state: 'open',
    reason: `${because}; ${taken(seen, shape)}`,
    withdraw,
    restore,
    withdrawn,
  }
}

const isLeaving = ({ task }: Instance): boolean => task?.health === 'UNHEALTHY'

/** How much was taken out, and why not more. */
function taken(seen: Seen, { failing, out: many }: { failing: number; out: number }): string {
  const some = many === 0 ? '' : `${many} instance${many === 1 ? '' : 's'} taken out`
  if (seen.instances.length > 0 && !seen.instances.some(isChecked)) {
    return 'nobody checks its instances, so none is taken out'
  }
  if (failing === 0) return some || 'no instance that callers find fails, so none is taken out'
  if (seen.replacing) return [some, 'a deployment replaces its tasks'].filter(Boolean).join(', ')
  return [some, 'last instance kept'].filter(Boolean).join(', ')
}

/** What was taken out is found again, if ECS runs it and does not call it unhealthy. */
function closed(seen: Seen, { withdrawn }: Before, reason: string): Move {
  const restore = out(seen, withdrawn).filter(({ task }) => task?.health !== 'UNHEALTHY')
  return {
    state: 'closed',
    reason,
    withdraw: [],
    restore: restore.map(({ id }) => id),
    withdrawn: [],
  }
}

const unchanged = (seen: Seen, { withdrawn }: Before) => ({
  withdraw: [],
  restore: [],
  withdrawn: out(seen, withdrawn).map(({ id }) => id),
})

function closing(checked: number, alarms: AlarmValues): string {
  const gone = [...alarms.values()].every((value) => value === 'deleted')
  const because = gone ? 'its alarm was deleted' : 'no alarm of it is red'
  return checked === 0
    ? `${because}, and nobody checks its instances`
    : `${because}, and ${checked} of ${checked} instances answer`
}

/** Instances that are out by our doing, are still registered, and whose task still runs. */
const out = ({ instances }: Seen, withdrawn: readonly string[]): Instance[] =>
  instances.filter(({ id, task }) => withdrawn.includes(id) && task?.status === 'RUNNING')

const nameOf = (arn: string): string => arn.split(':').at(-1) ?? arn
