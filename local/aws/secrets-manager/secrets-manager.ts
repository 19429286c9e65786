import type { GetRandomPasswordRequest } from '@aws-sdk/client-secrets-manager'
import type { Aws, Operations, Service } from '../aws.ts'
import type { Tags } from '../tags.ts'
import { deletionOperations } from './deletion.ts'
import { randomPassword } from './password.ts'
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

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#store.secrets.values()) yield { arn, tags }
  }
}
