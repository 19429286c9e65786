import type { GetRandomPasswordRequest } from '@aws-sdk/client-secrets-manager'
import type { Aws, Operations, Service } from '../aws.ts'
import type { Tags } from '../tags.ts'
import { deletionOperations } from './deletion.ts'
import { randomPassword } from './password.ts'
import { CURRENT } from './secret.ts'
import { secretOperations } from './secrets.ts'
import { SecretStore } from './store.ts'
import { valueOperations } from './values.ts'

/** AWS Secrets Manager. Rotation is kept as configured and never runs. */
export class SecretsManager implements Service {
  readonly id = 'secrets-manager'
  readonly operations: Operations
  readonly #store: SecretStore

  constructor(aws: Aws) {
    this.#store = new SecretStore(aws)
    this.operations = {
      ...secretOperations(this.#store),
      ...valueOperations(this.#store),
      ...deletionOperations(this.#store),
      GetRandomPassword: (input: GetRandomPasswordRequest) => ({
        RandomPassword: randomPassword(aws.world.random, input),
      }),
    }
  }

  /** A secret that somebody has made before anything is deployed. @param arn with its random end. */
  exists(arn: string, SecretString: string): void {
    const { date } = this.#store.aws.world
    const name = arn.split(':secret:')[1]?.slice(0, -7) ?? ''
    const secret = { arn, name, createdAt: date, changedAt: date, tags: {}, versions: new Map() }
    this.#store.add(secret, { SecretString }, undefined, [CURRENT])
    this.#store.secrets.set(name, secret)
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#store.secrets.values()) yield { arn, tags }
  }
}
