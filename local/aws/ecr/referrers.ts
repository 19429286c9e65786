import type { ListImageReferrersRequest } from '@aws-sdk/client-ecr'
import { NotImplemented } from '../errors.ts'
import { onlyMembers, pager } from '../members.ts'
import type { Registry } from './registry.ts'
import type { StoredImage } from './repository.ts'

const referrersPage = pager('InvalidParameterException', 20)

/**
 * What says something about an image: signatures, attestations, bills of materials whose manifests
 * name it as their subject.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html
 */
export function referrerOperations(registry: Registry) {
  return {
    ListImageReferrers: (input: ListImageReferrersRequest) => {
      onlyMembers('ecr:ListImageReferrers', input, [
        ...['registryId', 'repositoryName', 'subjectId', 'filter', 'nextToken', 'maxResults'],
      ])
      const { artifactTypes, artifactStatus = 'ACTIVE' } = input.filter ?? {}
      if (artifactStatus !== 'ACTIVE' && artifactStatus !== 'ANY') {
        throw new NotImplemented(`images that are ${artifactStatus} in ecr`)
      }
      const repository = registry.repository(input.repositoryName, input.registryId)
      const subject = input.subjectId?.imageDigest
      const referrers = [...repository.images.values()]
        .filter(({ manifest }) => manifest.subject?.digest === subject)
        .map(shown)
        .filter((one) => !artifactTypes?.length || artifactTypes.includes(one.artifactType ?? ''))
      const { items, next } = referrersPage(referrers, input.nextToken, input.maxResults)
      return { referrers: items, ...(next === undefined ? {} : { nextToken: next }) }
    },
  }
}

function shown({ digest, mediaType, text, manifest }: StoredImage) {
  const artifactType = manifest.artifactType ?? manifest.config?.mediaType
  const { annotations } = manifest
  return {
    ...{ digest, mediaType, size: Buffer.byteLength(text) },
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
    artifactStatus: 'ACTIVE' as const,
  }
}
