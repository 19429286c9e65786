import { Ec2 } from '../ec2/ec2.ts'
import { AwsError } from '../errors.ts'
import { emitAction, note } from './events.ts'
import type { Deployment, EcsService } from './model.ts'
import type { EcsState } from './state.ts'

/** Milliseconds until ECS tries again to place a task; AWS does not say how long. */
const AGAIN_MILLISECONDS = 60_000

const UNAVAILABLE =
  'Capacity is unavailable at this time. Please try again later or in a different availability zone'

/** Which of Fargate's capacity tasks need; undefined for those that are not on Fargate. */
type Kind = { provider?: string | undefined; launchType?: string | undefined }

const kindOf = ({ provider, launchType }: Kind): string | undefined =>
  provider?.startsWith('FARGATE') ? provider : launchType === 'FARGATE' ? 'FARGATE' : undefined

/** The subnets in whose zones Fargate has capacity: all of them, unless a scenario says otherwise. */
function withCapacity(
  { aws, faults, world }: EcsState,
  asked: Kind,
  subnets: readonly string[],
): readonly string[] {
  const kind = kindOf(asked)
  if (kind === undefined || !faults.isShort(kind, world.now)) return subnets
  const zoneOf = (subnet: string) => aws.find(Ec2)?.subnet(subnet)?.AvailabilityZone ?? ''
  return subnets.filter((subnet) => !faults.lacks(kind, zoneOf(subnet), world.now))
}

const revisionsKind = ({ revision }: Deployment): Kind => ({
  provider: revision.capacityProviderStrategy[0]?.capacityProvider,
  launchType: revision.launchType,
})

const subnetsOf = ({ revision }: Deployment): readonly string[] =>
  revision.network?.awsvpcConfiguration?.subnets ?? []

/** The subnets in which a task of a deployment can be placed now. */
export const placesFor = (ecs: EcsState, deployment: Deployment): readonly string[] =>
  withCapacity(ecs, revisionsKind(deployment), subnetsOf(deployment))

/**
 * Whether a task of a deployment can be placed. If not, ECS says so and tries again; no task has
 * failed, so nothing is counted (AWS does not say whether its circuit breaker counts it).
 *
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export function canPlace(ecs: EcsState, service: EcsService, deployment: Deployment): boolean {
  const kind = kindOf(revisionsKind(deployment))
  if (kind === undefined || !ecs.faults.isShort(kind, ecs.world.now)) return true
  if (placesFor(ecs, deployment).length > 0) return true
  note(
    ecs,
    service,
    `was unable to place a task. Reason: ${UNAVAILABLE}. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  )
  emitAction(ecs, service, 'ERROR', 'SERVICE_TASK_PLACEMENT_FAILURE', {
    capacityProviderArns: [ecs.aws.arn('ecs', `capacity-provider/${kind}`)],
    reason: 'RESOURCE:FARGATE',
  })
  deployment.retryAt = ecs.world.now + AGAIN_MILLISECONDS
  ecs.scheduleBy(service, deployment.retryAt)
  return false
}

/**
 * Where `RunTask` may start tasks. https://repost.aws/knowledge-center/ecs-fargate-runtask-capacity
 *
 * @throws AwsError when there is no capacity in any of the subnets.
 */
export function placesOrRefused(
  ecs: EcsState,
  asked: Kind,
  subnets: readonly string[],
): readonly string[] {
  const places = withCapacity(ecs, asked, subnets)
  if (places.length > 0 || subnets.length === 0) return places
  throw new AwsError('ClientException', UNAVAILABLE)
}
