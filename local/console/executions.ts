import { shortDigest } from '../../domain/image.ts'
import type { PushRecord } from '../views/kept.ts'
import { readHistory } from './runs.ts'
import type { ExecutionSource, Seen } from './source.ts'
import type { Tone } from './tone.ts'
import type { ExecutionSummary, ExecutionView, OutcomeView, View } from './view.ts'
import { nameIn, verdictOf } from './words.ts'

const LISTED = 40
/** How far back executions are looked at; a week of sweeps is two thousand. */
const LOOKED_AT = 400

/** The newest executions that did something, and how many others found nothing to do. */
export function listExecutions({ executions, records }: Seen): View['executions'] {
  const recent = executions.slice(-LOOKED_AT).toReversed()
  const busy = recent.filter((execution) => !isIdle(execution, records))
  const listed = busy.slice(0, LISTED).map((execution) => summary(execution, records))
  return { listed, idle: recent.length - busy.length }
}

/** The execution of that ARN or name, or the newest worth looking at. */
export function findExecution(
  { executions, records }: Seen,
  named?: string,
): ExecutionSource | undefined {
  if (named !== undefined) {
    return executions.findLast(({ arn }) => arn === named || arn.endsWith(`:${named}`))
  }
  return executions.slice(-LOOKED_AT).findLast((execution) => !isIdle(execution, records))
}

export function executionView(seen: Seen, execution: ExecutionSource): ExecutionView {
  const { records } = seen
  const { output, error, cause } = execution
  return {
    ...summary(execution, records),
    outcomes: records
      .filter((record) => record.execution === execution.arn)
      .map((record) => outcomeOf(seen, record)),
    input: execution.inputText,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...readHistory(execution.history.events),
  }
}

function outcomeOf({ teams, messages = [] }: Seen, record: PushRecord): OutcomeView {
  const { service, repository, verdict, reason, asked } = record
  const told = teams.told(record)
  const message = messages.find(({ ts }) => isAt(ts, told?.at))
  return {
    ...{ service: service ?? repository, reason, ...verdictOf(verdict) },
    ...(asked !== undefined && { by: asked.by }),
    ...(told !== undefined && {
      told: { ...told, ...(message !== undefined && { text: message.text }) },
    }),
  }
}

/** Slack names a message by the seconds since the epoch. */
const isAt = (ts: string, at: string | undefined): boolean =>
  at !== undefined && new Date(Number(ts) * 1000).toISOString() === at

function summary(execution: ExecutionSource, records: Seen['records']): ExecutionSummary {
  const { arn, machine, status, startDate, stopDate } = execution
  const own = records.filter((record) => record.execution === arn)
  const result = own.map(
    ({ service, repository, verdict }) => `${service ?? repository}: ${verdictOf(verdict).word}`,
  )
  return {
    arn,
    machine: machine.name,
    title: titleOf(execution),
    status: status === 'PENDING_REDRIVE' ? 'FAILED' : status,
    startedAt: startDate.toISOString(),
    ...(stopDate === undefined ? {} : { endedAt: stopDate.toISOString() }),
    ...(result.length === 0 ? {} : { result: result.join(', '), tone: toneOf(own) }),
  }
}

/** The worst of what came of it. */
function toneOf(records: Seen['records']): Tone {
  const tones = records.map(({ verdict }) => verdictOf(verdict).tone)
  return WORST.find((tone) => tones.includes(tone)) ?? 'quiet'
}
const WORST: readonly Tone[] = ['bad', 'held', 'going', 'good']

/** Started to look at a service (by the sweep, or after a roll-out), and found nothing to write down. */
function isIdle(execution: ExecutionSource, records: Seen['records']): boolean {
  const { arn, inputText, status } = execution
  const { kind } = causeOf(inputText)
  if (kind === 'sleep') return status !== 'FAILED' && !hasMoved(execution)
  if (status !== 'SUCCEEDED' || (kind !== 'sweep' && kind !== 'waiting')) return false
  return !records.some((record) => record.execution === arn)
}

/** Whether the machine of what sleeps has asked AWS for anything; it is often started only to look. */
const hasMoved = ({ history }: ExecutionSource): boolean =>
  history.events.some(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === 'Move')

/** Why an execution was started, read from its input (`functions/plan-roll-out/contract.ts`). */
export type ExecutionCause =
  | { kind: 'push'; repository: string; tag: string }
  | { kind: 'sweep' | 'waiting'; service: string }
  | { kind: 'by-hand'; service: string; digest: string; by: string }
  | { kind: 'sleep'; why: string }
  | { kind: 'other' }

type Input = {
  service?: string
  push?: { repository?: string; tag?: string }
  sweep?: boolean
  waiting?: boolean
  digest?: string
  by?: string
  why?: string
}

export function causeOf(inputText: string): ExecutionCause {
  const input = JSON.parse(inputText) as Input | null
  const { service: named, push, sweep, waiting, digest, by = 'somebody', why } = input ?? {}
  if (named === undefined) return why === undefined ? { kind: 'other' } : { kind: 'sleep', why }
  const service = nameIn(named)
  if (push !== undefined) {
    return { kind: 'push', repository: push.repository ?? '', tag: push.tag ?? '' }
  }
  if (sweep === true) return { kind: 'sweep', service }
  if (waiting === true) return { kind: 'waiting', service }
  return digest === undefined ? { kind: 'other' } : { kind: 'by-hand', service, digest, by }
}

function titleOf({ inputText, machine }: ExecutionSource): string {
  const cause = causeOf(inputText)
  switch (cause.kind) {
    case 'push':
      return `${cause.repository}:${cause.tag} was pushed`
    case 'sweep':
      return `the sweep looked at ${cause.service}`
    case 'waiting':
      return `pushes waited for ${cause.service}`
    case 'by-hand':
      return `${cause.by} asked for ${shortDigest(cause.digest)} on ${cause.service}`
    case 'sleep':
      return cause.why
    case 'other':
      return machine.name
  }
}
