import type { Aws, Operations, Service } from '../aws.ts'
import { type Tags, taggable } from '../tags.ts'
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
      ...taggable({ resource: 'ResourceId', refusesMore: 'efs:ListTagsForResource' }, (id) =>
        this.#files.tagsOf(id),
      ),
    }
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#files.tagged()
  }
}
