import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { addVersion, type Secret, type SecretContent, type SecretVersion } from './secret.ts'

/** All secrets of the account. */
export class SecretStore {
  readonly aws: Aws
  readonly secrets = new Map<string, Secret>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** By name, ARN, or the ARN without its random end. */
  known(id = ''): Secret | undefined {
    return [...this.secrets.values()].find(({ name, arn }) =>
      [name, arn, arn.slice(0, -7)].includes(id),
    )
  }

  /** The same. @throws AwsError ResourceNotFoundException */
  find(id: string | undefined): Secret {
    const secret = this.known(id)
    if (secret !== undefined) return secret
    throw new AwsError(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    )
  }

  /** @throws AwsError InvalidRequestException when it is marked for deletion. */
  usable(id: string | undefined): Secret {
    const secret = this.find(id)
    if (secret.deleted === undefined) return secret
    throw invalidRequest(
      "You can't perform this operation on the secret because it was marked for deletion.",
    )
  }

  /** Adds a version with these labels; the token, if there is one, is its id. */
  add(
    secret: Secret,
    content: SecretContent,
    token: string | undefined,
    stages: string[],
  ): SecretVersion {
    const { world } = this.aws
    const id = token ?? world.random.uuid('secretsmanager/version')
    return addVersion(secret, { ...content, id, createdAt: world.date }, stages)
  }
}

export const invalidRequest = (message: string) => new AwsError('InvalidRequestException', message)

export const invalidParameter = (message: string) =>
  new AwsError('InvalidParameterException', message)

/**
 * The value in a request or a version, if there is one.
 *
 * @throws AwsError InvalidParameterException when both kinds are given.
 */
export function contentOf({
  SecretString,
  SecretBinary,
}: {
  SecretString?: string | undefined
  SecretBinary?: Uint8Array | undefined
}): SecretContent | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    )
  }
  if (SecretString !== undefined) return { SecretString }
  return SecretBinary === undefined ? undefined : { SecretBinary }
}
