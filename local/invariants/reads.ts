import { isChange } from './changes.ts'
import type { Call } from './trace.ts'

/** Answers that say that something is not there: those are whole. */
const ABSENT = [
  'ExecutionDoesNotExist',
  'ImageNotFoundException',
  'RepositoryNotFoundException',
  'ResourceNotFoundException',
]

/** Reads without a whole answer, which were not repeated until there was one. */
export function unread(calls: readonly Call[]): Call[] {
  const isWhole = ({ outcome, partial }: Call) =>
    !partial && (outcome === 'ok' || ABSENT.includes(outcome))
  const reads = calls.filter((call) => !isChange(call))
  return reads.filter(
    (read, place) =>
      !isWhole(read) &&
      !reads.slice(place).some((again) => isWhole(again) && again.operation === read.operation),
  )
}
