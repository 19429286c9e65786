import {
  DescribeTasksCommand,
  ListTasksCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import { serviceOf } from '../../domain/arn.ts'
import type { Failure } from '../../domain/table/record.ts'
import type { Before } from './contract.ts'
import { explainTask } from './explain.ts'
import { noteFailure } from './notes.ts'
import { blameFor, type Outcome, sentence } from './outcome.ts'
import { ClaimLost, stateOf, type Watcher } from './watch.ts'

type Next = { next: 'run' | 'wait' | 'deploy' } | (Outcome & { waiting: boolean })

/**
 * How the task before a deployment is doing: whether it may begin, goes on, has ended well, or has
 * not. One at a time: what a roll-out that was killed has started is waited for.
 *
 * @throws ClaimLost
 */
export async function lookBefore(watcher: Watcher, asked: Before): Promise<Next> {
  const { service, execution } = asked
  const { rolling, waiting } = await stateOf(watcher.table, service)
  if (rolling?.execution !== execution) {
    throw new ClaimLost(`${service}: the roll-out has been taken over`)
  }
  const ended = (outcome: Outcome) => ({ ...outcome, waiting: Boolean(waiting) })
  if (asked.refused !== null) return ended(notStarted(asked.refused))
  const isLate = watcher.now.getTime() - Date.parse(asked.since) > deadlineOf(watcher, asked) * 1000
  if (asked.task === null) {
    if (!(await isRunning(watcher, asked))) return { next: 'run' }
    return isLate ? ended(notStarted('an earlier one still runs')) : { next: 'wait' }
  }
  const task = await described(watcher, asked, asked.task)
  if (task === undefined) return ended(notStarted('ECS does not know it any more'))
  if (task.lastStatus !== 'STOPPED') {
    if (!isLate) return { next: 'wait' }
    await stop(watcher, asked, asked.task)
    return ended(tooLate(deadlineOf(watcher, asked)))
  }
  if (exitCodeOf(task, asked.container) === 0) return { next: 'deploy' }
  const failure = await explainTask(watcher, task)
  await noteFailure(watcher.table, service, rolling.record, failure)
  return ended(failed(failure))
}

const deadlineOf = ({ deadlineSeconds }: Watcher, asked: Before): number =>
  asked.deadlineSeconds ?? deadlineSeconds

const clusterOf = ({ serviceArn }: Before): string => serviceOf(serviceArn).split('/')[0] ?? ''

async function isRunning({ ecs }: Watcher, asked: Before): Promise<boolean> {
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster: clusterOf(asked), startedBy: asked.startedBy }),
  )
  return taskArns.length > 0
}

async function described({ ecs }: Watcher, asked: Before, task: string): Promise<Task | undefined> {
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: clusterOf(asked), tasks: [task] }),
  )
  return tasks[0]
}

const stop = ({ ecs }: Watcher, asked: Before, task: string) =>
  ecs.send(
    new StopTaskCommand({
      cluster: clusterOf(asked),
      task,
      reason: 'It did not end before the deadline of its roll-out.',
    }),
  )

const exitCodeOf = ({ containers = [] }: Task, name: string): number | undefined =>
  containers.find((one) => one.name === name)?.exitCode

const BEFORE = 'the task before the deployment'
const UNTOUCHED = 'the service was left as it is'

const failed = (failure: Failure): Outcome => ({
  next: 'record',
  ...blameFor(failure),
  reason: `${BEFORE} failed, ${UNTOUCHED}: ${sentence(failure)}`,
})

/** What its command does not end is the image's. */
const tooLate = (seconds: number): Outcome => ({
  next: 'record',
  verdict: 'rolled-back',
  tried: 'rolled-back',
  reason: `${BEFORE} had not ended after ${Math.round(seconds / 60)} minutes and was stopped, ${UNTOUCHED}`,
})

const notStarted = (why: string): Outcome => ({
  next: 'record',
  verdict: 'failed',
  tried: 'failed',
  reason: `${BEFORE} could not be run, ${UNTOUCHED}: ${why}`,
})
