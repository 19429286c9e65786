import { type Bounds, isHeldDown } from '../../domain/sleep/resource.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import type { Invariant } from './invariant.ts'
import { type Change, isPerson, restChanges } from './rests.ts'
import type { Trace } from './trace.ts'

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

/** It is awake again, as large as it was captured, unless somebody has changed it meanwhile. */
function otherSize(trace: Trace, id: string, before: State | undefined, after: State): string[] {
  const { captured, moving } = before?.sleeper ?? {}
  const { last, rest } = after.sleeper
  const arrived = moving?.to === 'awake' && after.sleeper.moving === undefined && rest === 'awake'
  if (!arrived || captured === undefined || last === undefined) return []
  if (changedByOthers(trace, id, after.at)) return []
  const same =
    last.desired === within(captured.desired, captured.bounds) &&
    last.bounds?.min === captured.bounds?.min &&
    last.bounds?.max === captured.bounds?.max &&
    isHeldDown(last.bounds) === isHeldDown(captured.bounds)
  return same
    ? []
    : [`${id} woke with ${JSON.stringify(last)}, and was ${JSON.stringify(captured)} before`]
}

function changedByOthers(trace: Trace, id: string, until: number): boolean {
  const slept = trace.sleepers.findLast(
    ({ id: other, sleeper, at }) => other === id && at < until && sleeper.moving?.to === 'asleep',
  )
  const since = slept?.at ?? 0
  const within = (at: number) => since <= at && at <= until
  return (
    restChanges(trace).some((one) => one.id === id && one.by === 'somebody' && within(one.at)) ||
    trace.calls.some(
      ({ operation, input, by, at }) =>
        operation === 'RegisterScalableTarget' &&
        input.ResourceId === id &&
        by !== 'machine' &&
        within(at),
    )
  )
}
