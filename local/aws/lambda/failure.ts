/** What an invocation answers when its function failed. */
export type FunctionFailure = {
  errorType: string
  errorMessage: string
  trace?: string[]
}

/**
 * A thrown value as Node's runtime reports it. Of the stack only the function's own lines stay,
 * under `/var/task`, where Lambda unpacks a bundle: the rest is this simulation's.
 */
export function thrown(error: unknown, directory: string): FunctionFailure {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] }
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: traceOf(error, directory),
  }
}

function traceOf({ name, message, stack = '' }: Error, directory: string): string[] {
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && line.includes(directory))
    .map((line) => line.replaceAll(directory, '/var/task'))
  return [...`${name}: ${message}`.split('\n'), ...frames]
}

/** The environment was stopped because the function took too long. */
export function timedOut(requestId: string, seconds: number): FunctionFailure {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  }
}

/** The environment's process ended in the middle of an invocation. */
export function killed(requestId: string): FunctionFailure {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  }
}

/** The answer is larger than Lambda returns. */
function tooLarge(limit: number): FunctionFailure {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  }
}

/** Largest answer of a function, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LARGEST_ANSWER = 6_291_556

/** What an invocation that ended with this value answers. */
export function answerOf(value: unknown): { payload: string; failure?: FunctionFailure } {
  const payload = JSON.stringify(value) ?? 'null'
  if (Buffer.byteLength(payload) <= LARGEST_ANSWER) return { payload }
  return failed(tooLarge(LARGEST_ANSWER))
}

export function failed(failure: FunctionFailure): { payload: string; failure: FunctionFailure } {
  return { payload: JSON.stringify(failure), failure }
}
