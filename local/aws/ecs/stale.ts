import type { Service } from '@aws-sdk/client-ecs'
import { lowerTagList } from '../tags.ts'
import type { EcsService, ServiceDeployment } from './model.ts'
import { describeService } from './service-shape.ts'
import type { EcsState } from './state.ts'

/** Before a change of a service: keeps what reads answer until they show the change. */
export function keepForStaleReads({ faults, world }: EcsState, service: EcsService): void {
  const { described, listed } = faults.staleness()
  const { now } = world
  if (described > 0) service.before = { shape: describeService(service), until: now + described }
  if (listed > 0) service.unlisted = { since: now, until: now + listed }
}

/** A service as `DescribeServices` shows it at this moment, with its tags as they are. */
export function readService({ world }: EcsState, service: EcsService, withTags: boolean): Service {
  const { before } = service
  if (before === undefined || before.until <= world.now) return describeService(service, withTags)
  return { ...before.shape, ...(withTags ? { tags: lowerTagList(service.tags) } : {}) }
}

/** Whether lists show a deployment of a service already. */
export function isListed(
  { world }: EcsState,
  { unlisted }: EcsService,
  { createdAt }: ServiceDeployment,
): boolean {
  return (
    unlisted === undefined || unlisted.until <= world.now || createdAt.getTime() < unlisted.since
  )
}
