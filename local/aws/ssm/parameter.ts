import type { ParameterTier, ParameterType } from '@aws-sdk/client-ssm'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { Tags } from '../tags.ts'

type ParameterVersion = { value: string; version: number; modifiedAt: Date }

export type StoredParameter = {
  name: string
  arn: string
  type: ParameterType
  tier: ParameterTier
  description?: string
  keyId?: string
  allowedPattern?: string
  dataType: string
  tags: Tags
  /** Oldest first. */
  versions: ParameterVersion[]
}

/** All parameters of the account. */
export class ParameterStore {
  readonly aws: Aws
  readonly parameters = new Map<string, StoredParameter>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** By name or ARN. @throws AwsError ParameterNotFound */
  find(named: string | undefined): StoredParameter {
    const found = this.lookUp(named ?? '')
    if (found !== undefined) return found
    throw new AwsError('ParameterNotFound', '')
  }

  lookUp(named: string): StoredParameter | undefined {
    const name = named.split(':parameter')[1] ?? named
    return this.parameters.get(name) ?? this.parameters.get(name.replace(/^\//, ''))
  }

  /** `/shop/orders/limit` -> `arn:aws:ssm:…:parameter/shop/orders/limit` */
  arnOf(name: string): string {
    return this.aws.arn('ssm', `parameter/${name.replace(/^\//, '')}`)
  }
}

/**
 * A parameter as it is read, in its newest version or the one a selector (`name:3`) names.
 *
 * @throws AwsError ParameterVersionNotFound
 */
export function read(
  parameter: StoredParameter,
  { selector, decrypt }: { selector?: string | undefined; decrypt?: boolean | undefined },
) {
  const wanted = selector === undefined ? undefined : Number(selector)
  const found =
    wanted === undefined
      ? parameter.versions.at(-1)
      : parameter.versions.find(({ version }) => version === wanted)
  if (found === undefined) {
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${parameter.name}. Verify the version and try again.`,
    )
  }
  const hidden = parameter.type === 'SecureString' && !decrypt
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: hidden ? Buffer.from(`encrypted: ${found.value}`).toString('base64') : found.value,
    Version: found.version,
    ...(selector === undefined ? {} : { Selector: `:${selector}` }),
    LastModifiedDate: found.modifiedAt,
    ARN: parameter.arn,
    DataType: parameter.dataType,
  }
}
