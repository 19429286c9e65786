import type { Deployment as DeploymentShape, Service } from '@aws-sdk/client-ecs'
import { clone } from '../clone.ts'
import { lowerTagList } from '../tags.ts'
import { currentOf, isPending, isRunning, requestedOf } from './deployments.ts'
import type { Deployment, EcsService, Revision, Task } from './model.ts'

/** A service as `DescribeServices` shows it. */
export function describeService(service: EcsService, withTags = false): Service {
  const [primary] = service.deployments
  const tasks = [...service.tasks]
  const deployment = currentOf(service)
  const grace = service.gracePeriodSeconds
  return clone({
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    ...(primary === undefined ? {} : attachment(primary.revision)),
    status: service.status,
    desiredCount: service.desired,
    runningCount: tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
    ...(primary === undefined ? {} : { taskDefinition: primary.revision.definition.arn }),
    deploymentConfiguration: service.configuration,
    deployments: service.deployments.map((one) => describeDeployment(service, one)),
    events: service.events,
    createdAt: service.createdAt,
    createdBy: service.createdBy,
    placementConstraints: service.shown.placementConstraints ?? [],
    placementStrategy: service.shown.placementStrategy ?? [],
    ...(grace === undefined ? {} : { healthCheckGracePeriodSeconds: grace }),
    schedulingStrategy: service.scheduling,
    deploymentController: { type: service.controller },
    enableECSManagedTags: service.shown.enableECSManagedTags ?? false,
    propagateTags: service.shown.propagateTags ?? 'NONE',
    enableExecuteCommand: service.shown.enableExecuteCommand ?? false,
    availabilityZoneRebalancing: service.shown.availabilityZoneRebalancing ?? 'DISABLED',
    ...(withTags ? { tags: lowerTagList(service.tags) } : {}),
    ...(deployment === undefined ? {} : { currentServiceDeployment: deployment.arn }),
    currentServiceRevisions: service.deployments.map(({ revision }) => ({
      arn: revision.arn,
      requestedTaskCount: requestedOf(service, revision),
      ...counts(tasks, revision),
    })),
  })
}

function counts(tasks: readonly Task[], revision: Revision) {
  const own = tasks.filter((task) => task.deployment?.revision === revision)
  return {
    runningTaskCount: own.filter(isRunning).length,
    pendingTaskCount: own.filter(isPending).length,
  }
}

/** How a revision's tasks are placed and attached; shared by services and revisions. */
export function attachment(revision: Revision) {
  const { launchType, network, capacityProviderStrategy } = revision
  return {
    loadBalancers: revision.loadBalancers,
    serviceRegistries: revision.serviceRegistries,
    ...(capacityProviderStrategy.length > 0 ? { capacityProviderStrategy } : {}),
    ...(launchType === undefined ? {} : { launchType }),
    platformVersion: revision.platformVersion,
    platformFamily: 'Linux',
    ...(network === undefined ? {} : { networkConfiguration: network }),
  }
}

function describeDeployment(service: EcsService, deployment: Deployment): DeploymentShape {
  const { revision, reason } = deployment
  const { runningTaskCount, pendingTaskCount } = counts([...service.tasks], revision)
  const { loadBalancers: _, serviceRegistries: __, ...placed } = attachment(revision)
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: revision.definition.arn,
    desiredCount: requestedOf(service, revision),
    pendingCount: pendingTaskCount,
    runningCount: runningTaskCount,
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    ...placed,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: reason,
  }
}
