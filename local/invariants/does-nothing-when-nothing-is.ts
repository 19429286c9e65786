import { isChange, isOurs } from './changes.ts'
import type { Invariant } from './invariant.ts'
import { hasItsReason } from './quiet.ts'

export const doesNothingWhenNothingIs: Invariant = {
  holds:
    'After convergence, 24 hours without an edge, an expiry or a new digest contain no call that changes anything, and no state transition.',
  number: 9,
  when: 'at the end',
  violations: (trace) => {
    const { calls, executions, quietSince } = trace
    if (quietSince === undefined) return []
    const isDue = hasItsReason(trace, quietSince)
    const changes = calls
      .filter((call) => call.at >= quietSince && isOurs(call) && isChange(call) && !isDue(call))
      .map(({ name, operation, resource }) => `${name} called ${operation} of ${resource}`)
    const entered = executions.flatMap(({ arn, states }) =>
      states.filter(({ at }) => at >= quietSince).map(({ name }) => `${arn} entered ${name}`),
    )
    return [...changes, ...entered]
  },
}
