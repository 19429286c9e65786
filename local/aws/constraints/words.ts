import { AwsError } from '../errors.ts'
import { capitalized } from '../names.ts'
import type { Violation } from './rules.ts'

/**
 * The code with which a service refuses what its model does not allow. Others say
 * `ValidationException` (https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html).
 */
const CODES: Readonly<Record<string, string>> = {
  ecr: 'InvalidParameterException',
  // ECS documents this one for parameters that are not valid; its words are not recorded anywhere.
  ecs: 'InvalidParameterException',
  // https://github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/issues/223
  'cloudwatch-logs': 'InvalidParameterException',
  efs: 'BadRequest',
  // https://github.com/aws/aws-sdk-java/issues/1973
  servicediscovery: 'InvalidInput',
  sns: 'InvalidParameter',
  'resource-groups-tagging-api': 'InvalidParameterException',
  // Those of the query protocol.
  'auto-scaling': 'ValidationError',
  cloudformation: 'ValidationError',
  cloudwatch: 'ValidationError',
  'elastic-load-balancing-v2': 'ValidationError',
  iam: 'ValidationError',
  sts: 'ValidationError',
}

export const codeOf = (service: string): string => CODES[service] ?? 'ValidationException'

type Words = (found: readonly [Violation, ...Violation[]]) => AwsError

/** Services that say it in words of their own, of the first member alone. */
const WORDS: Readonly<Record<string, Words>> = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, and the same of RDS
  ec2: parameters,
  elasticache: parameters,
  rds: parameters,
  sqs: parameters,
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  s3: () =>
    new AwsError(
      'MalformedXML',
      'The XML that you provided was not well formed or did not validate against our published schema.',
    ),
  ecr: ([first]) =>
    new AwsError(
      'InvalidParameterException',
      `Invalid parameter at '${first.path}' failed to satisfy constraint: '${first.constraint}'`,
    ),
}

/** The error with which this service refuses a request in which these members are wrong. */
export function refusal(service: string, found: readonly Violation[]): AwsError {
  const [first, ...others] = found
  if (first === undefined) throw new Error('There is nothing to refuse')
  return (WORDS[service] ?? ((all) => standard(service, all)))([first, ...others])
}

function standard(service: string, found: readonly Violation[]): AwsError {
  const detected = `${found.length} validation ${found.length === 1 ? 'error' : 'errors'} detected`
  return new AwsError(codeOf(service), `${detected}: ${found.map(sentence).join('; ')}`)
}

function sentence({ path, value, constraint, sensitive }: Violation): string {
  const what = value === null ? 'Value null' : sensitive ? 'Value' : `Value '${shown(value)}'`
  return `${what} at '${path}' failed to satisfy constraint: ${constraint}`
}

/** As Java writes a value. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (value instanceof Uint8Array) {
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`
  }
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).map(([key, item]) => `${key}=${shown(item)}`)
  return `{${entries.join(', ')}}`
}

function parameters([{ path, value, constraint }]: readonly [Violation, ...Violation[]]): AwsError {
  const name = path
    .split('.')
    .map(capitalized)
    .filter((part) => part !== 'Member')
    .join('.')
  if (value === null) {
    return new AwsError('MissingParameter', `The request must contain the parameter ${name}.`)
  }
  return new AwsError(
    'InvalidParameterValue',
    `Value (${shown(value)}) for parameter ${name} is invalid. ${constraint}`,
  )
}
