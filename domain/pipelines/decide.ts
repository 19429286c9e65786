import type { PipelineRecord } from '../table/pipeline-record.ts'
import { instant } from '../time.ts'

type Detail = PipelineRecord['detail']

/** What an event says of an execution of a pipeline. */
export type PipelineSeen = {
  /** Its state in lower case; absent where only an action failed. */
  verdict?: string
  attempt: number
  /** When it happened. */
  at: string
  failed?: NonNullable<Detail['failed']>
  commit?: NonNullable<Detail['commit']>
  comment?: string
}

/** What is known of an execution, whatever its events' order was. */
export type PipelineKnown = Pick<PipelineRecord, 'verdict'> &
  Pick<Detail, 'attempt' | 'changedAt' | 'failures' | 'failed' | 'commit' | 'comment'>

/** States after which nothing comes but another attempt. */
const ENDED = new Set(['succeeded', 'failed', 'superseded', 'stopped', 'canceled'])

export const isEnded = (verdict: string): boolean => ENDED.has(verdict)

/** Failures of earlier attempts that are kept. */
const FAILURES = 20

/**
 * What is known after an event. Events are placed by their attempt and time: one of an earlier
 * attempt, or an earlier moment, changes at most what is remembered of that attempt.
 *
 * @returns undefined when nothing changes.
 */
export function pipelineAfter(
  known: PipelineKnown | undefined,
  seen: PipelineSeen,
): PipelineKnown | undefined {
  const before = known ?? NOTHING
  const after: PipelineKnown = {
    ...before,
    ...(seen.verdict !== undefined && isLater(seen, before)
      ? { verdict: seen.verdict, attempt: seen.attempt, changedAt: seen.at }
      : {}),
    failures: failuresAfter(before, seen),
    ...chosen('commit', before.commit ?? seen.commit),
    ...chosen('comment', before.comment ?? seen.comment),
    ...chosen('failed', failedAfter(before, seen)),
  }
  return known !== undefined && JSON.stringify(after) === JSON.stringify(before) ? undefined : after
}

const NOTHING: PipelineKnown = { verdict: 'started', attempt: 0, changedAt: '', failures: [] }

/** Of one attempt, the end goes before what else is dated by the same second. */
function isLater({ attempt, at, verdict = '' }: PipelineSeen, known: PipelineKnown): boolean {
  if (attempt !== known.attempt) return attempt > known.attempt
  if (at !== known.changedAt) return at > known.changedAt
  return rank(verdict) > rank(known.verdict)
}

const rank = (verdict: string): number => (isEnded(verdict) ? 1 : 0)

/** When attempts failed, each once. */
function failuresAfter({ failures }: PipelineKnown, { verdict, at }: PipelineSeen): string[] {
  if (verdict !== 'failed') return failures
  return [...new Set([...failures, instant(at)])].toSorted().slice(-FAILURES)
}

/** The last action that failed. */
function failedAfter({ failed }: PipelineKnown, seen: PipelineSeen): Detail['failed'] {
  if (seen.failed === undefined) return failed
  return failed === undefined || seen.failed.at > failed.at ? seen.failed : failed
}

const chosen = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value }
