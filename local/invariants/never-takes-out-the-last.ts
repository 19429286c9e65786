import { isFindabilitySet } from './findability.ts'
import type { Invariant } from './invariant.ts'
import type { Findable, Trace } from './trace.ts'

export const neverTakesOutTheLast: Invariant = {
  holds:
    'At no instant does what Caretaker does leave a service in Cloud Map without an instance that callers find.',
  number: 10,
  when: 'always',
  violations: (trace) =>
    [...Map.groupBy(trace.findable, ({ service }) => service).values()].flatMap((changes) =>
      changes.flatMap((after, place) => {
        const before = changes[place - 1]
        const isEmptied = !after.instances.some(isFound)
        return isEmptied && before !== undefined ? takenOut(trace, before, after) : []
      }),
    ),
}

const isFound = ({ found }: Findable['instances'][number]): boolean => found

/** The instances that Caretaker was the last to take out, at the change that left none. */
function takenOut({ calls }: Trace, before: Findable, { at, instances }: Findable): string[] {
  const hidden = instances.filter(
    ({ id }) => before.instances.find((one) => one.id === id)?.found === true,
  )
  return hidden.flatMap(({ id }) => {
    const asked = calls.findLast(
      (call) => call.input.InstanceId === id && call.at <= at && isFindabilitySet(call),
    )
    if (asked?.input.Status !== 'UNHEALTHY') return []
    return [`${asked.name} took out ${id}, the last of ${asked.resource} that callers found`]
  })
}
