import { RemovalPolicy } from 'aws-cdk-lib'
import { Repository, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { tagService } from '../../tags.ts'

/**
 * Untagged images that are kept: when `main` moves on, the image it left is untagged, and may
 * still run or be the one to roll back to.
 */
const UNTAGGED_KEPT = 100

/**
 * The repository a service's images are pushed to. Tags may move, which is how `main` names the
 * newest image; what runs is pinned by digest all the same.
 */
export function repository(scope: Construct, service: Service): Repository {
  const images = new Repository(scope, `repository-${service.repository.replaceAll('/', '-')}`, {
    repositoryName: service.repository,
    imageScanOnPush: true,
    imageTagMutability: TagMutability.MUTABLE,
    lifecycleRules: [
      {
        description: `Keep every tagged image and the newest ${UNTAGGED_KEPT} untagged ones`,
        tagStatus: TagStatus.UNTAGGED,
        maxImageCount: UNTAGGED_KEPT,
      },
    ],
    // Images outlive the environment: they cost little, and nothing else has them.
    removalPolicy: RemovalPolicy.RETAIN,
  })
  tagService(images, service)
  return images
}
