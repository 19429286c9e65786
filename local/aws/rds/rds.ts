import type { Aws, Operations, Service } from '../aws.ts'
import { type Tags, type TagWords, taggable } from '../tags.ts'
import { parameterGroupOperations, subnetGroupOperations } from './groups.ts'
import { instanceOperations } from './instances.ts'
import { lifeOperations } from './life.ts'
import { type Mishap, suffer } from './mishaps.ts'
import { Databases } from './model.ts'
import { replicaOperations } from './replicas.ts'
import { takesConnections } from './status.ts'

const TAG_WORDS: TagWords = {
  operations: ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'],
  resource: 'ResourceName',
  answer: 'TagList',
  refusesMore: 'rds:ListTagsForResource',
}

/**
 * Amazon RDS: instances with their states, without an inside. Clusters (Aurora), replicas
 * in another Region, snapshots and proxies are refused by name.
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
      ...replicaOperations(this.#databases),
      ...subnetGroupOperations(this.#databases),
      ...parameterGroupOperations(this.#databases),
      ...taggable(TAG_WORDS, (arn) => this.#databases.tagsOf(arn)),
    }
  }

  /** Whether somebody inside the network who has the password is let in at this moment. */
  takesConnections(address: string): boolean {
    const found = [...this.#databases.instances.values()].find(
      ({ endpoint }) => endpoint.Address === address,
    )
    return takesConnections(found?.shape.DBInstanceStatus)
  }

  /** Lets something come over an instance that no call brings about. */
  suffer(id: string, mishap: Mishap): void {
    suffer(this.#databases, this.#databases.instance(id), mishap)
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#databases.tagged()
  }
}
