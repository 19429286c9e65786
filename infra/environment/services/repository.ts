import { RemovalPolicy } from 'aws-cdk-lib'
import {
  ImageTagMutabilityExclusionFilter,
  Repository,
  TagMutability,
  TagStatus,
} from 'aws-cdk-lib/aws-ecr'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { parsePolicy } from '../../../domain/deploy-policy.ts'
import { KEPT_PREFIX } from '../../../domain/kept-name.ts'
import { tagService } from '../../tags.ts'

/**
 * Untagged images that are kept. A lifecycle policy cannot know what runs or what to roll back to,
 * so no rule touches an image that has a tag, and what our pipelines build keeps one for good
 * (`commit-…`). Only who pushes nothing but `main` leaves untagged images behind; of these the
 * newest hundred stay. docs/pipelines.md says what that means and how to tidy up by hand.
 */
const UNTAGGED_KEPT = 100
/**
 * Images with a name that Caretaker gave them (`domain/kept-name.ts`): what runs, and what ran and
 * has no other tag. More than there will be: an image that one rule selects is left alone by every
 * later one, whoever adds it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
const NAMED_KEPT = 9999

/**
 * The repository a service's images are pushed to. By default tags may move, which is how `main`
 * names the newest image; what runs is pinned by digest all the same.
 *
 * @param sharers all services whose images are in it, the one that owns it among them.
 */
export function repository(
  scope: Construct,
  service: Service,
  sharers: readonly Service[],
): Repository {
  const images = new Repository(scope, `repository-${service.repository.replaceAll('/', '-')}`, {
    repositoryName: service.repository,
    imageScanOnPush: true,
    ...mutability(service, sharers),
    lifecycleRules: [
      {
        rulePriority: 1,
        description: 'Keep the images that run, and those that ran, whatever later rules say',
        tagPrefixList: [KEPT_PREFIX],
        maxImageCount: NAMED_KEPT,
      },
      {
        rulePriority: 2,
        description: `Keep every tagged image and the newest ${UNTAGGED_KEPT} untagged ones`,
        tagStatus: TagStatus.UNTAGGED,
        maxImageCount: UNTAGGED_KEPT,
      },
    ],
    // Images outlive the environment: they cost little, and there is no other copy.
    removalPolicy: RemovalPolicy.RETAIN,
  })
  tagService(images, service)
  return images
}

/** `immutableTags`: only tags that a roll-out follows as they move may move, and Caretaker's own. */
function mutability({ immutableTags }: Service, sharers: readonly Service[]) {
  if (!immutableTags) return { imageTagMutability: TagMutability.MUTABLE }
  const moving = [...new Set([...sharers.flatMap(movingTags), `${KEPT_PREFIX}*`])]
  return {
    imageTagMutability: TagMutability.IMMUTABLE_WITH_EXCLUSION,
    imageTagMutabilityExclusionFilters: moving.map((pattern) =>
      ImageTagMutabilityExclusionFilter.wildcard(pattern),
    ),
  }
}

/** A tag or a pattern of tags that name another image with each push. Versions do not. */
function movingTags({ deploy }: Service): string[] {
  const policy = parsePolicy(deploy)
  if (policy.kind === 'exact') return [policy.tag]
  // With numbers in its tags, each push has a tag of its own.
  if (policy.kind !== 'glob' || policy.byNumber) return []
  return [policy.text.slice('glob:'.length).trim()]
}
