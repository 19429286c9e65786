/**
 * Something that may have passed at the next attempt: AWS was busy, or answered in part. The one
 * name that state machines retry, whatever the service calls it; the message begins with the
 * service's own name for it.
 */
export class Transient extends Error {
  override readonly name = 'Transient'
}

/**
 * Names of errors that another attempt may not meet.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const PASSING = new Set([
  'InternalFailure',
  'InternalServerError',
  'InternalServiceException',
  'PartialRead',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'ServerException',
  'ServiceUnavailableException',
  'ThrottledException',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  // Another write was under way at the same item; what a condition refuses is no error (table.ts).
  'TransactionCanceledException',
  'TransactionConflictException',
  'TransactionInProgressException',
])

/** Runs, and gives the errors that may pass their one name. */
export async function named<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof Error) || !isPassing(error)) throw error
    throw new Transient(`${error.name}: ${error.message}`, { cause: error })
  }
}

function isPassing(error: Error): boolean {
  const { $fault, code } = error as { $fault?: string; code?: string }
  // The connection ended before an answer came.
  const broken = code === 'ECONNRESET' || code === 'EPIPE' || code === 'ETIMEDOUT'
  return PASSING.has(error.name) || $fault === 'server' || broken
}
