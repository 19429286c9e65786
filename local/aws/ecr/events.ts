import type { Aws } from '../aws.ts'
import type { Repository, StoredImage } from './repository.ts'

/**
 * `ECR Image Action`: `resources` is empty, and there is one event per manifest and tag. Best
 * effort. https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function emitImageAction(
  aws: Aws,
  action: 'PUSH' | 'DELETE',
  repository: Repository,
  image: StoredImage,
  tag?: string,
): void {
  const artifact = image.manifest.artifactType ?? image.manifest.config?.mediaType
  aws.emit({
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': repository.name,
      'image-digest': image.digest,
      'action-type': action,
      'image-tag': tag ?? '',
      'manifest-media-type': image.mediaType,
      ...(artifact === undefined ? {} : { 'artifact-media-type': artifact }),
    },
    delivery: 'best-effort',
  })
}

/** The registry that an image was pushed to, and that has replicated it. */
export type Origin = { account: string; region: string }

/**
 * `ECR Replication Action`, in the registry that an image is replicated to: no push is told there.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function emitReplication(
  aws: Aws,
  repository: Repository,
  image: StoredImage,
  { account, region }: Origin,
  tag?: string,
): void {
  aws.emit({
    source: 'aws.ecr',
    detailType: 'ECR Replication Action',
    resources: [repository.arn],
    detail: {
      result: 'SUCCESS',
      'repository-name': repository.name,
      'image-digest': image.digest,
      'source-account': account,
      'action-type': 'REPLICATE',
      'source-region': region,
      'image-tag': tag ?? '',
    },
    delivery: 'best-effort',
  })
}

/** `ECR Image Scan` of basic scanning. Only severities that were found are counted. */
export function emitScan(
  aws: Aws,
  repository: Repository,
  digest: string,
  found: { counts: Record<string, number>; tags: string[] },
): void {
  aws.emit({
    source: 'aws.ecr',
    detailType: 'ECR Image Scan',
    resources: [repository.arn],
    detail: {
      'scan-status': 'COMPLETE',
      'repository-name': repository.name,
      'finding-severity-counts': found.counts,
      'image-digest': digest,
      'image-tags': found.tags,
    },
    delivery: 'best-effort',
  })
}
