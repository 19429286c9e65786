import {
  type ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  type ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling'
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { type Bounds, NO_IMAGE, type Seen } from '../../../domain/sleep/resource.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { TAGS } from '../../../domain/tags.ts'
import type { Managed } from '../managed.ts'
import { commonOf, countOf, serviceName, unreadOrder } from './tags.ts'

export type ServiceSources = {
  scaling: ApplicationAutoScalingClient
  balancing: ElasticLoadBalancingV2Client
}

/** `DescribeScalableTargets` takes fifty. */
const TARGETS_AT_ONCE = 50

/**
 * ECS services as they are now.
 *
 * @param states what is kept of each, by `<cluster>/<service>`.
 * @param waking those whose targets are asked for their health: the others are up when they run.
 * @param captured those whose sizes are kept: they are woken, whether or not an image was ever rolled out.
 */
export async function seeServices(
  { scaling, balancing }: ServiceSources,
  services: readonly Managed[],
  states: ReadonlyMap<string, ServiceState | undefined>,
  waking: ReadonlySet<string>,
  captured: ReadonlySet<string>,
): Promise<Seen[]> {
  const targets = await targetsOf(
    scaling,
    services.map(({ id }) => `service/${id}`),
  )
  const seen: Seen[] = []
  for (const managed of services) {
    const { id, tags, service } = managed
    const phase = phaseOf(managed)
    const answers =
      phase !== 'up' || !waking.has(`service/${id}`) || (await isHealthy(balancing, managed))
    seen.push({
      id: `service/${id}`,
      kind: 'service',
      name: serviceName(tags, id),
      ...commonOf(tags),
      phase: answers ? phase : 'rising',
      said: phase === 'falling' ? service.events?.[0]?.message : undefined,
      works: states.get(id)?.rolling === undefined ? undefined : 'a roll-out is under way',
      rolledOut: isRolledOut(states.get(id)),
      refuses: refusalOf(managed, states.get(id), captured.has(`service/${id}`)),
      size: {
        desired: service.desiredCount ?? 0,
        bounds: boundsOf(targets.get(`service/${id}`)),
      },
      task: taskOf(managed),
      usual: countOf(tags),
      deployed: deployedAt(managed),
      targetGroups: (service.loadBalancers ?? []).flatMap((one) => one.targetGroupArn ?? []),
    })
  }
  return seen
}

/** A service that is asked for no task sleeps once the last one has ended. */
function phaseOf({ service }: Managed): Seen['phase'] {
  const { desiredCount = 0, runningCount = 0, pendingCount = 0 } = service
  if (desiredCount === 0) return runningCount + pendingCount > 0 ? 'falling' : 'down'
  return runningCount >= desiredCount && pendingCount === 0 ? 'up' : 'rising'
}

const isRolledOut = (state: ServiceState | undefined): boolean =>
  state?.latest !== undefined || state?.rolling !== undefined

/** When the deployment began that runs: whoever has deployed wants to look at it. */
const deployedAt = ({ service: { deployments = [] } }: Managed): string | undefined =>
  deployments.find(({ status }) => status === 'PRIMARY')?.createdAt?.toISOString()

/** Why a service has no number of tasks that could be changed. */
function refusalOf(
  { service, tags }: Managed,
  state: ServiceState | undefined,
  isCaptured: boolean,
): string | undefined {
  const unread = unreadOrder(tags)
  if (unread !== undefined) return unread
  if (service.schedulingStrategy === 'DAEMON') {
    return 'a daemon service runs on every instance: it has no number of tasks'
  }
  const isNew = service.desiredCount === 0 && TAGS.repository in tags && state?.latest === undefined
  return isNew && !isCaptured ? NO_IMAGE : undefined
}

/** Spot is what its capacity providers say; a service on instances pays for those. */
function taskOf({ service }: Managed): Seen['task'] {
  const { taskDefinition: definition, launchType, capacityProviderStrategy = [] } = service
  if (definition === undefined) return undefined
  const providers = capacityProviderStrategy.map(({ capacityProvider = '' }) => capacityProvider)
  const isFargate = providers.every((provider) => provider.startsWith('FARGATE'))
  if (!isFargate || (launchType !== undefined && launchType !== 'FARGATE')) {
    return { definition, on: 'instances' }
  }
  return { definition, on: providers.includes('FARGATE_SPOT') ? 'spot' : 'fargate' }
}

const boundsOf = (target: ScalableTarget | undefined): Bounds | undefined => {
  if (target === undefined) return undefined
  const { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState = {} } = target
  const suspended =
    SuspendedState.DynamicScalingInSuspended === true &&
    SuspendedState.DynamicScalingOutSuspended === true &&
    SuspendedState.ScheduledScalingSuspended === true
  return { min, max, suspended }
}

async function targetsOf(
  scaling: ApplicationAutoScalingClient,
  ids: readonly string[],
): Promise<Map<string, ScalableTarget>> {
  const found = new Map<string, ScalableTarget>()
  for (let start = 0; start < ids.length; start += TARGETS_AT_ONCE) {
    const { ScalableTargets = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceIds: ids.slice(start, start + TARGETS_AT_ONCE),
      }),
    )
    for (const target of ScalableTargets) found.set(target.ResourceId ?? '', target)
  }
  return found
}

/** Whether each of its target groups has as many healthy targets as it wants tasks. */
async function isHealthy(
  balancing: ElasticLoadBalancingV2Client,
  { service }: Managed,
): Promise<boolean> {
  for (const { targetGroupArn } of service.loadBalancers ?? []) {
    if (targetGroupArn === undefined) continue
    const { TargetHealthDescriptions = [] } = await balancing.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    )
    const healthy = TargetHealthDescriptions.filter(
      ({ TargetHealth }) => TargetHealth?.State === 'healthy',
    )
    if (healthy.length < (service.desiredCount ?? 0)) return false
  }
  return true
}
