import type { Fleet } from './fleet.ts'
import type { Deployment, EcsService } from './model.ts'

/** Adds a line to the events that `DescribeServices` shows. */
export function note({ world }: Fleet, service: EcsService, text: string): void {
  const id = world.random.uuid('ecs/service-event')
  const message = `(service ${service.name}) ${text}`
  service.events.unshift({ id, createdAt: world.date, message })
  service.events.splice(100)
}

/**
 * `ECS Deployment State Change`. There are three names only: a rollback is a second IN_PROGRESS,
 * of the deployment that is rolled back to.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export function emitDeployment(
  fleet: Fleet,
  service: EcsService,
  { id, reason }: Deployment,
  state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED',
): void {
  fleet.aws.emit({
    source: 'aws.ecs',
    detailType: 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: state === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: `SERVICE_DEPLOYMENT_${state}`,
      deploymentId: id,
      updatedAt: fleet.world.date.toISOString(),
      reason,
    },
    delivery: 'durable',
  })
}

/**
 * `ECS Service Action`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export function emitAction(
  fleet: Fleet,
  service: EcsService,
  eventType: 'INFO' | 'WARN' | 'ERROR',
  eventName: string,
): void {
  fleet.aws.emit({
    source: 'aws.ecs',
    detailType: 'ECS Service Action',
    resources: [service.arn],
    detail: {
      eventType,
      eventName,
      clusterArn: service.cluster.arn,
      createdAt: fleet.world.date.toISOString(),
    },
    delivery: 'durable',
  })
}
