import type {
  CreateRepositoryRequest,
  DeleteRepositoryRequest,
  DescribeRepositoriesRequest,
  GetLifecyclePolicyRequest,
  GetRepositoryPolicyRequest,
  PutImageScanningConfigurationRequest,
  PutImageTagMutabilityRequest,
  PutLifecyclePolicyRequest,
  SetRepositoryPolicyRequest,
} from '@aws-sdk/client-ecr'
import { AwsError } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { taggable, tagsFrom } from '../tags.ts'
import { keepPolicy } from './lifecycle.ts'
import type { Registry } from './registry.ts'
import type { Repository } from './repository.ts'

const NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/

const describe = (registry: Registry, repository: Repository) => ({
  repositoryArn: repository.arn,
  registryId: registry.aws.account,
  repositoryName: repository.name,
  repositoryUri: repository.uri,
  createdAt: repository.createdAt,
  imageTagMutability: repository.mutability,
  ...(repository.exclusions.length > 0
    ? { imageTagMutabilityExclusionFilters: [...repository.exclusions] }
    : {}),
  imageScanningConfiguration: { ...repository.scanning },
  encryptionConfiguration: { ...repository.encryption },
})

function byArn(registry: Registry, arn: string | undefined): Repository {
  return registry.repository(arn?.split(':repository/')[1])
}

/** Creating, describing, configuring and deleting repositories. */
export function repositoryOperations(registry: Registry) {
  return {
    CreateRepository: (input: CreateRepositoryRequest) => create(registry, input),
    DescribeRepositories: (input: DescribeRepositoriesRequest) => {
      const named = input.repositoryNames
      const all = named?.length
        ? named.map((name) => registry.repository(name, input.registryId))
        : [...registry.repositories.values()]
      const asked = { token: input.nextToken, limit: named?.length ?? input.maxResults ?? 100 }
      const { items, next } = page(all, { ...asked, invalid: 'InvalidParameterException' })
      return { repositories: items.map((one) => describe(registry, one)), nextToken: next }
    },
    DeleteRepository: (input: DeleteRepositoryRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      if (repository.images.size > 0 && !input.force) {
        throw new AwsError(
          'RepositoryNotEmptyException',
          `The repository with name '${repository.name}' in registry with id '${registry.aws.account}' cannot be deleted because it still contains images`,
        )
      }
      registry.repositories.delete(repository.name)
      return { repository: describe(registry, repository) }
    },
    ...configurationOperations(registry),
    ...taggable(
      { resource: 'resourceArn', members: ['tags', 'tagKeys'] },
      (arn) => byArn(registry, arn).tags,
    ),
  }
}

function create(registry: Registry, input: CreateRepositoryRequest) {
  onlyMembers('ecr:CreateRepository', input, [
    'registryId',
    'repositoryName',
    'tags',
    'imageTagMutability',
    'imageTagMutabilityExclusionFilters',
    'imageScanningConfiguration',
    'encryptionConfiguration',
  ])
  const name = input.repositoryName ?? ''
  if (!NAME.test(name) || name.length < 2 || name.length > 256) {
    throw new AwsError(
      'InvalidParameterException',
      `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${NAME.source}''`,
    )
  }
  if (registry.repositories.has(name)) {
    throw new AwsError(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${registry.aws.account}'`,
    )
  }
  const { encryptionType = 'AES256', kmsKey } = input.encryptionConfiguration ?? {}
  const repository: Repository = {
    name,
    arn: registry.aws.arn('ecr', `repository/${name}`),
    uri: `${registry.host}/${name}`,
    createdAt: registry.aws.world.date,
    mutability: input.imageTagMutability ?? 'MUTABLE',
    exclusions: input.imageTagMutabilityExclusionFilters ?? [],
    scanning: { scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false },
    encryption: { encryptionType, ...(kmsKey === undefined ? {} : { kmsKey }) },
    tags: tagsFrom(input.tags),
    images: new Map(),
    layers: new Set(),
    named: new Map(),
  }
  registry.repositories.set(name, repository)
  return { repository: describe(registry, repository) }
}

function configurationOperations(registry: Registry) {
  const registryId = registry.aws.account
  return {
    PutImageTagMutability: (input: PutImageTagMutabilityRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      repository.mutability = input.imageTagMutability ?? 'MUTABLE'
      repository.exclusions = input.imageTagMutabilityExclusionFilters ?? []
      const { name: repositoryName, mutability: imageTagMutability } = repository
      const filters = [...repository.exclusions]
      return {
        registryId,
        repositoryName,
        imageTagMutability,
        imageTagMutabilityExclusionFilters: filters,
      }
    },
    PutImageScanningConfiguration: (input: PutImageScanningConfigurationRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      repository.scanning = { scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false }
      const { name: repositoryName, scanning } = repository
      return { registryId, repositoryName, imageScanningConfiguration: { ...scanning } }
    },
    ...policyOperations(registry),
  }
}

/** Policies are kept and given back; those of lifecycles expire images, see `lifecycle.ts`. */
function policyOperations(registry: Registry) {
  const registryId = registry.aws.account
  return {
    PutLifecyclePolicy: (input: PutLifecyclePolicyRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      const text = input.lifecyclePolicyText ?? ''
      keepPolicy(registry, repository, text)
      return { registryId, repositoryName: repository.name, lifecyclePolicyText: text }
    },
    GetLifecyclePolicy: (input: GetLifecyclePolicyRequest) => {
      const { name, lifecyclePolicy } = registry.repository(input.repositoryName, input.registryId)
      if (lifecyclePolicy === undefined) {
        throw new AwsError(
          'LifecyclePolicyNotFoundException',
          `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
        )
      }
      const { text: lifecyclePolicyText, evaluatedAt: lastEvaluatedAt } = lifecyclePolicy
      return { registryId, repositoryName: name, lifecyclePolicyText, lastEvaluatedAt }
    },
    SetRepositoryPolicy: (input: SetRepositoryPolicyRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      repository.policy = policyOf(input.policyText)
      return { registryId, repositoryName: repository.name, policyText: repository.policy }
    },
    GetRepositoryPolicy: (input: GetRepositoryPolicyRequest) => {
      const { name, policy } = registry.repository(input.repositoryName, input.registryId)
      if (policy === undefined) {
        throw new AwsError(
          'RepositoryPolicyNotFoundException',
          `Repository policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
        )
      }
      return { registryId, repositoryName: name, policyText: policy }
    },
  }
}

/** A policy is JSON whose statements say for whom, what and whether. @throws AwsError */
function policyOf(text: string | undefined): string {
  const invalid = () =>
    new AwsError(
      'InvalidParameterException',
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
    )
  let policy: { Statement?: unknown }
  try {
    policy = JSON.parse(text ?? '') as { Statement?: unknown }
  } catch {
    throw invalid()
  }
  const statements = [policy?.Statement ?? []].flat() as Record<string, unknown>[]
  const complete = ({
    Effect,
    Action,
    NotAction,
    Principal,
    NotPrincipal,
  }: Record<string, unknown>) =>
    ['Allow', 'Deny'].includes(String(Effect)) &&
    (Action ?? NotAction) !== undefined &&
    (Principal ?? NotPrincipal) !== undefined
  if (statements.length === 0 || !statements.every((one) => complete(one ?? {}))) throw invalid()
  return text ?? ''
}
