import { isChange } from './changes.ts'
import { changesBy } from './claims.ts'
import type { Invariant } from './invariant.ts'
import type { Call, Invocation, Trace } from './trace.ts'

/** Answers that say that something is not there: those are whole. */
const ABSENT = [
  'ExecutionDoesNotExist',
  'ImageNotFoundException',
  'RepositoryNotFoundException',
  'ResourceNotFoundException',
]

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

/** Reads without a whole answer, which were not repeated until there was one. */
function unread(calls: Trace['calls']): Call[] {
  const isWhole = ({ outcome, partial }: Call) =>
    !partial && (outcome === 'ok' || ABSENT.includes(outcome))
  const reads = calls.filter((call) => !isChange(call))
  return reads.filter(
    (read, place) =>
      !isWhole(read) &&
      !reads.slice(place).some((again) => isWhole(again) && again.operation === read.operation),
  )
}
