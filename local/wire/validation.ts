import { AwsError } from '../aws/errors.ts'
import { capitalized } from '../aws/names.ts'

/** The error with which a service refuses a request that lacks a required member. */
const CODES: Readonly<Record<string, string>> = {
  ecr: 'InvalidParameterException',
  ecs: 'InvalidParameterException',
  'cloudwatch-logs': 'InvalidParameterException',
  'secrets-manager': 'InvalidParameterException',
  servicediscovery: 'InvalidInput',
  sns: 'InvalidParameter',
  sqs: 'MissingParameter',
  'resource-groups-tagging-api': 'InvalidParameterException',
  // Those of the query protocol.
  cloudwatch: 'ValidationError',
  'elastic-load-balancing-v2': 'ValidationError',
  iam: 'ValidationError',
  sts: 'ValidationError',
}

/** AWS's words for a required member that is not there, under the service's own error code. */
export function invalid(service: string, path: string): AwsError {
  const message =
    service === 'sqs'
      ? `The request must contain the parameter ${capitalized(path)}.`
      : `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`
  return new AwsError(CODES[service] ?? 'ValidationException', message)
}
