import { type AwsError, NotImplemented } from './errors.ts'

/**
 * What went wrong with a target, in EventBridge's words: ERROR_CODE of a message in the
 * dead-letter queue.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
type ErrorCode =
  | 'THROTTLING'
  | 'RESOURCE_LIMIT_EXCEEDED'
  | 'RESOURCE_MODIFICATION_COLLISION'
  | 'ERROR_FROM_TARGET'
  | 'NO_PERMISSIONS'
  | 'NO_RESOURCE'
  | 'RESOURCE_ALREADY_EXISTS'
  | 'INVALID_JSON'
  | 'INVALID_PARAMETER'
  | 'SDK_CLIENT_ERROR'
  | 'UNKNOWN'

/** By the error's name, first match wins. */
const BY_NAME: readonly [RegExp, ErrorCode][] = [
  [/AccessDenied|NotAuthorized|Unauthorized|AuthorizationError/, 'NO_PERMISSIONS'],
  [/Throttl|TooManyRequests|RequestLimitExceeded/, 'THROTTLING'],
  [/AlreadyExists/, 'RESOURCE_ALREADY_EXISTS'],
  [/LimitExceeded|QuotaExceeded/, 'RESOURCE_LIMIT_EXCEEDED'],
  [/ResourceConflict|ConcurrentModification|ConcurrentAccess/, 'RESOURCE_MODIFICATION_COLLISION'],
  [/NotFound|DoesNotExist|NonExistent|Deleting|Inactive/, 'NO_RESOURCE'],
  [/InvalidExecutionInput|InvalidRequestContent|InvalidMessageContents/, 'INVALID_JSON'],
  [/Invalid|Validation|MissingParameter/, 'INVALID_PARAMETER'],
]

/** What passes by itself. A missing permission or target does not: it is not tried again. */
const RETRIABLE: readonly ErrorCode[] = [
  'THROTTLING',
  'RESOURCE_LIMIT_EXCEEDED',
  'RESOURCE_MODIFICATION_COLLISION',
  'ERROR_FROM_TARGET',
]

export function errorCode(error: AwsError): ErrorCode {
  if (error instanceof NotImplemented) return 'UNKNOWN'
  const named = BY_NAME.find(([pattern]) => pattern.test(error.name))?.[1]
  return named ?? (error.statusCode >= 500 ? 'ERROR_FROM_TARGET' : 'SDK_CLIENT_ERROR')
}

export function isRetriable(error: AwsError): boolean {
  return RETRIABLE.includes(errorCode(error))
}
