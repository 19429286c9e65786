import type {
  ListTagsForResourceRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-application-auto-scaling'
import type { Aws, Operations, Service } from '../aws.ts'
import { type Tags, untag } from '../tags.ts'
import { Targets } from './model.ts'
import { policyOperations } from './policies.ts'
import { targetOperations } from './targets.ts'

/** Application Auto Scaling of ECS services: the bounds hold; nothing has load to scale by. */
export class ApplicationAutoScaling implements Service {
  readonly id = 'application-auto-scaling'
  readonly operations: Operations
  readonly #targets: Targets

  constructor(aws: Aws) {
    this.#targets = new Targets(aws)
    this.operations = {
      ...targetOperations(this.#targets),
      ...policyOperations(this.#targets),
      ...tagOperations(this.#targets),
    }
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#targets.targets.values()
  }
}

function tagOperations(targets: Targets) {
  return {
    TagResource: ({ ResourceARN, Tags }: TagResourceRequest) => {
      Object.assign(targets.tagsOf(ResourceARN), Tags)
      return {}
    },
    UntagResource: ({ ResourceARN, TagKeys }: UntagResourceRequest) => {
      untag(targets.tagsOf(ResourceARN), TagKeys)
      return {}
    },
    ListTagsForResource: ({ ResourceARN }: ListTagsForResourceRequest) => ({
      Tags: { ...targets.tagsOf(ResourceARN) },
    }),
  }
}
