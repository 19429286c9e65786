import type { CreateRepositoryResponse } from '@aws-sdk/client-ecr'
import type { Context } from '../context.ts'
import { jsonText, type Properties, type TypeTable } from '../resource-type.ts'

/** Amazon ECR. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ECR.html */
export const ECR: TypeTable = {
  'AWS::ECR::Repository': {
    effect: [
      'RepositoryName',
      'EmptyOnDelete',
      'EncryptionConfiguration',
      'ImageScanningConfiguration',
      'ImageTagMutability',
      'ImageTagMutabilityExclusionFilters',
      'LifecyclePolicy',
      'RepositoryPolicyText',
    ],
    replacedBy: ['RepositoryName', 'EncryptionConfiguration'],
    create: async (context, properties) => {
      const {
        LifecyclePolicy: _,
        RepositoryPolicyText: __,
        EmptyOnDelete: ___,
        ...rest
      } = properties
      const repositoryName = context.name(rest.RepositoryName, { most: 256, lower: true })
      const { repository } = await context.call<CreateRepositoryResponse>(
        'ecr',
        'CreateRepository',
        { ...rest, ...exclusions(rest), repositoryName },
      )
      await putPolicies(context, repositoryName, properties)
      const { repositoryArn, repositoryUri } = repository ?? {}
      return {
        ref: repositoryName,
        attributes: { Arn: repositoryArn, RepositoryUri: repositoryUri },
      }
    },
    update: async (context, properties, { ref: repositoryName }) => {
      const { ImageTagMutability = 'MUTABLE', ImageScanningConfiguration = {} } = properties
      await context.call('ecr', 'PutImageTagMutability', {
        repositoryName,
        ImageTagMutability,
        ...exclusions(properties),
      })
      const scanning = { repositoryName, ImageScanningConfiguration }
      await context.call('ecr', 'PutImageScanningConfiguration', scanning)
      await putPolicies(context, repositoryName, properties)
    },
    delete: (context, { ref: repositoryName, properties: { EmptyOnDelete: force = false } }) =>
      context.call('ecr', 'DeleteRepository', { repositoryName, force }),
  },
}

async function putPolicies(
  context: Context,
  repositoryName: string,
  { LifecyclePolicy, RepositoryPolicyText }: Properties,
): Promise<void> {
  const { LifecyclePolicyText } = (LifecyclePolicy ?? {}) as { LifecyclePolicyText?: string }
  if (LifecyclePolicyText !== undefined) {
    await context.call('ecr', 'PutLifecyclePolicy', { repositoryName, LifecyclePolicyText })
  }
  if (RepositoryPolicyText !== undefined) {
    const PolicyText = jsonText(RepositoryPolicyText)
    await context.call('ecr', 'SetRepositoryPolicy', { repositoryName, PolicyText })
  }
}

type Exclusion = {
  ImageTagMutabilityExclusionFilterType: string
  ImageTagMutabilityExclusionFilterValue: string
}

/** The API calls the members of these otherwise. */
function exclusions({ ImageTagMutabilityExclusionFilters: filters }: Properties) {
  if (filters === undefined) return {}
  return {
    ImageTagMutabilityExclusionFilters: (filters as Exclusion[]).map((one) => ({
      filterType: one.ImageTagMutabilityExclusionFilterType,
      filter: one.ImageTagMutabilityExclusionFilterValue,
    })),
  }
}
