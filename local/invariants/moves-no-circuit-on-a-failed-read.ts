import { isFindabilitySet } from './findability.ts'
import type { Invariant } from './invariant.ts'
import { unread } from './reads.ts'

export const movesNoCircuitOnAFailedRead: Invariant = {
  holds: 'A failed, empty or partial read never causes a drain or a restore.',
  number: 10,
  when: 'always',
  violations: ({ calls }) => {
    const runs = Map.groupBy(calls, ({ run }) => run)
    return calls.filter(isFindabilitySet).flatMap((change) => {
      const before = (runs.get(change.run) ?? []).filter(({ at }) => at <= change.at)
      const bad = [...unread(before), ...before.filter(({ empty }) => empty)]
      return bad.map(
        ({ operation, outcome, partial, empty }) =>
          `${change.name} made ${change.input.InstanceId} ${change.input.Status} although ${operation} answered ${empty ? 'with nothing' : partial ? 'in part' : outcome}`,
      )
    })
  },
}
