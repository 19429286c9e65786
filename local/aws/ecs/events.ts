import type { Deployment, EcsService } from './model.ts'
import type { EcsState } from './state.ts'

/** Adds a line to the events that `DescribeServices` shows. */
export function note({ world }: EcsState, service: EcsService, text: string): void {
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
  ecs: EcsState,
  service: EcsService,
  { id, reason }: Deployment,
  state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED',
): void {
  ecs.aws.emit({
    source: 'aws.ecs',
    detailType: 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: state === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: `SERVICE_DEPLOYMENT_${state}`,
      deploymentId: id,
      updatedAt: ecs.world.date.toISOString(),
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
  ecs: EcsState,
  service: EcsService,
  eventType: 'INFO' | 'WARN' | 'ERROR',
  eventName: string,
  more: Record<string, unknown> = {},
): void {
  ecs.aws.emit({
    source: 'aws.ecs',
    detailType: 'ECS Service Action',
    resources: [service.arn],
    detail: {
      eventType,
      eventName,
      clusterArn: service.cluster.arn,
      ...more,
      createdAt: ecs.world.date.toISOString(),
    },
    delivery: 'durable',
  })
}
