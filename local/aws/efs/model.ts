import type {
  AccessPointDescription,
  FileSystemDescription,
  LifeCycleState,
  MountTargetDescription,
} from '@aws-sdk/client-efs'
import type { Aws } from '../aws.ts'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { type Tags, tagList } from '../tags.ts'

/** How long each kind is in a transitional state, in milliseconds. AWS promises none of these. */
const RANGES = {
  'file-system': [2_000, 8_000],
  'access-point': [1_000, 4_000],
  'mount-target': [60_000, 120_000],
} as const satisfies Record<string, readonly [number, number]>

/** What has tags: a file system or an access point. */
type Tagged<Shape> = { readonly id: string; readonly arn: string; shape: Shape; tags: Tags }

export type FileSystem = Tagged<FileSystemDescription>
export type AccessPoint = Tagged<AccessPointDescription>
type MountTarget = {
  readonly id: string
  shape: MountTargetDescription
  readonly securityGroups: readonly string[]
}

/** Everything EFS keeps in the account, each kind by id. */
export class Files {
  readonly aws: Aws
  readonly fileSystems = new Map<string, FileSystem>()
  readonly accessPoints = new Map<string, AccessPoint>()
  readonly mountTargets = new Map<string, MountTarget>()

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** @throws AwsError FileSystemNotFound */
  fileSystem(named = ''): FileSystem {
    return found(this.fileSystems, named, 'FileSystemNotFound', 'File system')
  }

  /** @throws AwsError AccessPointNotFound */
  accessPoint(named = ''): AccessPoint {
    return found(this.accessPoints, named, 'AccessPointNotFound', 'Access point')
  }

  /** @throws AwsError MountTargetNotFound */
  mountTarget(id = ''): MountTarget {
    return found(this.mountTargets, id, 'MountTargetNotFound', 'Mount target')
  }

  /** By id or ARN. @throws AwsError as its kind is not found. */
  tagsOf(named = ''): Tags {
    const isAccessPoint = /(^|\/)fsap-/.test(named)
    return isAccessPoint ? this.accessPoint(named).tags : this.fileSystem(named).tags
  }

  mountTargetsOf(fileSystem: string): MountTarget[] {
    return [...this.mountTargets.values()].filter(({ shape }) => shape.FileSystemId === fileSystem)
  }

  /** @param prefix `fs`. */
  newId(prefix: string): string {
    return `${prefix}-${this.aws.world.random.hex(`efs/${prefix}`, 17)}`
  }

  /** Brings something into a transitional state; `done` runs at its end. */
  beginTransition(
    kind: keyof typeof RANGES,
    shape: { LifeCycleState?: LifeCycleState | undefined },
    state: 'creating' | 'deleting',
    done: () => void,
  ): void {
    const { world } = this.aws
    const [low, high] = RANGES[kind]
    shape.LifeCycleState = state
    const time = Math.round(world.random.between(`efs/${kind}/${state}`, low, high))
    world.after(time, `EFS: a ${kind} is no longer ${state}`, done)
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const kept of [this.fileSystems, this.accessPoints]) {
      for (const { arn, tags } of kept.values()) yield { arn, tags }
    }
  }
}

function found<Kept>(kept: ReadonlyMap<string, Kept>, named: string, code: string, kind: string) {
  const id = named.split('/').at(-1) ?? ''
  const one = kept.get(id)
  if (one !== undefined) return one
  throw new AwsError(code, `${kind} '${id}' does not exist.`, { statusCode: 404 })
}

/** As answers show it. */
export const shown = <Shape extends object>({ shape, tags }: Tagged<Shape>): Shape => {
  const Name = tags.Name === undefined ? {} : { Name: tags.Name }
  return clone({ ...shape, ...Name, Tags: tagList(tags) })
}
