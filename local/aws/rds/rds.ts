import type { Aws, Operations, Service } from '../aws.ts'
import { type Tags, type TagWords, taggable } from '../tags.ts'
import { type Connection, capacityOf, clusterOperations, connect } from './cluster/clusters.ts'
import { clusterGroupOperations } from './cluster/groups.ts'
import { clusterLifeOperations } from './cluster/life.ts'
import { parameterGroupOperations, subnetGroupOperations } from './groups.ts'
import { instanceOperations } from './instances.ts'
import { lifeOperations } from './life.ts'
import { type Mishap, suffer } from './mishaps.ts'
import { Databases } from './model.ts'
import { replicaOperations } from './replicas.ts'

const TAG_WORDS: TagWords = {
  operations: ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'],
  resource: 'ResourceName',
  answer: 'TagList',
  refusesMore: 'rds:ListTagsForResource',
}

/**
 * Amazon RDS: instances and Aurora clusters with their states, without an inside. Multi-AZ clusters,
 * global databases, replicas in another Region, snapshots and proxies are refused by name.
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
      ...clusterOperations(this.#databases),
      ...clusterLifeOperations(this.#databases),
      ...clusterGroupOperations(this.#databases),
      ...subnetGroupOperations(this.#databases),
      ...parameterGroupOperations(this.#databases),
      ...taggable(TAG_WORDS, (arn) => this.#databases.tagsOf(arn)),
    }
  }

  /** Whether somebody inside the network who has the password is let in at this moment. */
  takesConnections(address: string): boolean {
    return this.#databases.at(address) !== undefined
  }

  /** Connects, which wakes a paused instance; undefined when nobody answers. */
  connect(address: string): Connection | undefined {
    return connect(this.#databases, address)
  }

  /** Aurora capacity units of a serverless instance; 0 while it is paused. */
  capacityOf(id: string): number | undefined {
    return capacityOf(this.#databases, id)
  }

  /** The next stop of a cluster fails. */
  failNextStop(clusterId: string): void {
    this.#databases.cluster(clusterId).failsToStop = true
  }

  /** Lets something come over an instance that no call brings about. */
  suffer(id: string, mishap: Mishap): void {
    suffer(this.#databases, this.#databases.instance(id), mishap)
  }

  tagged(): Iterable<{ arn: string; tags: Tags }> {
    return this.#databases.tagged()
  }
}
