import type { ServiceEvent } from '@aws-sdk/client-ecs'

/**
 * What ECS writes about a service whose tasks all run on after its deployment has completed: the
 * tasks before them are stopped and leave the load balancer. A task that fails is another line, and
 * so is the one that is started in its place.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
const OF_THE_COMPLETED =
  /has reached a steady state\.|deployment completed\.|has stopped \d+ running tasks|has begun draining connections on \d+ tasks|(de)?registered \d+ targets in/

/** ECS shows no more than the last hundred. */
const SHOWN = 100

/**
 * Whether ECS has written nothing about a service since then but what belongs to a completed
 * deployment. Any line that is not known says that there is something to look at.
 */
export function isQuietSince(events: readonly ServiceEvent[], since: Date): boolean {
  const recent = events.filter(({ createdAt }) => (createdAt ?? since) >= since)
  const isAll = recent.length < Math.max(events.length, SHOWN)
  return isAll && recent.every(({ message = '' }) => OF_THE_COMPLETED.test(message))
}
