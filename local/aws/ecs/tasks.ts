import type {
  DescribeTasksRequest,
  ListTasksRequest,
  RunTaskRequest,
  StopTaskRequest,
} from '@aws-sdk/client-ecs'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { placesOrRefused } from './capacity.ts'
import { activeDefinition, clusterOf, ecsPage, findService, findTask, refuse } from './find.ts'
import { checkOverrides, checkPlaced } from './request-checks.ts'
import type { EcsState } from './state.ts'
import { createTask, launchTypeOf } from './task-create.ts'
import { startTask } from './task-life.ts'
import { describeTask } from './task-shape.ts'
import { stopTask } from './task-stop.ts'

/** Tasks: listing, describing, running one-off ones, stopping. */
export function taskOperations(ecs: EcsState) {
  return {
    ListTasks: (input: ListTasksRequest) => list(ecs, input),
    DescribeTasks: ({ cluster, tasks = [], include }: DescribeTasksRequest) => {
      if (tasks.length === 0) refuse('Tasks cannot be empty.')
      if (tasks.length > 100) refuse('Tasks can have at most 100 items.')
      const of = clusterOf(ecs, cluster)
      const found = tasks.map((named) => ({ named, task: findTask(ecs, of, named) }))
      const withTags = include?.includes('TAGS') ?? false
      return {
        tasks: found.flatMap(({ task }) =>
          task === undefined ? [] : [describeTask(task, withTags)],
        ),
        failures: found
          .filter(({ task }) => task === undefined)
          .map(({ named }) => ({
            arn: ecs.aws.arn('ecs', `task/${of.name}/${named.split('/').at(-1)}`),
            reason: 'MISSING',
          })),
      }
    },
    RunTask: (input: RunTaskRequest) => run(ecs, input),
    StopTask: ({ cluster, task: named, reason }: StopTaskRequest) => {
      const task = findTask(ecs, clusterOf(ecs, cluster), named)
      if (task === undefined) refuse('The referenced task was not found.')
      stopTask(ecs, task, { code: 'UserInitiated', reason: reason ?? 'Task stopped by user' })
      return { task: describeTask(task) }
    },
  }
}

function list(ecs: EcsState, input: ListTasksRequest) {
  onlyMembers('ecs:ListTasks', input, [
    'cluster',
    'family',
    'nextToken',
    'maxResults',
    'startedBy',
    'serviceName',
    'desiredStatus',
    'launchType',
  ])
  const cluster = clusterOf(ecs, input.cluster)
  const { family, startedBy, serviceName, launchType, desiredStatus = 'RUNNING' } = input
  // "When you specify startedBy as the filter, it must be the only filter that you use." API_ListTasks
  if (startedBy !== undefined && (family ?? serviceName) !== undefined) {
    refuse('startedBy cannot be combined with other filters.')
  }
  const service = serviceName === undefined ? undefined : findService(ecs, cluster, serviceName)
  if (serviceName !== undefined && service === undefined) {
    throw new AwsError('ServiceNotFoundException', 'Service not found.')
  }
  const found = [...ecs.tasks.values()].filter(
    (task) =>
      task.cluster === cluster &&
      // ECS never gives a task the desired status PENDING.
      task.desiredStatus === desiredStatus &&
      (service === undefined || task.service === service) &&
      (family ?? task.definition.shape.family) === task.definition.shape.family &&
      (startedBy ?? task.startedBy) === task.startedBy &&
      (launchType ?? task.launchType) === task.launchType,
  )
  const { items, next } = ecsPage(found, input.nextToken, input.maxResults)
  return {
    taskArns: items.map(({ arn }) => arn),
    ...(next === undefined ? {} : { nextToken: next }),
  }
}

function run(ecs: EcsState, input: RunTaskRequest) {
  onlyMembers('ecs:RunTask', input, [
    'capacityProviderStrategy',
    'cluster',
    'count',
    'enableECSManagedTags',
    'enableExecuteCommand',
    'group',
    'launchType',
    'networkConfiguration',
    'overrides',
    'platformVersion',
    'propagateTags',
    'startedBy',
    'tags',
    'taskDefinition',
    'clientToken',
    'referenceId',
  ])
  const cluster = clusterOf(ecs, input.cluster)
  const definition = activeDefinition(ecs, input.taskDefinition)
  const count = input.count ?? 1
  if (count < 1 || count > 10) refuse('count must be between 1 and 10.')
  checkPlaced(ecs, input, definition)
  checkOverrides(input, definition)
  const provider = input.capacityProviderStrategy?.[0]?.capacityProvider
  const { group, startedBy, overrides = {}, enableExecuteCommand = false } = input
  const again = ecs.tokens.get(input.clientToken ?? '')
  if (again !== undefined) return { tasks: again.map((task) => describeTask(task)), failures: [] }
  const launchType = launchTypeOf(input.launchType, provider)
  const subnets = placesOrRefused(
    ecs,
    { provider, launchType },
    input.networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
  )
  const tags = { ...(input.propagateTags === 'TASK_DEFINITION' ? definition.tags : {}) }
  const tasks = Array.from({ length: count }, () =>
    createTask(ecs, {
      cluster,
      definition,
      launchType,
      platformVersion: input.platformVersion ?? '1.4.0',
      overrides: { containerOverrides: [], ...overrides },
      enableExecuteCommand,
      subnets,
      tags: { ...tags, ...tagsFrom(input.tags) },
      ...(group === undefined ? {} : { group }),
      ...(startedBy === undefined ? {} : { startedBy }),
      ...(provider === undefined ? {} : { capacityProvider: provider }),
    }),
  )
  if (input.clientToken !== undefined) ecs.tokens.set(input.clientToken, tasks)
  for (const task of tasks) startTask(ecs, task)
  return { tasks: tasks.map((task) => describeTask(task)), failures: [] }
}
