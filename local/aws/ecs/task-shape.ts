import type { Container, Task as TaskShape } from '@aws-sdk/client-ecs'
import { clone } from '../clone.ts'
import { lowerTagList } from '../tags.ts'
import type { Task, TaskContainer } from './model.ts'
import type { EcsState } from './state.ts'

/** A task as `DescribeTasks` shows it. */
export function describeTask(task: Task, withTags = false): TaskShape {
  const { shape } = task.definition
  const architecture = shape.runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'x86_64'
  return {
    attachments: clone(task.attachments),
    attributes: [{ name: 'ecs.cpu-architecture', value: architecture }],
    availabilityZone: task.availabilityZone,
    ...(task.capacityProvider === undefined ? {} : { capacityProviderName: task.capacityProvider }),
    clusterArn: task.cluster.arn,
    ...(task.times.connectivityAt === undefined ? {} : { connectivity: 'CONNECTED' as const }),
    containers: task.containers.map((container) => describeContainer(task, container)),
    cpu: shape.cpu ?? '256',
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    group: task.group,
    healthStatus: task.healthStatus,
    lastStatus: task.status,
    launchType: task.launchType,
    memory: shape.memory ?? '512',
    overrides: clone(task.overrides),
    platformVersion: task.platformVersion,
    platformFamily: 'Linux',
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    tags: withTags ? lowerTagList(task.tags) : [],
    taskArn: task.arn,
    taskDefinitionArn: task.definition.arn,
    version: task.version,
    ephemeralStorage: { sizeInGiB: shape.ephemeralStorage?.sizeInGiB ?? 20 },
    ...withoutUpdate(task.times),
  }
}

/** `updatedAt` is a member of the event only. */
const withoutUpdate = ({ updatedAt: _, ...times }: Task['times']) => times

function describeContainer(task: Task, { shape }: TaskContainer): Container {
  const attached = task.attachments[0]?.status === 'ATTACHED'
  const networkInterfaces = attached
    ? [{ attachmentId: task.attachments[0]?.id, privateIpv4Address: task.address }]
    : []
  return { ...clone(shape), networkInterfaces } as Container
}

/**
 * `ECS Task State Change`: the task without its health, times as ISO strings. Delivered at least
 * once; `version` rises with every change.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function emitTask(ecs: EcsState, task: Task): void {
  task.version++
  task.times.updatedAt = ecs.world.date
  const { tags: _, healthStatus: __, platformFamily: ___, ...shape } = describeTask(task)
  const detail = Object.entries({ ...shape, updatedAt: ecs.world.date }).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ])
  const containers = shape.containers?.map(({ healthStatus: ____, ...container }) => container)
  ecs.aws.emit({
    source: 'aws.ecs',
    detailType: 'ECS Task State Change',
    resources: [task.arn],
    detail: { ...Object.fromEntries(detail), containers },
    delivery: 'durable',
  })
}
