import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs'
import { ListTasksCommand, type TaskDefinition } from '@aws-sdk/client-ecs'
import type { InputOf } from '../../../domain/acts/inputs.ts'
import { cut } from '../../../domain/text.ts'
import type { Acting } from './acting.ts'
import { read, type Said } from './outcome.ts'
import { whatRuns } from './running.ts'
import { type Found, findService, isSaid } from './services.ts'

/** Lines of an answer, and characters of each. */
const LAST = { lines: 15, characters: 200 }
/** The same for whoever goes on reading from an instant. */
const SINCE = { lines: 200, characters: 1_000 }
/** Pages that may be empty although more follow. */
const MOST_PAGES = 4

type Line = { at: string; message: string }

/** `logs <service>`: the last lines of one of its tasks, or those since an instant. */
export async function logs(acting: Acting, input: InputOf<'logs'>): Promise<Said> {
  const found = await findService(acting, input.service)
  if (isSaid(found)) return found
  const { name } = found
  const { taskDefinition } = await whatRuns(acting, found)
  const place = logOf(taskDefinition)
  const nothing = { service: name, lines: [] }
  if (place === undefined)
    return read(`${name} does not log to CloudWatch Logs (awslogs).`, nothing)
  const task = (await taskOf(acting, found, 'RUNNING')) ?? (await taskOf(acting, found, 'STOPPED'))
  if (task === undefined) {
    return read(`${name} runs no task, and has stopped none lately.`, nothing)
  }
  const stream = `${place.prefix}/${place.container}/${task}`
  const lines = await linesOf(acting, place.group, stream, input.since)
  const data = { service: name, task, lines }
  if (lines.length === 0) return read(`Task ${task} of ${name} has logged nothing.`, data)
  // A message of Slack has room for a few; a program reads the rest of `data`.
  const text = lines
    .slice(-LAST.lines)
    .map(({ message }) => cut(message, LAST.characters))
    .join('\n')
    .replaceAll('`', 'ˋ')
  return read(`The last lines of ${name}, task ${task}:\n\`\`\`\n${text}\n\`\`\``, data)
}

/** Where the first container logs whose log is in CloudWatch. */
function logOf({ containerDefinitions = [] }: TaskDefinition) {
  for (const { name = '', logConfiguration } of containerDefinitions) {
    const group = logConfiguration?.options?.['awslogs-group']
    const prefix = logConfiguration?.options?.['awslogs-stream-prefix']
    if (logConfiguration?.logDriver === 'awslogs' && group && prefix) {
      return { container: name, group, prefix }
    }
  }
  return undefined
}

async function taskOf(
  { ecs }: Acting,
  { managed }: Found,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<string | undefined> {
  const [cluster = ''] = managed.id.split('/')
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster, serviceName: managed.arn, desiredStatus, maxResults: 1 }),
  )
  return taskArns[0]?.split('/').at(-1)
}

async function linesOf(
  { logs: client }: Acting,
  logGroupName: string,
  logStreamName: string,
  since: string | undefined,
): Promise<Line[]> {
  const { lines, characters } = since === undefined ? LAST : SINCE
  const from = since === undefined ? {} : { startTime: Date.parse(since), startFromHead: true }
  const place = { logGroupName, logStreamName, limit: lines, ...from }
  try {
    const events = await pageWithEvents(client, place)
    return events.map(({ timestamp = 0, message = '' }) => ({
      at: new Date(timestamp).toISOString(),
      message: cut(message, characters),
    }))
  } catch (error) {
    // A container that has not started yet has no stream: there are no lines.
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return []
    throw error
  }
}

/**
 * A page may be empty although there is more in the direction one reads in; its token is then
 * another. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
async function pageWithEvents(client: CloudWatchLogsClient, place: GetLogEventsCommandInput) {
  let nextToken: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await client.send(
      new GetLogEventsCommand({ ...place, ...(nextToken !== undefined && { nextToken }) }),
    )
    const { events = [], nextForwardToken, nextBackwardToken } = answer
    const next = place.startFromHead ? nextForwardToken : nextBackwardToken
    if (events.length > 0 || next === nextToken) return events
    nextToken = next
  }
  return []
}
