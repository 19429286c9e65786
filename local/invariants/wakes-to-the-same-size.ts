import { isHeldDown } from '../../domain/sleep/resource.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import type { Invariant } from './invariant.ts'
import { restChanges } from './rests.ts'
import type { Trace } from './trace.ts'

export const wakesToTheSameSize: Invariant = {
  holds: 'Wake restores the captured vector exactly; a second sleep never captures zeros.',
  number: 5,
  when: 'always',
  violations: (trace) => {
    const byId = Map.groupBy(trace.sleepers, ({ id }) => id)
    return [...byId].flatMap(([id, states]) => [
      ...states.flatMap(({ sleeper }) => zeros(id, sleeper)),
      ...states.flatMap((state, place) => otherSize(trace, id, states[place - 1], state)),
    ])
  },
}

function zeros(id: string, { captured }: Sleeper): string[] {
  if (captured === undefined) return []
  return captured.desired > 0 ? [] : [`${id} was captured with ${captured.desired}`]
}

type State = Trace['sleepers'][number]

/** It is awake again, as large as it was captured, unless somebody has changed it meanwhile. */
function otherSize(trace: Trace, id: string, before: State | undefined, after: State): string[] {
  const { captured, moving } = before?.sleeper ?? {}
  const { last, rest } = after.sleeper
  const arrived = moving?.to === 'awake' && after.sleeper.moving === undefined && rest === 'awake'
  if (!arrived || captured === undefined || last === undefined) return []
  if (changedByOthers(trace, id, after.at)) return []
  const same =
    last.desired === captured.desired &&
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
