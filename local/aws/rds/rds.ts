import type {
  AddTagsToResourceMessage,
  ListTagsForResourceMessage,
  RemoveTagsFromResourceMessage,
} from '@aws-sdk/client-rds'
import type { Aws, Operations, Service } from '../aws.ts'
import { onlyMembers } from '../members.ts'
import { type Tags, tagList, tagsFrom, untag } from '../tags.ts'
import { parameterGroupOperations, subnetGroupOperations } from './groups.ts'
import { instanceOperations } from './instances.ts'
import { lifeOperations } from './life.ts'
import { Databases } from './model.ts'

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
      ...tagOperations(this.#databases),
    }
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#databases.tagged()
  }
}

function tagOperations(databases: Databases) {
  return {
    AddTagsToResource: ({ ResourceName, Tags }: AddTagsToResourceMessage) => {
      Object.assign(databases.tagsOf(ResourceName), tagsFrom(Tags))
      return {}
    },
    RemoveTagsFromResource: ({ ResourceName, TagKeys }: RemoveTagsFromResourceMessage) => {
      untag(databases.tagsOf(ResourceName), TagKeys)
      return {}
    },
    ListTagsForResource: (input: ListTagsForResourceMessage) => {
      onlyMembers('rds:ListTagsForResource', input, ['ResourceName'])
      return { TagList: tagList(databases.tagsOf(input.ResourceName)) }
    },
  }
}
