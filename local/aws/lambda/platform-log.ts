import type { FunctionFailure } from './failure.ts'
import type { LambdaFunction } from './model.ts'

/** What one invocation took. Milliseconds. */
type Report = {
  requestId: string
  duration: number
  /** Of the environment, when the invocation was its first. */
  init?: number
  failure: FunctionFailure | undefined
}

/** Nothing here measures memory; what is reported is what a small Node function uses. */
const MEMORY_USED_MEGABYTES = 96

/**
 * The lines Lambda itself writes to a function's log, as text or, with `LogFormat` JSON, at the
 * level INFO of the platform's events.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
 */
export function startLines(
  fn: LambdaFunction,
  now: Date,
  requestId: string,
  cold: boolean,
): string[] {
  if (!isJson(fn)) return [`START RequestId: ${requestId} Version: $LATEST`]
  const start = event(now, 'platform.start', { requestId, version: '$LATEST' })
  if (!cold) return [start]
  const init = event(now, 'platform.initStart', {
    initializationType: 'on-demand',
    phase: 'init',
    functionName: fn.name,
    functionVersion: '$LATEST',
  })
  return [init, start]
}

export function endLines(fn: LambdaFunction, now: Date, report: Report): string[] {
  const { requestId, duration, init, failure } = report
  // Since August 2025 the start of an environment is billed like the rest.
  const billed = Math.ceil(duration + (init ?? 0))
  const { MemorySize: memorySizeMB } = fn.settings
  if (!isJson(fn)) {
    const parts = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${duration.toFixed(2)} ms`,
      `Billed Duration: ${billed} ms`,
      `Memory Size: ${memorySizeMB} MB`,
      `Max Memory Used: ${MEMORY_USED_MEGABYTES} MB`,
      ...(init === undefined ? [] : [`Init Duration: ${init.toFixed(2)} ms`]),
      ...(statusOf(failure) === 'timeout' ? ['Status: timeout'] : []),
    ]
    return [`END RequestId: ${requestId}`, parts.join('\t')]
  }
  const metrics = {
    durationMs: duration,
    billedDurationMs: billed,
    memorySizeMB,
    maxMemoryUsedMB: MEMORY_USED_MEGABYTES,
    ...(init === undefined ? {} : { initDurationMs: init }),
  }
  const status = statusOf(failure)
  const errorType = status === 'success' ? {} : { errorType: failure?.errorType }
  return [event(now, 'platform.report', { requestId, metrics, status, ...errorType })]
}

/** What the runtime writes about an error that left the handler. */
export function errorLine(
  fn: LambdaFunction,
  now: Date,
  requestId: string,
  { errorType, errorMessage, trace }: FunctionFailure,
): string {
  const about = { errorType, errorMessage, stackTrace: trace ?? [] }
  if (!isJson(fn)) {
    return `${now.toISOString()}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify(about)}`
  }
  const timestamp = now.toISOString()
  return JSON.stringify({ timestamp, level: 'ERROR', requestId, message: about })
}

const isJson = ({ settings }: LambdaFunction) => settings.LoggingConfig?.LogFormat === 'JSON'

const event = (now: Date, type: string, record: object): string =>
  JSON.stringify({ time: now.toISOString(), type, record })

function statusOf(failure: FunctionFailure | undefined): string {
  if (failure === undefined) return 'success'
  if (failure.errorType === 'Sandbox.Timedout') return 'timeout'
  return failure.errorType.startsWith('Runtime.') ? 'failure' : 'error'
}
