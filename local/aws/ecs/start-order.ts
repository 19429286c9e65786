import type { ContainerDependency } from '@aws-sdk/client-ecs'
import type { Task, TaskContainer } from './model.ts'

/** What a container waits for, by its name in the task definition. */
const dependenciesOf = (task: Task, { name }: TaskContainer): ContainerDependency[] =>
  task.definition.shape.containerDefinitions?.find((one) => one.name === name)?.dependsOn ?? []

/** Whether others wait until this container has ended: it does its work once, and is no server. */
export const isWaitedFor = (task: Task, container: TaskContainer): boolean =>
  task.containers
    .flatMap((one) => dependenciesOf(task, one))
    .some(
      ({ containerName, condition }) =>
        containerName === container.name && (condition === 'SUCCESS' || condition === 'COMPLETE'),
    )

/**
 * Whether a container may start; or why it never will, in the words of the ECS agent.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 * https://github.com/aws/amazon-ecs-agent/pull/3218
 */
export function mayStart(task: Task, container: TaskContainer): boolean | { never: string } {
  const states = dependenciesOf(task, container).map((dependency) =>
    stateOf(task, container, dependency),
  )
  const never = states.find((state) => typeof state === 'object')
  return never ?? states.every((state) => state === true)
}

function stateOf(
  task: Task,
  target: TaskContainer,
  { containerName, condition }: ContainerDependency,
): boolean | { never: string } {
  const dependency = task.containers.find(({ name }) => name === containerName)
  if (dependency === undefined) return true
  const { lastStatus, exitCode, healthStatus, image } = dependency.shape
  const ended = lastStatus === 'STOPPED'
  const failed = {
    never: `CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [${containerName}(${image}) (STOPPED->RUNNING) - Exit: ${exitCode}] for target [${target.name}(${target.shape.image}) (NONE->RUNNING)] as dependency did not exit successfully.`,
  }
  if (condition === 'COMPLETE') return ended
  if (condition === 'SUCCESS') return ended && exitCode !== 0 ? failed : ended
  if (condition === 'HEALTHY') return ended ? failed : healthStatus === 'HEALTHY'
  return lastStatus !== 'PENDING'
}
