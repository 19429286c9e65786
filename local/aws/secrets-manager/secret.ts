import type { RotationRulesType } from '@aws-sdk/client-secrets-manager'
import { AwsError } from '../errors.ts'
import type { Tags } from '../tags.ts'

/** What a version holds: text or bytes. */
export type SecretContent = { SecretString?: string; SecretBinary?: Uint8Array }

export type SecretVersion = SecretContent & { id: string; createdAt: Date; stages: Set<string> }

export type Secret = {
  arn: string
  name: string
  description?: string
  kmsKeyId?: string
  createdAt: Date
  changedAt: Date
  accessedAt?: Date
  /** When it was marked for deletion, and when it will be gone. */
  deleted?: { at: Date; goneAt: Date }
  rotation?: { lambdaArn?: string; rules?: RotationRulesType }
  tags: Tags
  versions: Map<string, SecretVersion>
}

export const CURRENT = 'AWSCURRENT'
const PREVIOUS = 'AWSPREVIOUS'

/**
 * Moves a staging label to a version. Who loses AWSCURRENT becomes AWSPREVIOUS, and a version
 * without any label is forgotten.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
function moveStage({ versions }: Secret, stage: string, to: SecretVersion): void {
  const from = versionAt(versions, stage)
  if (from === to) return
  from?.stages.delete(stage)
  to.stages.add(stage)
  if (stage === CURRENT && from !== undefined) {
    versionAt(versions, PREVIOUS)?.stages.delete(PREVIOUS)
    from.stages.add(PREVIOUS)
  }
  for (const [id, { stages }] of versions) if (stages.size === 0) versions.delete(id)
}

/**
 * Adds a version. The same token with the same content is the same version.
 *
 * @throws AwsError ResourceExistsException when the token names another content.
 */
export function addVersion(
  secret: Secret,
  version: Omit<SecretVersion, 'stages'>,
  stages: readonly string[],
): SecretVersion {
  const known = secret.versions.get(version.id)
  if (known !== undefined) {
    if (sameContent(known, version)) return known
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${version.id} because that value is already in use for a version of secret ${secret.arn}.`,
    )
  }
  const added = { ...version, stages: new Set<string>() }
  // The first version is the current one, whatever it is also called.
  const labels = secret.versions.size === 0 ? new Set([CURRENT, ...stages]) : new Set(stages)
  secret.versions.set(added.id, added)
  for (const label of labels) moveStage(secret, label, added)
  secret.changedAt = version.createdAt
  return added
}

/** By id, or by label (default: AWSCURRENT). @throws AwsError ResourceNotFoundException */
export function findVersion(
  { versions }: Secret,
  {
    VersionId,
    VersionStage,
  }: { VersionId?: string | undefined; VersionStage?: string | undefined },
): SecretVersion {
  const stage = VersionStage ?? CURRENT
  const found = VersionId === undefined ? versionAt(versions, stage) : versions.get(VersionId)
  if (found === undefined) {
    const which = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${which}`,
    )
  }
  if (VersionStage === undefined || found.stages.has(VersionStage)) return found
  throw new AwsError(
    'InvalidRequestException',
    'You provided a VersionStage that is not associated to the provided VersionId.',
  )
}

function versionAt(versions: Secret['versions'], stage: string): SecretVersion | undefined {
  return [...versions.values()].find(({ stages }) => stages.has(stage))
}

function sameContent(a: SecretContent, b: SecretContent): boolean {
  const bytes = ({ SecretBinary }: SecretContent) => Buffer.from(SecretBinary ?? []).toString('hex')
  return a.SecretString === b.SecretString && bytes(a) === bytes(b)
}

export const versionsToStages = ({ versions }: Secret): Record<string, string[]> =>
  Object.fromEntries([...versions].map(([id, { stages }]) => [id, [...stages]]))
