import type {
  Instance,
  InstanceStateName,
  LaunchTemplate,
  Placement,
  RequestLaunchTemplateData,
  RouteTable,
  SecurityGroup,
  Snapshot,
  Subnet,
  Volume,
  Vpc,
  VpcEndpoint,
} from '@aws-sdk/client-ec2'
import type { Aws, Caller } from '../aws.ts'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import type { Faults } from '../faults.ts'
import { type Tags, tagList, tagsFrom } from '../tags.ts'
import type { Timer } from '../world.ts'

type TagSpecification = {
  ResourceType?: string | undefined
  Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined
}

/** Something with an id, as `Describe…` shows it but for its tags. */
export type Stored<Shape> = { readonly id: string; readonly arn: string; shape: Shape; tags: Tags }

export type StoredInstance = Stored<Instance> & {
  /** What comes next by itself: the end of a transition. */
  next?: Timer
  /** What `ModifyInstanceAttribute` changes and `DescribeInstances` does not show. */
  attributes: {
    disableApiStop: boolean
    disableApiTermination: boolean
    instanceInitiatedShutdownBehavior: string
  }
  /** The reservation: of all instances of one request the same. */
  launch: string
  /** Of a Spot request; absent for an On-Demand instance. */
  spot?: 'one-time' | 'persistent'
  /** Customer managed keys that its volumes are encrypted with. */
  keys: string[]
  /** What it does at its first boot, in base64. */
  userData?: string
  /** From when reads show it: milliseconds; absent: at once. */
  seenFrom?: number
  /** From when it runs, and from when its status checks pass: milliseconds. */
  runningSince?: number
  checkedFrom?: number
}

export type StoredTemplate = Stored<LaunchTemplate> & {
  /** The first is version 1. */
  versions: RequestLaunchTemplateData[]
}

/** Everything of EC2 that is kept here, each kind by id. */
export class Ec2Store {
  readonly aws: Aws
  readonly instances = new Map<string, StoredInstance>()
  readonly volumes = new Map<string, Stored<Volume>>()
  readonly snapshots = new Map<string, Stored<Snapshot>>()
  readonly vpcs = new Map<string, Stored<Vpc>>()
  readonly subnets = new Map<string, Stored<Subnet>>()
  readonly securityGroups = new Map<string, Stored<SecurityGroup>>()
  readonly launchTemplates = new Map<string, StoredTemplate>()
  readonly routeTables = new Map<string, Stored<RouteTable>>()
  readonly vpcEndpoints = new Map<string, Stored<VpcEndpoint>>()

  /** AMIs that were registered here, whose root is an instance store. */
  readonly instanceStoreImages = new Set<string>()
  readonly #faults: Faults
  #hiddenUntil = 0

  constructor(aws: Aws, faults: Faults) {
    this.aws = aws
    this.#faults = faults
  }

  /** The instances that a reader sees now: new ones may come later. CloudFormation waits by itself. */
  seen({ kind }: Caller): ReadonlyMap<string, StoredInstance> {
    const { now } = this.aws.world
    if (kind === 'cloudformation' || this.#hiddenUntil <= now) return this.instances
    return new Map([...this.instances].filter(([, { seenFrom = 0 }]) => seenFrom <= now))
  }

  /** Decides from when a new instance is seen. */
  hide(machine: StoredInstance): void {
    const { now } = this.aws.world
    const length = this.#faults.unseenFor()
    if (length === 0) return
    machine.seenFrom = now + length
    this.#hiddenUntil = Math.max(this.#hiddenUntil, now + length)
  }

  /** Whether there is no capacity for a type in a zone. */
  lacks(type = '', { AvailabilityZone: zone = '' }: Placement = {}): boolean {
    return this.#faults.lacks(type, zone, this.aws.world.now)
  }

  /** @param prefix `i`, `subnet`. */
  newId(prefix: string): string {
    return `${prefix}-${this.aws.world.random.hex(`ec2/${prefix}`, 17)}`
  }

  /** The tags a request gives for one kind of what it makes. */
  tagsFor(kind: string, specifications: readonly TagSpecification[] = []): Tags {
    const asked = specifications.filter(({ ResourceType }) => ResourceType === kind)
    return tagsFrom(asked.flatMap(({ Tags = [] }) => Tags))
  }

  keep<Shape>(
    into: Map<string, Stored<Shape>>,
    kind: string,
    kept: { id: string; shape: Shape; tags: Tags },
  ): Stored<Shape> {
    const made = { ...kept, arn: this.aws.arn('ec2', `${kind}/${kept.id}`) }
    into.set(made.id, made)
    return made
  }

  get all(): Stored<object>[] {
    const kinds = [
      ...[this.instances, this.vpcs, this.subnets, this.securityGroups],
      ...[this.launchTemplates, this.routeTables, this.vpcEndpoints],
      ...[this.volumes, this.snapshots],
    ]
    return kinds.flatMap((kind): Stored<object>[] => [...kind.values()])
  }

  /** @throws AwsError InvalidID, for kinds that are not kept here too. */
  withId(id: string): Stored<object> {
    const found = this.all.find((kept) => kept.id === id)
    if (found !== undefined) return found
    throw new AwsError('InvalidID', `The ID '${id}' is not valid`)
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const notFound = (kind: string, what: string, id: string): AwsError =>
  new AwsError(`Invalid${kind}.NotFound`, `The ${what} '${id}' does not exist`)

/** As answers show it. */
export const shown = <Shape extends object>({ shape, tags }: Stored<Shape>): Shape =>
  clone({ ...shape, Tags: tagList(tags) })

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const satisfies Record<InstanceStateName, number>

export const stateOf = (Name: InstanceStateName) => ({ Code: CODES[Name], Name })
