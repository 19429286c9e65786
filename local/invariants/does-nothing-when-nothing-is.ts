import { isChange, isOurs } from './changes.ts'
import type { Invariant } from './invariant.ts'
import type { Call, Trace } from './trace.ts'

export const doesNothingWhenNothingIs: Invariant = {
  holds:
    'After convergence, 24 hours without an edge, an expiry or a new digest contain no call that changes anything, and no state transition.',
  number: 9,
  when: 'at the end',
  violations: (trace) => {
    const { calls, executions, quietSince } = trace
    if (quietSince === undefined) return []
    const changes = calls
      .filter((call) => call.at >= quietSince && isOurs(call) && isChange(call))
      .filter((call) => !isOfAlarm(trace, call))
      .map(({ name, operation, resource }) => `${name} called ${operation} of ${resource}`)
    const entered = executions.flatMap(({ arn, states }) =>
      states.filter(({ at }) => at >= quietSince).map(({ name }) => `${arn} entered ${name}`),
    )
    return [...changes, ...entered]
  },
}

/** An alarm that changes its state is something: it is written down in Caretaker's own table. */
function isOfAlarm({ invocations, events }: Trace, { service, run }: Call): boolean {
  const event = invocations.find(({ requestId }) => requestId === run)?.event
  const { type = '' } = events.find(({ id }) => id === event) ?? {}
  return service === 'dynamodb' && type === 'CloudWatch Alarm State Change'
}
