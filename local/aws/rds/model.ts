import type { DBInstance, DBParameterGroup, DBSubnetGroup, Parameter } from '@aws-sdk/client-rds'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { Tags } from '../tags.ts'
import type { Timer } from '../world.ts'
import type { Status } from './status.ts'

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
}

type SubnetGroup = { readonly arn: string; shape: DBSubnetGroup; tags: Tags }

type ParameterGroup = {
  readonly arn: string
  shape: DBParameterGroup
  parameters: Map<string, Parameter>
  tags: Tags
}

/** Everything RDS keeps in the account. Names are lower case there, whatever is given. */
export class Databases {
  readonly aws: Aws
  readonly instances = new Map<string, Instance>()
  readonly subnetGroups = new Map<string, SubnetGroup>()
  readonly parameterGroups = new Map<string, ParameterGroup>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  arn(kind: 'db' | 'subgrp' | 'pg', name: string): string {
    return this.aws.arn('rds', `${kind}:${name}`)
  }

  /** By identifier or ARN. @throws AwsError DBInstanceNotFoundFault */
  instance(named = ''): Instance {
    const id = nameOf(named)
    const found = this.instances.get(id)
    if (found !== undefined) return found
    throw new AwsError('DBInstanceNotFoundFault', `DBInstance ${id} not found.`, NOT_FOUND)
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
    return this.instance(arn).tags
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const kept of [this.instances, this.subnetGroups, this.parameterGroups]) {
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

export const wrongState = (message: string): AwsError =>
  new AwsError('InvalidDBInstanceStateFault', message)

export const invalidCombination = (message: string): AwsError =>
  new AwsError('InvalidParameterCombination', message)

export const invalidValue = (message: string): AwsError =>
  new AwsError('InvalidParameterValue', message)
