import { AwsError } from '../errors.ts'
import type { LambdaFunction } from './model.ts'
import type { FunctionStore } from './store.ts'

/** How many invocations may run at once in an account and Region, unless AWS raised it. */
const ACCOUNT = 1_000

/** Of the account's, this many stay for functions that reserve none. */
const UNRESERVED = 100

/** Invocations of a function that run now. */
export const concurrencyOf = (store: FunctionStore, fn: LambdaFunction): number =>
  store.environmentsOf(fn).filter(({ busy }) => busy).length

/**
 * Whether one more invocation of a function may run.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 *
 * @returns the error AWS answers if not.
 */
export function overConcurrency(store: FunctionStore, fn: LambdaFunction): AwsError | undefined {
  if (fn.reserved !== undefined) {
    if (concurrencyOf(store, fn) < fn.reserved) return undefined
    return throttled('ReservedFunctionConcurrentInvocationLimitExceeded')
  }
  const running = [...store.functions.values()]
    .filter(({ reserved }) => reserved === undefined)
    .reduce((sum, one) => sum + concurrencyOf(store, one), 0)
  if (running < ACCOUNT - reservedIn(store)) return undefined
  return throttled('ConcurrentInvocationLimitExceeded')
}

/** Sets a function's reserved concurrency. @throws AwsError InvalidParameterValueException */
export function reserve(store: FunctionStore, fn: LambdaFunction, reserved: number): void {
  if (reservedIn(store) - (fn.reserved ?? 0) + reserved > ACCOUNT - UNRESERVED) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${UNRESERVED}].`,
      { members: { Type: 'User' } },
    )
  }
  fn.reserved = reserved
}

/** Bytes: of all packages together, of one zipped, of one unzipped. */
const CODE = { TotalCodeSize: 80_530_636_800, CodeSizeZipped: 52_428_800 }
const UNZIPPED = 262_144_000

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
export const accountSettings = (store: FunctionStore) => ({
  AccountLimit: {
    ...CODE,
    CodeSizeUnzipped: UNZIPPED,
    ConcurrentExecutions: ACCOUNT,
    UnreservedConcurrentExecutions: ACCOUNT - reservedIn(store),
  },
  AccountUsage: {
    TotalCodeSize: [...store.functions.values()].reduce((sum, fn) => sum + fn.bundle.size, 0),
    FunctionCount: store.functions.size,
  },
})

const reservedIn = ({ functions }: FunctionStore): number =>
  [...functions.values()].reduce((sum, { reserved }) => sum + (reserved ?? 0), 0)

function throttled(Reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    statusCode: 429,
    members: { Reason, Type: 'User' },
  })
}
