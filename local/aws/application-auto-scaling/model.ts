import type {
  ScalableTarget,
  ScalingPolicy,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling'
import type { Aws } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { pager } from '../members.ts'
import type { Tags } from '../tags.ts'
import type { Timer } from '../world.ts'

/** What is scaled: `service/dev-backend/products` by its desired count. */
type Name = {
  ServiceNamespace?: string | undefined
  ResourceId?: string | undefined
  ScalableDimension?: string | undefined
}

export type Target = {
  readonly arn: string
  shape: ScalableTarget
  tags: Tags
  /** When policies last made it larger and smaller. Milliseconds. */
  scaledAt?: { out?: number; in?: number }
}

export type Scheduled = { shape: ScheduledAction; timer?: Timer }

/** The scalable targets of the account, and their policies in the order they were made. */
export class Targets {
  readonly aws: Aws
  readonly targets = new Map<string, Target>()
  policies: ScalingPolicy[] = []
  scheduled: Scheduled[] = []

  constructor(aws: Aws) {
    this.aws = aws
  }

  /** @throws AwsError ObjectNotFoundException */
  target(name: Name): Target {
    const found = this.targets.get(keyOf(name))
    if (found !== undefined) return found
    throw new AwsError(
      'ObjectNotFoundException',
      `No scalable target registered for service namespace: ${name.ServiceNamespace}, resource ID: ${name.ResourceId}, scalable dimension: ${name.ScalableDimension}`,
    )
  }

  /** @throws AwsError ResourceNotFoundException */
  tagsOf(arn = ''): Tags {
    const found = [...this.targets.values()].find((target) => target.arn === arn)
    if (found !== undefined) return found.tags
    throw new AwsError('ResourceNotFoundException', `The resource ${arn} does not exist.`)
  }
}

/** @throws NotImplemented for anything but the desired count of an ECS service. */
export function keyOf({ ServiceNamespace, ResourceId, ScalableDimension }: Name): string {
  if (ServiceNamespace !== 'ecs' || ScalableDimension !== 'ecs:service:DesiredCount') {
    throw new NotImplemented(`scaling ${ScalableDimension} of ${ServiceNamespace}`)
  }
  return ResourceId ?? ''
}

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message)

export const scalingPage = pager('InvalidNextTokenException', 50)
