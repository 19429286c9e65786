import type { Aws, Operations, Service } from '../aws.ts'
import { type Tags, type TagWords, taggable } from '../tags.ts'
import { parameterGroupOperations, subnetGroupOperations } from './groups.ts'
import { instanceOperations } from './instances.ts'
import { lifeOperations } from './life.ts'
import { Databases } from './model.ts'

const TAG_WORDS: TagWords = {
  operations: ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'],
  resource: 'ResourceName',
  answer: 'TagList',
  refusesMore: 'rds:ListTagsForResource',
}

/**
 * Amazon RDS: instances with their states, without an inside. Clusters (Aurora), replicas,
 * snapshots and proxies are refused by name.
 */
export class Rds implements Service {
  readonly id = 'rds'
  readonly operations: Operations
  readonly #databases: Databases

  constructor(aws: Aws) {
    this.#databases = new Databases(aws)
    this.operations = {
      ...instanceOperations(this.#databases),
      ...lifeOperations(this.#databases),
      ...subnetGroupOperations(this.#databases),
      ...parameterGroupOperations(this.#databases),
      ...taggable(TAG_WORDS, (arn) => this.#databases.tagsOf(arn)),
    }
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#databases.tagged()
  }
}
