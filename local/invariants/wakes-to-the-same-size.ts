import { type Bounds, isHeldDown } from '../../domain/sleep/resource.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import type { Invariant } from './invariant.ts'
import { type Change, isPerson, restChanges } from './rests.ts'
import type { Trace } from './trace.ts'

/** From the reads of a look until its calls are made. */
const UNSEEN_MS = 5_000

export const wakesToTheSameSize: Invariant = {
  holds: 'Wake restores the captured vector exactly; a second sleep never captures zeros.',
  number: 5,
  when: 'always',
  violations: (trace) => {
    const byId = Map.groupBy(trace.sleepers, ({ id }) => id)
    const kept = [...byId].flatMap(([id, states]) => [
      ...states.flatMap(({ sleeper }) => zeros(id, sleeper)),
      ...states.flatMap((state, place) => otherSize(trace, id, states[place - 1], state)),
    ])
    return [...kept, ...otherCounts(trace)]
  },
}

function zeros(id: string, { captured }: Sleeper): string[] {
  if (captured === undefined) return []
  return captured.desired > 0 ? [] : [`${id} was captured with ${captured.desired}`]
}

/** As ECS had it, whatever is kept: each wake asks for as many tasks as there were before the sleep. */
function otherCounts(trace: Trace): string[] {
  const changes = Map.groupBy(restChanges(trace), ({ id }) => id)
  return [...changes].flatMap(([id, own]) =>
    own.flatMap((wake, place) => {
      const sleep = sleepBefore(own, place - 1)
      const before = sleep?.call.about?.desired ?? 0
      const isPair = wake.to === 'awake' && wake.by === 'sleep' && sleep?.by === 'sleep'
      if (!isPair || !id.startsWith('service/') || sleep.to !== 'asleep' || before === 0) return []
      const isBounded = trace.calls.some(
        ({ operation, input, by, at }) =>
          operation === 'RegisterScalableTarget' &&
          input.ResourceId === id &&
          by !== 'machine' &&
          sleep.at <= at &&
          at <= wake.at,
      )
      const asked = Number(wake.call.input.desiredCount)
      const { captured } =
        trace.sleepers.findLast((one) => one.id === id && one.at <= wake.at)?.sleeper ?? {}
      return isBounded || asked === within(before, captured?.bounds)
        ? []
        : [`${id} woke with ${asked} tasks of ${before}`]
    }),
  )
}

/** What a tool had started meanwhile, and was put back, does not count. */
function sleepBefore(own: readonly Change[], place: number): Change | undefined {
  const isTool = (one: Change | undefined) => one?.by === 'somebody' && !isPerson(one)
  let earlier = place - 1
  while (isTool(own[earlier]) && own[earlier]?.to === 'awake') earlier--
  return earlier < place - 1 && own[earlier]?.by === 'sleep'
    ? sleepBefore(own, earlier)
    : own[place]
}

/** Somebody has asked for more or fewer than Application Auto Scaling may: a wake keeps to its bounds. */
const within = (desired: number, bounds: Bounds | undefined): number =>
  bounds === undefined ? desired : Math.min(Math.max(desired, bounds.min), bounds.max)

type State = Trace['sleepers'][number]

/**
 * It is awake again, as large as it was captured, and within the bounds that a person has set since
 * the sleep began ("Bounds that a person changed while it slept are kept and told").
 */
function otherSize(trace: Trace, id: string, before: State | undefined, after: State): string[] {
  const { captured, moving } = before?.sleeper ?? {}
  const { last, rest } = after.sleeper
  const arrived = moving?.to === 'awake' && after.sleeper.moving === undefined && rest === 'awake'
  if (!arrived || captured === undefined || last === undefined) return []
  const slept = { id, since: sleepBegan(trace, id, after.at), until: after.at }
  const others = boundsByOthers(trace, slept)
  if (others === 'unknown' || startedByOthers(trace, slept)) return []
  const { raisedTo, ...set } = others
  const bounds = captured.bounds ? { ...captured.bounds, ...set } : boundsIn(set)
  const raised = Math.max(captured.desired, raisedTo ?? 0)
  const sizes = [captured.desired, raised].map((one) => within(one, bounds))
  const same =
    sizes.includes(last.desired) &&
    last.bounds?.min === bounds?.min &&
    last.bounds?.max === bounds?.max &&
    isHeldDown(last.bounds) === isHeldDown(bounds)
  const how = Object.keys(others).length === 0 ? '' : `, and set to ${JSON.stringify(others)}`
  return same
    ? []
    : [`${id} woke with ${JSON.stringify(last)}, and was ${JSON.stringify(captured)} before${how}`]
}

/** What a person has given to something that had no bounds. */
const boundsIn = ({ min, max }: Pick<ByOthers, 'min' | 'max'>): Bounds | undefined =>
  min === undefined || max === undefined ? undefined : { min, max, suspended: false }

type ByOthers = { min?: number; max?: number; raisedTo?: number }
type Slept = { id: string; since: number; until: number }

/** When the look began that the sleep before a wake began with: what it has read is older than its calls. */
function sleepBegan({ sleepers }: Trace, id: string, until: number): number {
  const last = sleepers.findLast(
    (one) => one.id === id && one.at < until && one.sleeper.moving?.to === 'asleep',
  )
  return Date.parse(last?.sleeper.moving?.since ?? '') || 0
}

const startedByOthers = (trace: Trace, { id, since, until }: Slept): boolean =>
  restChanges(trace).some(
    (one) => one.id === id && one.by === 'somebody' && since <= one.at && one.at <= until,
  )

/**
 * What a person has set last, and the largest minimum among it: Application Auto Scaling starts as
 * many tasks as that, and another minimum afterwards ends none of them. `unknown`: a tool has set
 * bounds too, or the machine did so on what it had seen before the person's call, which AWS's API
 * does not let anybody exclude.
 */
function boundsByOthers({ calls }: Trace, { id, since, until }: Slept): ByOthers | 'unknown' {
  const own = calls.filter(
    ({ operation, outcome, input, at }) =>
      operation === 'RegisterScalableTarget' &&
      outcome === 'ok' &&
      input.ResourceId === id &&
      since <= at &&
      at <= until,
  )
  const set: ByOthers = {}
  for (const [place, { by, at, input }] of own.entries()) {
    if (by === 'machine') continue
    const next = own.slice(place + 1).find((one) => one.by === 'machine')
    if (by !== 'person' || (next !== undefined && next.at - at < UNSEEN_MS)) return 'unknown'
    if (input.MinCapacity !== undefined) {
      set.min = Number(input.MinCapacity)
      set.raisedTo = Math.max(set.raisedTo ?? 0, set.min)
    }
    if (input.MaxCapacity !== undefined) set.max = Number(input.MaxCapacity)
  }
  return set
}
