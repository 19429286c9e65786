import type {
  CreateSecretRequest,
  DescribeSecretRequest,
  ListSecretsRequest,
  RotateSecretRequest,
  UpdateSecretRequest,
} from '@aws-sdk/client-secrets-manager'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { resourceAllows } from '../iam/resource-policy.ts'
import { onlyMembers, page } from '../members.ts'
import { taggable, tagList, tagsFrom } from '../tags.ts'
import { type GenerateSecretString, generatedSecret } from './password.ts'
import { CURRENT, type Secret, versionsToStages } from './secret.ts'
import { contentOf, invalidRequest, type SecretStore } from './store.ts'

/** As whom Secrets Manager calls the function that rotates a secret. */
const ROTATOR: Caller = { kind: 'aws', name: 'secretsmanager' }

const NAME = /^[A-Za-z0-9/_+=.@!-]{1,512}$/

/** CloudFormation's own member beside the API's: its handler generates the value itself. */
type Create = CreateSecretRequest & { GenerateSecretString?: GenerateSecretString }

/** Operations on secrets themselves. */
export function secretOperations(store: SecretStore) {
  return {
    CreateSecret: (input: Create) => create(store, input),
    UpdateSecret: (input: UpdateSecretRequest) => update(store, input),
    DescribeSecret: ({ SecretId }: DescribeSecretRequest) => describe(store.find(SecretId)),
    ListSecrets: (input: ListSecretsRequest) => list(store, input),
    RotateSecret: (input: RotateSecretRequest) => rotate(store, input),
    ...taggable(
      { operations: ['TagResource', 'UntagResource'], resource: 'SecretId' },
      (id) => store.usable(id).tags,
    ),
  }
}

function create(store: SecretStore, input: Create) {
  onlyMembers('secrets-manager:CreateSecret', input, [
    'Name',
    'ClientRequestToken',
    'Description',
    'KmsKeyId',
    'SecretBinary',
    'SecretString',
    'GenerateSecretString',
    'Tags',
  ])
  const { world } = store.aws
  const name = input.Name ?? ''
  const made = madeBefore(store, input)
  if (made !== undefined) return made
  checkName(store, name)
  const secret: Secret = {
    arn: store.aws.arn('secretsmanager', `secret:${name}-${suffix(store)}`),
    name,
    createdAt: world.date,
    changedAt: world.date,
    tags: tagsFrom(input.Tags),
    versions: new Map(),
  }
  const { GenerateSecretString: generate } = input
  const generated =
    generate === undefined ? {} : { SecretString: generatedSecret(world.random, generate) }
  const version = change(store, secret, { ...input, ...generated })
  store.secrets.set(name, secret)
  return { ARN: secret.arn, Name: name, ...version }
}

/** The same request again, by its token and value, is answered as the first time. */
function madeBefore(store: SecretStore, input: Create) {
  const secret = store.secrets.get(input.Name ?? '')
  const version = secret?.versions.get(input.ClientRequestToken ?? '')
  const content = contentOf(input)
  if (secret === undefined || secret.deleted || version === undefined) return undefined
  if (content === undefined) return undefined
  store.add(secret, content, version.id, [])
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id }
}

function checkName(store: SecretStore, name: string): void {
  if (!NAME.test(name)) {
    throw new AwsError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    )
  }
  const known = store.secrets.get(name)
  if (known?.deleted !== undefined) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    )
  }
  if (known !== undefined) {
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${name} already exists.`,
    )
  }
}

/** The six characters AWS adds to the name, so that a new secret never has an old one's ARN. */
function suffix(store: SecretStore): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const pick = () => Math.floor(store.aws.world.random.next('secretsmanager/arn') * 62)
  return Array.from({ length: 6 }, () => letters.charAt(pick())).join('')
}

/** Description, key and, if one is given, a new current version. */
function change(
  store: SecretStore,
  secret: Secret,
  input: Omit<UpdateSecretRequest, 'SecretId'>,
): { VersionId?: string } {
  if (input.Description !== undefined) secret.description = input.Description
  if (input.KmsKeyId !== undefined) secret.kmsKeyId = input.KmsKeyId
  secret.changedAt = store.aws.world.date
  const content = contentOf(input)
  if (content === undefined) return {}
  return { VersionId: store.add(secret, content, input.ClientRequestToken, [CURRENT]).id }
}

function update(store: SecretStore, input: UpdateSecretRequest) {
  onlyMembers('secrets-manager:UpdateSecret', input, [
    'SecretId',
    'ClientRequestToken',
    'Description',
    'KmsKeyId',
    'SecretBinary',
    'SecretString',
  ])
  const secret = store.usable(input.SecretId)
  return { ARN: secret.arn, Name: secret.name, ...change(store, secret, input) }
}

function describe(secret: Secret) {
  const { description, kmsKeyId, rotation, accessedAt, deleted } = secret
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(description === undefined ? {} : { Description: description }),
    ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
    ...(rotation === undefined
      ? {}
      : {
          RotationEnabled: true,
          RotationLambdaARN: rotation.lambdaArn,
          RotationRules: rotation.rules,
        }),
    LastChangedDate: secret.changedAt,
    ...(accessedAt === undefined ? {} : { LastAccessedDate: accessedAt }),
    ...(deleted === undefined ? {} : { DeletedDate: deleted.at }),
    Tags: tagList(secret.tags),
    VersionIdsToStages: versionsToStages(secret),
    CreatedDate: secret.createdAt,
  }
}

function list(store: SecretStore, input: ListSecretsRequest) {
  const members = ['IncludePlannedDeletion', 'MaxResults', 'NextToken']
  onlyMembers('secrets-manager:ListSecrets', input, members)
  const found = [...store.secrets.values()].filter(
    ({ deleted }) => input.IncludePlannedDeletion || deleted === undefined,
  )
  const { items, next } = page(found, {
    token: input.NextToken,
    limit: input.MaxResults ?? 100,
    invalid: 'InvalidNextTokenException',
  })
  const entries = items.map((secret) => {
    const { VersionIdsToStages: SecretVersionsToStages, ...entry } = describe(secret)
    return { ...entry, SecretVersionsToStages }
  })
  return { SecretList: entries, NextToken: next }
}

async function rotate(store: SecretStore, input: RotateSecretRequest) {
  onlyMembers('secrets-manager:RotateSecret', input, [
    'SecretId',
    'ClientRequestToken',
    'RotationLambdaARN',
    'RotationRules',
  ])
  const secret = store.usable(input.SecretId)
  const { RotationLambdaARN: lambdaArn, RotationRules: rules } = input
  const fn = lambdaArn ?? secret.rotation?.lambdaArn
  if (fn === undefined) {
    throw invalidRequest('No Lambda rotation function ARN is associated with this secret.')
  }
  if (store.aws.answers('lambda')) await checkRotator(store, fn)
  secret.rotation = {
    ...secret.rotation,
    ...(lambdaArn === undefined ? {} : { lambdaArn }),
    ...(rules === undefined ? {} : { rules }),
  }
  // The version that the function is to make current; it is not called here.
  const VersionId =
    input.ClientRequestToken ?? store.aws.world.random.uuid('secretsmanager/version')
  return { ARN: secret.arn, Name: secret.name, VersionId }
}

/** @throws AwsError AccessDeniedException unless the function is there and its policy lets it be invoked. */
async function checkRotator({ aws }: SecretStore, FunctionName: string): Promise<void> {
  const policy = await aws
    .call<{ Policy?: string }>('lambda', 'GetPolicy', { FunctionName }, ROTATOR)
    .then(({ Policy }) => Policy)
    .catch((error: unknown) => {
      if (error instanceof AwsError) return undefined
      throw error
    })
  const request = { policy, action: 'lambda:InvokeFunction', resource: FunctionName }
  if (resourceAllows(aws, ROTATOR, request)) return
  throw new AwsError(
    'AccessDeniedException',
    'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
  )
}
