import type {
  DeleteFunctionConcurrencyRequest,
  DeleteFunctionEventInvokeConfigRequest,
  FunctionEventInvokeConfig,
  GetFunctionConcurrencyRequest,
  GetFunctionEventInvokeConfigRequest,
  PutFunctionConcurrencyRequest,
  PutFunctionEventInvokeConfigRequest,
  UpdateFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda'
import { AwsError } from '../errors.ts'
import { checkTarget } from '../target-call.ts'
import { accountSettings, reserve } from './concurrency.ts'
import type { LambdaFunction } from './model.ts'
import type { FunctionStore } from './store.ts'

/** Functions' reserved concurrency, and what the account has of it. */
export function concurrencyOperations(store: FunctionStore) {
  return {
    GetAccountSettings: () => accountSettings(store),
    PutFunctionConcurrency: (input: PutFunctionConcurrencyRequest) => {
      const { ReservedConcurrentExecutions = 0 } = input
      reserve(store, store.find(input.FunctionName), ReservedConcurrentExecutions)
      return { ReservedConcurrentExecutions }
    },
    GetFunctionConcurrency: ({ FunctionName }: GetFunctionConcurrencyRequest) => {
      const { reserved } = store.find(FunctionName)
      return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved }
    },
    DeleteFunctionConcurrency: ({ FunctionName }: DeleteFunctionConcurrencyRequest) => {
      delete store.find(FunctionName).reserved
      return {}
    },
  }
}

/**
 * How a function is invoked asynchronously.
 * https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 */
export function eventInvokeOperations(store: FunctionStore) {
  return {
    PutFunctionEventInvokeConfig: (input: PutFunctionEventInvokeConfigRequest) =>
      putEventInvoke(store, store.find(input.FunctionName, input.Qualifier), input),
    UpdateFunctionEventInvokeConfig: (input: UpdateFunctionEventInvokeConfigRequest) => {
      const fn = store.find(input.FunctionName, input.Qualifier)
      return putEventInvoke(store, fn, { ...eventInvokeOf(fn), ...input })
    },
    GetFunctionEventInvokeConfig: (input: GetFunctionEventInvokeConfigRequest) =>
      eventInvokeOf(store.find(input.FunctionName, input.Qualifier)),
    DeleteFunctionEventInvokeConfig: (input: DeleteFunctionEventInvokeConfigRequest) => {
      const fn = store.find(input.FunctionName, input.Qualifier)
      eventInvokeOf(fn)
      delete fn.eventInvoke
      return {}
    },
  }
}

function putEventInvoke(
  store: FunctionStore,
  fn: LambdaFunction,
  input: PutFunctionEventInvokeConfigRequest,
): FunctionEventInvokeConfig {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input
  if (outside(MaximumRetryAttempts, 0, 2)) {
    throw invalid('MaximumRetryAttempts must be between 0 and 2.')
  }
  if (outside(MaximumEventAgeInSeconds, 60, 21_600)) {
    throw invalid('MaximumEventAgeInSeconds must be between 60 and 21600.')
  }
  for (const end of [DestinationConfig?.OnSuccess, DestinationConfig?.OnFailure]) {
    if (end?.Destination !== undefined) checkTarget(end.Destination)
  }
  fn.eventInvoke = {
    LastModified: store.aws.world.date,
    FunctionArn: `${fn.arn}:$LATEST`,
    ...(MaximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts }),
    ...(MaximumEventAgeInSeconds === undefined ? {} : { MaximumEventAgeInSeconds }),
    DestinationConfig: { OnSuccess: {}, OnFailure: {}, ...DestinationConfig },
  }
  return fn.eventInvoke
}

/** @throws AwsError ResourceNotFoundException */
function eventInvokeOf({ eventInvoke, arn }: LambdaFunction): FunctionEventInvokeConfig {
  if (eventInvoke !== undefined) return eventInvoke
  throw new AwsError(
    'ResourceNotFoundException',
    `The function ${arn}:$LATEST doesn't have an EventInvokeConfig`,
    { statusCode: 404, members: { Type: 'User' } },
  )
}

const outside = (value: number | undefined, low: number, high: number): boolean =>
  value !== undefined && (value < low || value > high)

const invalid = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { members: { Type: 'User' } })
