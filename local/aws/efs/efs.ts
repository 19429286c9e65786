import type {
  ListTagsForResourceRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-efs'
import type { Aws, Operations, Service } from '../aws.ts'
import { onlyMembers } from '../members.ts'
import { type Tags, tagList, tagsFrom, untag } from '../tags.ts'
import { accessPointOperations, fileSystemOperations } from './file-systems.ts'
import { Files } from './model.ts'
import { mountTargetOperations } from './mount-targets.ts'

/** Amazon EFS: file systems, mount targets and access points with their states, without files. */
export class Efs implements Service {
  readonly id = 'efs'
  readonly operations: Operations
  readonly #files: Files

  constructor(aws: Aws) {
    this.#files = new Files(aws)
    this.operations = {
      ...fileSystemOperations(this.#files),
      ...mountTargetOperations(this.#files),
      ...accessPointOperations(this.#files),
      ...tagOperations(this.#files),
    }
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#files.tagged()
  }
}

function tagOperations(files: Files) {
  return {
    TagResource: ({ ResourceId, Tags }: TagResourceRequest) => {
      Object.assign(files.tagsOf(ResourceId), tagsFrom(Tags))
      return {}
    },
    UntagResource: ({ ResourceId, TagKeys }: UntagResourceRequest) => {
      untag(files.tagsOf(ResourceId), TagKeys)
      return {}
    },
    ListTagsForResource: (input: ListTagsForResourceRequest) => {
      onlyMembers('efs:ListTagsForResource', input, ['ResourceId'])
      return { Tags: tagList(files.tagsOf(input.ResourceId)) }
    },
  }
}
