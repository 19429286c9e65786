import type { LogStream } from '@aws-sdk/client-cloudwatch-logs'
import type { Task } from '@aws-sdk/client-ecs'
import { startedByHand } from './start.ts'
import type { RunView } from './view.ts'

/** Runs that are shown: of a job that runs each night, three weeks. */
const SHOWN = 20

/**
 * The runs of a job, the newest first: those that ECS still describes, and older ones of which
 * only the log is left. ECS forgets a stopped task after an hour.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
 */
export function runsOf(tasks: readonly Task[], streams: readonly LogStream[]): RunView[] {
  const described = tasks.map(runOf)
  const known = new Set(described.map(({ task }) => task))
  const logged = streams.flatMap(loggedRun).filter(({ task }) => !known.has(task))
  return [...described, ...logged]
    .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, SHOWN)
}

const iso = (instant: Date | number): string => new Date(instant).toISOString()

function runOf(task: Task): RunView {
  const { taskArn = '', createdAt = 0, stoppedAt, startedBy, containers = [] } = task
  const by = startedByHand(startedBy)
  const digest = containers.find(({ imageDigest }) => imageDigest !== undefined)?.imageDigest
  return {
    task: taskArn.split('/').at(-1) ?? '',
    at: iso(createdAt),
    ...(stoppedAt !== undefined && { until: iso(stoppedAt) }),
    ...(by !== undefined && { by }),
    ...(digest !== undefined && { digest }),
    ...resultOf(task),
  }
}

function resultOf({ lastStatus, desiredStatus, containers = [], ...task }: Task) {
  if (lastStatus !== 'STOPPED') {
    const word = lastStatus === 'RUNNING' ? ('running' as const) : ('starting' as const)
    const says = desiredStatus === 'STOPPED' ? 'It is being stopped.' : ''
    return { word, tone: 'going' as const, says }
  }
  const failed = containers.find(({ exitCode }) => exitCode !== 0)
  if (failed === undefined && containers.length > 0) {
    return { word: 'succeeded' as const, tone: 'good' as const, says: '' }
  }
  const code = failed?.exitCode === undefined ? '' : `${failed.name} ended with ${failed.exitCode}`
  const reason = failed?.reason ?? task.stoppedReason ?? ''
  const says = [code, reason].filter((part) => part !== '').join(': ')
  return { word: 'failed' as const, tone: 'bad' as const, says }
}

/** A stream is named `<prefix>/<container>/<task>`; what comes otherwise is of no run. */
function loggedRun({ logStreamName = '', firstEventTimestamp, lastEventTimestamp }: LogStream) {
  const [, , task] = logStreamName.split('/')
  if (task === undefined || firstEventTimestamp === undefined) return []
  return [
    {
      task,
      at: iso(firstEventTimestamp),
      ...(lastEventTimestamp !== undefined && { until: iso(lastEventTimestamp) }),
      ...{ word: 'ended' as const, tone: 'quiet' as const, says: '' },
    },
  ]
}
