import type {
  DBCluster,
  DBClusterParameterGroup,
  DBInstance,
  DBParameterGroup,
  DBSubnetGroup,
  Parameter,
} from '@aws-sdk/client-rds'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { Tags } from '../tags.ts'
import type { Timer } from '../world.ts'
import { type Status, takesConnections } from './status.ts'

/** A database as it is kept. */
export type Instance = {
  readonly id: string
  readonly arn: string
  /** As `DescribeDBInstances` shows it, without its tags and its subnet group. */
  shape: DBInstance
  subnetGroup?: SubnetGroup
  /** Where it listens: shown from when it is first there. */
  endpoint: { Address: string; Port: number; HostedZoneId: string }
  tags: Tags
  /** What comes next by itself: the end of a transition, or AWS's own start. */
  next?: Timer
  /** The next backup in the window. */
  backup?: Timer
  /** The window passed while there could be no backup. */
  missedBackup?: boolean
  /** The next maintenance window, while something waits for it. */
  maintenance?: Timer
  /** The Aurora cluster it is a member of, and then: how many clients there are, and whether it sleeps. */
  cluster?: Cluster
  connections?: number
  paused?: boolean
}

export type SubnetGroup = { readonly arn: string; shape: DBSubnetGroup; tags: Tags }

type ParameterGroup = {
  readonly arn: string
  shape: DBParameterGroup
  parameters: Map<string, Parameter>
  tags: Tags
}

/** An Aurora cluster as it is kept. */
export type Cluster = {
  readonly id: string
  readonly arn: string
  /** As `DescribeDBClusters` shows it, without its members, its tags and its subnet group. */
  shape: DBCluster
  subnetGroup?: SubnetGroup
  /** Whoever writes; the first member is it. */
  writer?: Instance
  tags: Tags
  /** What comes next by itself: the end of a transition, or AWS's own start. */
  next?: Timer
  /** The next stop fails. */
  failsToStop?: boolean
  /** When instances without connections pause, one timer for those that pause together. */
  pauses: Timer[]
}

export type ClusterParameterGroup = {
  readonly arn: string
  shape: DBClusterParameterGroup
  parameters: Map<string, Parameter>
  tags: Tags
}

/** Everything RDS keeps in the account. Names are lower case there, whatever is given. */
export class Databases {
  readonly aws: Aws
  readonly instances = new Map<string, Instance>()
  readonly subnetGroups = new Map<string, SubnetGroup>()
  readonly parameterGroups = new Map<string, ParameterGroup>()
  readonly clusters = new Map<string, Cluster>()
  readonly clusterParameterGroups = new Map<string, ClusterParameterGroup>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  arn(kind: 'db' | 'subgrp' | 'pg' | 'cluster' | 'cluster-pg', name: string): string {
    return this.aws.arn('rds', `${kind}:${name}`)
  }

  /** By identifier or ARN. @throws AwsError DBInstanceNotFoundFault */
  instance(named = ''): Instance {
    const id = nameOf(named)
    const found = this.instances.get(id)
    if (found !== undefined) return found
    throw new AwsError('DBInstanceNotFoundFault', `DBInstance ${id} not found.`, NOT_FOUND)
  }

  /** By identifier or ARN. @throws AwsError DBClusterNotFoundFault */
  cluster(named = ''): Cluster {
    const found = this.clusters.get(nameOf(named))
    if (found !== undefined) return found
    const message = `DBCluster ${nameOf(named)} not found.`
    throw new AwsError('DBClusterNotFoundFault', message, NOT_FOUND)
  }

  /** In the order in which they were made. */
  membersOf(cluster: Cluster): Instance[] {
    return [...this.instances.values()].filter((instance) => instance.cluster === cluster)
  }

  /** Who takes a connection at an address, of an instance or of a cluster; undefined if nobody. */
  at(address: string): { instance: Instance; cluster?: Cluster } | undefined {
    const byItself = [...this.instances.values()].find((one) => one.endpoint.Address === address)
    const named = ({ shape }: Cluster) => [shape.Endpoint, shape.ReaderEndpoint].includes(address)
    const cluster = byItself?.cluster ?? [...this.clusters.values()].find(named)
    const members = cluster === undefined ? [] : this.membersOf(cluster)
    const reader = members.find((one) => one !== cluster?.writer)
    const asked = cluster?.shape.ReaderEndpoint === address ? reader : undefined
    const instance = byItself ?? asked ?? cluster?.writer
    if (!takesConnections(instance?.shape.DBInstanceStatus) || instance === undefined)
      return undefined
    return cluster === undefined ? { instance } : { instance, cluster }
  }

  /** @throws AwsError DBParameterGroupNotFoundFault */
  clusterParameterGroup(named = ''): ClusterParameterGroup {
    const found = this.clusterParameterGroups.get(nameOf(named))
    if (found !== undefined) return found
    const message = `DBClusterParameterGroup not found: ${nameOf(named)}`
    throw new AwsError('DBParameterGroupNotFoundFault', message, NOT_FOUND)
  }

  /** @throws AwsError DBSubnetGroupNotFoundFault */
  subnetGroup(named = ''): SubnetGroup {
    const found = this.subnetGroups.get(nameOf(named))
    if (found !== undefined) return found
    const message = `DBSubnetGroup ${nameOf(named)} not found.`
    throw new AwsError('DBSubnetGroupNotFoundFault', message, NOT_FOUND)
  }

  /** @throws AwsError DBParameterGroupNotFoundFault */
  parameterGroup(named = ''): ParameterGroup {
    const found = this.parameterGroups.get(nameOf(named))
    if (found !== undefined) return found
    const message = `DBParameterGroup not found: ${nameOf(named)}`
    throw new AwsError('DBParameterGroupNotFoundFault', message, NOT_FOUND)
  }

  /** Whatever carries tags and has this ARN. @throws AwsError as its kind is not found. */
  tagsOf(arn = ''): Tags {
    const kind = arn.split(':')[5]
    if (kind === 'subgrp') return this.subnetGroup(arn).tags
    if (kind === 'pg') return this.parameterGroup(arn).tags
    if (kind === 'cluster') return this.cluster(arn).tags
    if (kind === 'cluster-pg') return this.clusterParameterGroup(arn).tags
    return this.instance(arn).tags
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    const { instances, subnetGroups, parameterGroups, clusters, clusterParameterGroups } = this
    const all = [instances, subnetGroups, parameterGroups, clusters, clusterParameterGroups]
    for (const kept of all) {
      for (const { arn, tags } of kept.values()) yield { arn, tags }
    }
  }
}

const NOT_FOUND = { statusCode: 404 }

/** The name in an ARN, or the name itself. */
const nameOf = (named: string): string => (named.split(':').at(-1) ?? '').toLowerCase()

/** @throws AwsError InvalidDBInstanceStateFault unless the instance is in one of these states. */
export function requireState({ id, shape }: Instance, ...wanted: readonly Status[]): void {
  if (wanted.includes(shape.DBInstanceStatus as Status)) return
  throw wrongState(`Instance ${id} is not in ${wanted[0]} state.`)
}

export const clusterFault = (message: string): AwsError =>
  new AwsError('InvalidDBClusterStateFault', message)

export const wrongState = (message: string): AwsError =>
  new AwsError('InvalidDBInstanceStateFault', message)

export const invalidCombination = (message: string): AwsError =>
  new AwsError('InvalidParameterCombination', message)

export const invalidValue = (message: string): AwsError =>
  new AwsError('InvalidParameterValue', message)

/** The hosted zone of database endpoints in eu-central-1; for DNS aliases. */
export const HOSTED_ZONE = 'Z1RLNUO7B9Q6NB'

const ID = /^[a-z](-?[a-z0-9]){0,62}$/

/** Of an instance or a cluster. @throws AwsError InvalidParameterValue */
export function checkIdentifier(id: string): void {
  if (ID.test(id)) return
  throw invalidValue(
    `Invalid database identifier: ${id}. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
  )
}
