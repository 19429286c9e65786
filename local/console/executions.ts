import { shortDigest } from '../../domain/image.ts'
import { readHistory } from './runs.ts'
import type { ExecutionSource, Seen } from './source.ts'
import type { ExecutionSummary, ExecutionView, View } from './view.ts'
import { nameIn, verdictOf } from './words.ts'

const LISTED = 40
/** How far back executions are looked at; a week of sweeps is two thousand. */
const LOOKED_AT = 400

/** The newest executions that did something, and how many others found nothing to do. */
export function listExecutions({ executions, records }: Seen): View['executions'] {
  const recent = executions.slice(-LOOKED_AT).toReversed()
  const busy = recent.filter((execution) => !isIdle(execution))
  const listed = busy.slice(0, LISTED).map((execution) => summary(execution, records))
  return { listed, idle: recent.length - busy.length }
}

/** The execution of that ARN, or the newest worth looking at. */
export function findExecution({ executions }: Seen, arn?: string): ExecutionSource | undefined {
  if (arn !== undefined) return executions.findLast((execution) => execution.arn === arn)
  return executions.slice(-LOOKED_AT).findLast((execution) => !isIdle(execution))
}

export function executionView({ records }: Seen, execution: ExecutionSource): ExecutionView {
  const { output, error, cause } = execution
  return {
    ...summary(execution, records),
    input: execution.inputText,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...readHistory(execution.history.events),
  }
}

function summary(execution: ExecutionSource, records: Seen['records']): ExecutionSummary {
  const { arn, machine, status, startDate, stopDate } = execution
  const result = records
    .filter((record) => record.execution === arn)
    .map(
      ({ service, repository, verdict }) => `${service ?? repository}: ${verdictOf(verdict).word}`,
    )
  return {
    arn,
    machine: machine.name,
    title: titleOf(execution),
    status: status === 'PENDING_REDRIVE' ? 'FAILED' : status,
    startedAt: startDate.toISOString(),
    ...(stopDate === undefined ? {} : { endedAt: stopDate.toISOString() }),
    ...(result.length === 0 ? {} : { result: result.join(', ') }),
  }
}

/** It looked (a sweep, or after a roll-out) and there was nothing to work on, or is not yet. */
function isIdle({ inputText, status, history }: ExecutionSource): boolean {
  const { kind } = causeOf(inputText)
  const onlyLooks = kind === 'sweep' || kind === 'waiting'
  if (status === 'FAILED' || status === 'TIMED_OUT' || !onlyLooks) return false
  return !history.events.some(({ type }) => type === 'MapIterationStarted')
}

/** Why an execution was started, read from its input. */
export type ExecutionCause =
  | { kind: 'push'; repository: string; tag: string; digest: string }
  | { kind: 'sweep' }
  | { kind: 'waiting'; service: string }
  | { kind: 'by-hand'; service: string; digest: string; by: string }
  | { kind: 'other' }

type Input = {
  sweep?: boolean
  service?: string
  digest?: string
  by?: string
  detail?: Record<string, unknown>
}

export function causeOf(inputText: string): ExecutionCause {
  const input = JSON.parse(inputText) as Input | null
  const detail = input?.detail
  if (input?.sweep === true) return { kind: 'sweep' }
  if (typeof detail?.['repository-name'] === 'string') {
    const [repository, tag, digest] = ['repository-name', 'image-tag', 'image-digest'].map((name) =>
      String(detail[name] ?? ''),
    ) as [string, string, string]
    return { kind: 'push', repository, tag, digest }
  }
  if (typeof detail?.service === 'string')
    return { kind: 'waiting', service: nameIn(detail.service) }
  if (input?.service !== undefined && input.digest !== undefined) {
    const { service, digest, by = 'somebody' } = input
    return { kind: 'by-hand', service: nameIn(service), digest, by }
  }
  return { kind: 'other' }
}

function titleOf({ inputText, machine }: ExecutionSource): string {
  const cause = causeOf(inputText)
  switch (cause.kind) {
    case 'push':
      return `${cause.repository}:${cause.tag} was pushed`
    case 'sweep':
      return 'Sweep'
    case 'waiting':
      return `pushes waited for ${cause.service}`
    case 'by-hand':
      return `${cause.by} asked for ${shortDigest(cause.digest)} on ${cause.service}`
    case 'other':
      return machine.name
  }
}
