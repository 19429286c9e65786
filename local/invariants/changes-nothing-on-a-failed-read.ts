import { changesBy } from './claims.ts'
import type { Invariant } from './invariant.ts'
import { unread } from './reads.ts'
import type { Invocation } from './trace.ts'

export const changesNothingOnAFailedRead: Invariant = {
  holds: 'A failed, empty or partial read never causes a roll-out or a roll-back.',
  number: 10,
  when: 'always',
  violations: (trace) => {
    const changes = Map.groupBy(changesBy(trace), ({ run }) => run)
    const calls = Map.groupBy(trace.calls, ({ run }) => run)
    // What a check reads once its verdict is told, for the name of the image, changes ECS no more.
    const leadsToChange = ({ execution, at }: Invocation) =>
      changes.get(execution)?.some((change) => change.at >= at)
    return trace.invocations
      .filter((invocation) => isDecisive(invocation) && leadsToChange(invocation))
      .flatMap(({ requestId, execution }) =>
        unread(calls.get(requestId) ?? []).map(
          ({ operation, outcome, partial }) =>
            `${execution} changed ECS although ${operation} answered ${partial ? 'in part' : outcome}`,
        ),
      )
  },
}

/** The machine goes on to change ECS after a plan, or after a check that asks for a roll-back. */
const isDecisive = ({ outcome, errorType }: Invocation): boolean =>
  outcome === 'success' || errorType === 'RollBackNeeded'
