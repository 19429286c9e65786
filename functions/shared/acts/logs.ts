import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ListTasksCommand, type TaskDefinition } from '@aws-sdk/client-ecs'
import { cut } from '../../../domain/text.ts'
import type { Acting } from './acting.ts'
import { read, type Said } from './outcome.ts'
import { whatRuns } from './running.ts'
import { type Found, findService, isSaid } from './services.ts'

const LINES = 15
const LINE_CHARACTERS = 200

/** `logs <service>`: the last lines of one of its tasks. */
export async function logs(acting: Acting, { service }: { service: string }): Promise<Said> {
  const found = await findService(acting, service)
  if (isSaid(found)) return found
  const { name } = found
  const { taskDefinition } = await whatRuns(acting, found)
  const place = logOf(taskDefinition)
  if (place === undefined) return read(`${name} does not log to CloudWatch Logs (awslogs).`)
  const task = (await taskOf(acting, found, 'RUNNING')) ?? (await taskOf(acting, found, 'STOPPED'))
  if (task === undefined) return read(`${name} runs no task, and has stopped none lately.`)
  const stream = `${place.prefix}/${place.container}/${task}`
  const lines = await lastLines(acting, place.group, stream)
  if (lines.length === 0) return read(`Task ${task} of ${name} has logged nothing.`)
  const text = lines.join('\n').replaceAll('`', 'ˋ')
  return read(`The last lines of ${name}, task ${task}:\n\`\`\`\n${text}\n\`\`\``)
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

async function lastLines(
  { logs: client }: Acting,
  logGroupName: string,
  logStreamName: string,
): Promise<string[]> {
  try {
    const { events = [] } = await client.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, limit: LINES }),
    )
    return events.map(({ message = '' }) => cut(message, LINE_CHARACTERS))
  } catch (error) {
    // A container that has not started yet has no stream: there are no lines.
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return []
    throw error
  }
}
