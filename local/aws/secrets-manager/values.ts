import type {
  GetSecretValueRequest,
  ListSecretVersionIdsRequest,
  PutSecretValueRequest,
} from '@aws-sdk/client-secrets-manager'
import { page } from '../members.ts'
import { CURRENT, findVersion } from './secret.ts'
import { contentOf, invalidRequest, type SecretStore } from './store.ts'

const DAY = 86_400_000

/** Operations on the values of secrets. */
export function valueOperations(store: SecretStore) {
  return {
    PutSecretValue: (input: PutSecretValueRequest) => put(store, input),
    GetSecretValue: (input: GetSecretValueRequest) => get(store, input),
    ListSecretVersionIds: (input: ListSecretVersionIdsRequest) => versions(store, input),
  }
}

function put(store: SecretStore, input: PutSecretValueRequest) {
  const secret = store.usable(input.SecretId)
  const content = contentOf(input)
  if (content === undefined) {
    throw invalidRequest('You must provide either SecretString or SecretBinary.')
  }
  const stages = input.VersionStages ?? [CURRENT]
  const { id, stages: labels } = store.add(secret, content, input.ClientRequestToken, stages)
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: [...labels] }
}

function get(store: SecretStore, input: GetSecretValueRequest) {
  const secret = store.usable(input.SecretId)
  const version = findVersion(secret, input)
  // AWS keeps the day only.
  secret.accessedAt = new Date(Math.floor(store.aws.world.now / DAY) * DAY)
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...contentOf(version),
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt,
  }
}

function versions(
  store: SecretStore,
  { SecretId, NextToken, MaxResults }: ListSecretVersionIdsRequest,
) {
  const secret = store.find(SecretId)
  const asked = { token: NextToken, limit: MaxResults ?? 100 }
  const versions = [...secret.versions.values()]
  const { items, next } = page(versions, { ...asked, invalid: 'InvalidNextTokenException' })
  return {
    ARN: secret.arn,
    Name: secret.name,
    Versions: items.map(({ id, stages, createdAt }) => ({
      VersionId: id,
      VersionStages: [...stages],
      CreatedDate: createdAt,
    })),
    NextToken: next,
  }
}
