import type { HealthCheck } from '@aws-sdk/client-ecs'
import { CloudMap } from '../cloud-map/cloud-map.ts'
import { ElasticLoadBalancing } from '../elastic-load-balancing/elastic-load-balancing.ts'
import { answers, healthMoments } from './application.ts'
import { countHealthy } from './deployments.ts'
import { SETTLING_MILLISECONDS } from './durations.ts'
import { note } from './events.ts'
import type { Task, TaskContainer } from './model.ts'
import type { EcsState } from './state.ts'
import { stopTask } from './task-stop.ts'
import { at } from './task-timers.ts'
import { targetsOf } from './traffic.ts'

/** What a task is attached to, if it belongs to a service. */
const attachedTo = ({ deployment }: Task) => ({
  targets: deployment === undefined ? [] : targetsOf(deployment),
  registries: deployment?.revision.serviceRegistries ?? [],
})

/** Registers a starting task with its target groups and service registries. */
export function attach(ecs: EcsState, task: Task): void {
  const { targets, registries } = attachedTo(task)
  for (const { group, port } of targets) {
    ecs.aws.find(ElasticLoadBalancing)?.register(group, task.address, port)
  }
  const checked = task.containers.some(
    (container) => container.essential && checkOf(task, container) !== undefined,
  )
  const isHealthyNow = !checked || healthStatusOf(task) === 'HEALTHY'
  for (const { registryArn = '', port, containerPort } of registries) {
    const declared = port ?? containerPort
    ecs.aws.find(CloudMap)?.register(registryArn, task.id, {
      AVAILABILITY_ZONE: task.availabilityZone,
      AWS_INIT_HEALTH_STATUS: isHealthyNow ? 'HEALTHY' : 'UNHEALTHY',
      AWS_INSTANCE_IPV4: task.address,
      ...(declared === undefined ? {} : { AWS_INSTANCE_PORT: String(declared) }),
      ECS_CLUSTER_NAME: task.cluster.name,
      ECS_SERVICE_NAME: task.service?.name ?? '',
      ECS_TASK_DEFINITION_FAMILY: task.definition.shape.family ?? '',
      REGION: ecs.aws.region,
    })
  }
}

/** Watches a container whose application has just started. */
export function watchContainer(ecs: EcsState, task: Task, container: TaskContainer): void {
  const { application } = container
  if (application === undefined) return
  for (const moment of [application.answersFrom, application.answersUntil]) {
    if (moment <= ecs.world.now || moment === Number.POSITIVE_INFINITY) continue
    at(ecs, task, moment, 'ECS application', () =>
      ecs.aws.find(ElasticLoadBalancing)?.recheck(task.address),
    )
  }
  const check = checkOf(task, container)
  if (check === undefined) return
  container.shape.healthStatus = 'UNKNOWN'
  const { healthyAt, unhealthyAt } = healthMoments(check, application)
  if (healthyAt !== undefined) {
    at(ecs, task, healthyAt, 'ECS container healthy', () => {
      container.shape.healthStatus = 'HEALTHY'
      task.goesOn?.()
      if (healthStatusOf(task) !== 'HEALTHY') return
      for (const { registryArn = '' } of attachedTo(task).registries) {
        ecs.aws.find(CloudMap)?.setHealth(registryArn, task.id, 'HEALTHY')
      }
      updateHealth(ecs, task)
    })
  }
  if (unhealthyAt !== undefined) {
    at(ecs, task, unhealthyAt, 'ECS container unhealthy', () => {
      container.shape.healthStatus = 'UNHEALTHY'
      failCheck(ecs, task, container)
    })
  }
}

/** A standalone task is not replaced when its check fails; it is only shown as unhealthy. */
function failCheck(ecs: EcsState, task: Task, { essential }: TaskContainer): void {
  task.healthStatus = healthStatusOf(task)
  if (!essential || task.service === undefined) return
  stopTask(ecs, task, {
    code: 'ServiceSchedulerInitiated',
    reason: 'Task failed container health checks',
    failed: 'health',
  })
}

const checkOf = (task: Task, { name }: TaskContainer): HealthCheck | undefined =>
  task.definition.shape.containerDefinitions?.find((one) => one.name === name)?.healthCheck

function healthStatusOf(task: Task): Task['healthStatus'] {
  const checked = task.containers.filter(
    (container) => container.essential && checkOf(task, container) !== undefined,
  )
  const statuses = checked.map(({ shape }) => shape.healthStatus)
  if (statuses.includes('UNHEALTHY')) return 'UNHEALTHY'
  return checked.length > 0 && statuses.every((status) => status === 'HEALTHY')
    ? 'HEALTHY'
    : 'UNKNOWN'
}

/** Determines again whether a deployment counts the task as healthy. */
function updateHealth(ecs: EcsState, task: Task): void {
  task.healthStatus = healthStatusOf(task)
  const healthy =
    task.status === 'RUNNING' && task.desiredStatus === 'RUNNING' && isHealthy(ecs, task)
  if (healthy === task.healthy) return
  task.healthy = healthy
  if (healthy && task.service !== undefined) countHealthy(task.service, task)
  ecs.changed(task.service)
}

function isHealthy(ecs: EcsState, task: Task): boolean {
  const { targets } = attachedTo(task)
  const answering = targets.every(
    ({ group, port }) =>
      ecs.aws.find(ElasticLoadBalancing)?.stateOf(group, task.address, port) === 'healthy',
  )
  const checked = task.containers.some(
    (container) => container.essential && checkOf(task, container) !== undefined,
  )
  if (!answering || (checked && task.healthStatus !== 'HEALTHY')) return false
  if (checked || targets.length > 0) return true
  const runningFor = ecs.world.now - (task.times.startedAt?.getTime() ?? ecs.world.now)
  return runningFor >= SETTLING_MILLISECONDS
}

/** A task has begun to run: from now on it can be healthy. */
export function watchTask(ecs: EcsState, task: Task): void {
  const settled = ecs.world.now + SETTLING_MILLISECONDS
  at(ecs, task, settled, 'ECS task settled', () => updateHealth(ecs, task))
  const grace = (task.service?.gracePeriodSeconds ?? 0) * 1000
  if (grace > 0) {
    at(ecs, task, ecs.world.now + grace + 1, 'ECS grace period', () => {
      for (const { group, port } of attachedTo(task).targets) {
        const state = ecs.aws.find(ElasticLoadBalancing)?.stateOf(group, task.address, port)
        if (state === 'unhealthy') failTarget(ecs, task, group)
      }
    })
  }
  updateHealth(ecs, task)
}

/** The target of a task has changed its state. */
export function targetChanged(ecs: EcsState, task: Task, groupArn: string, state: string): void {
  if (state === 'unhealthy') failTarget(ecs, task, groupArn)
  updateHealth(ecs, task)
}

/** Within the grace period the load balancer's health checks do not count. */
function failTarget(ecs: EcsState, task: Task, groupArn: string): void {
  const { service } = task
  const graceEnds =
    (task.times.startedAt?.getTime() ?? ecs.world.now) + (service?.gracePeriodSeconds ?? 0) * 1000
  if (service === undefined || task.desiredStatus === 'STOPPED' || ecs.world.now < graceEnds) return
  const named = `(target-group ${groupArn})`
  note(
    ecs,
    service,
    `(task ${task.id}) (port ${task.deployment?.revision.loadBalancers[0]?.containerPort ?? 80}) is unhealthy in ${named} due to (reason Request timed out)`,
  )
  stopTask(ecs, task, {
    code: 'ServiceSchedulerInitiated',
    reason: `Task failed ELB health checks in ${named}`,
    failed: 'health',
  })
}

/** How a task answers on a port at this moment: what the load balancer sees. */
export function probe(ecs: EcsState, task: Task, port: number): boolean {
  const owner = task.definition.shape.containerDefinitions?.find(({ portMappings }) =>
    portMappings?.some(({ containerPort }) => containerPort === port),
  )
  const container = task.containers.find(({ name }) => name === owner?.name) ?? task.containers[0]
  const { application, shape } = container ?? {}
  return (
    application !== undefined &&
    shape?.lastStatus === 'RUNNING' &&
    answers(application, ecs.world.now)
  )
}
