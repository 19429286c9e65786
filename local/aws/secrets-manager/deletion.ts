import type { DeleteSecretRequest, RestoreSecretRequest } from '@aws-sdk/client-secrets-manager'
import type { Secret } from './secret.ts'
import { invalidParameter, type SecretStore } from './store.ts'

const DAY = 86_400_000

/** Deleting a secret, which takes 30 days unless the request says otherwise, and restoring it. */
export function deletionOperations(store: SecretStore) {
  return {
    DeleteSecret: (input: DeleteSecretRequest) => deleteSecret(store, input),
    RestoreSecret: ({ SecretId }: RestoreSecretRequest) => {
      const secret = store.find(SecretId)
      delete secret.deleted
      return { ARN: secret.arn, Name: secret.name }
    },
  }
}

function deleteSecret(store: SecretStore, input: DeleteSecretRequest) {
  const { ForceDeleteWithoutRecovery: force, RecoveryWindowInDays: days } = input
  if (force && days !== undefined) {
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    )
  }
  if (days !== undefined && (days < 7 || days > 30)) {
    throw invalidParameter(
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    )
  }
  const { world } = store.aws
  const secret = force ? store.known(input.SecretId) : store.usable(input.SecretId)
  if (secret === undefined) {
    // What is not there is gone: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
    const ARN = store.aws.arn('secretsmanager', `secret:${input.SecretId}`)
    return { ARN, Name: input.SecretId, DeletionDate: world.date }
  }
  const goneAt = new Date(world.now + (force ? 0 : (days ?? 30) * DAY))
  if (force) store.secrets.delete(secret.name)
  else deleteAt(store, secret, goneAt)
  return { ARN: secret.arn, Name: secret.name, DeletionDate: goneAt }
}

function deleteAt(store: SecretStore, secret: Secret, goneAt: Date): void {
  const { world } = store.aws
  const deleted = { at: world.date, goneAt }
  secret.deleted = deleted
  world.at(goneAt.getTime(), `secret ${secret.name} is deleted`, () => {
    if (secret.deleted === deleted) store.secrets.delete(secret.name)
  })
}
