import type * as logs from '@aws-sdk/client-cloudwatch-logs'
import type * as ecs from '@aws-sdk/client-ecs'
import type * as scheduler from '@aws-sdk/client-scheduler'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { nextInstant, readExpression } from '../../aws/schedule/expression.ts'
import { whyNot } from '../reader.ts'
import type { Logged, Reader, Seen } from '../source.ts'
import { runsOf } from './runs.ts'
import { requestOf, scheduleName, startedOf } from './start.ts'
import type { JobView } from './view.ts'

/** How AWS is asked about jobs, with the rights of whoever looks. */
export type JobCalls = {
  schedule(input: scheduler.GetScheduleCommandInput): Promise<scheduler.GetScheduleCommandOutput>
  list(input: ecs.ListTasksCommandInput): Promise<ecs.ListTasksCommandOutput>
  tasks(input: ecs.DescribeTasksCommandInput): Promise<ecs.DescribeTasksCommandOutput>
  definition(
    input: ecs.DescribeTaskDefinitionCommandInput,
  ): Promise<ecs.DescribeTaskDefinitionCommandOutput>
  streams(input: logs.DescribeLogStreamsCommandInput): Promise<logs.DescribeLogStreamsCommandOutput>
  lines(input: logs.GetLogEventsCommandInput): Promise<logs.GetLogEventsCommandOutput>
  /** @param by in whose name, where one may be anybody. */
  run(input: ecs.RunTaskCommandInput, by: string): Promise<ecs.RunTaskCommandOutput>
}

type Where = { environment: string; timeZone: string }

/** Streams that are asked for: some more than runs are shown, as a task may have several. */
const STREAMS = 40
/** Lines of a log that are shown at first, and those that came since. */
const LINES = 200

/** A job's schedule, its runs and their logs, as AWS has them. */
export class Jobs {
  readonly #calls: JobCalls
  readonly #where: Where

  constructor(calls: JobCalls, where: Where) {
    this.#calls = calls
    this.#where = where
  }

  /** Null where the catalog has no job of that name. */
  async see(name: string, { teams, alarms, reader }: Seen, now: Date): Promise<JobView | null> {
    const { catalog } = teams
    const job = jobIn(catalog, name)
    if (job === undefined) return null
    const schedule = await this.#scheduled(name)
    const { taskDefinition = {} } = await this.#definitionOf(schedule)
    const mayNot = whyNot(reader, job.team)
    const members = catalog.teams[job.team]?.members ?? []
    return {
      ...{ name, team: job.team, cluster: job.cluster },
      image: imageOf(taskDefinition),
      size: sizeOf(taskDefinition, schedule),
      schedule: whenOf(schedule, this.#where.timeZone, now),
      runs: runsOf(
        await this.#tasksOf(taskDefinition, job.cluster),
        await this.#streamsOf(taskDefinition),
      ),
      alarms: alarms
        .filter(({ service }) => service === name)
        .map(({ name: alarm, isRed, reason }) => ({ name: alarm, isRed, why: reason })),
      acts: [
        {
          label: 'Run now',
          text: `job run ${name}`,
          does: 'Starts it out of turn, as its schedule would: with the newest image of its tag.',
        },
      ],
      people: [...members, ...catalog.operators.members].map(({ email }) => email),
      ...(mayNot !== undefined && { mayNot }),
    }
  }

  /** What one of its runs has logged, its last lines or those since an instant. */
  async log(name: string, task: string, since?: string): Promise<Logged> {
    const { taskDefinition = {} } = await this.#definitionOf(await this.#scheduled(name))
    const place = logOf(taskDefinition)
    if (place === undefined) {
      return { task, lines: [], says: `${name} does not log to CloudWatch Logs (awslogs).` }
    }
    const from = since === undefined ? {} : { startTime: Date.parse(since), startFromHead: true }
    const logStreamName = `${place.prefix}/${place.container}/${task}`
    const nothing = { task, lines: [], says: 'It has logged nothing, or not yet.' }
    try {
      const asked = { logGroupName: place.group, logStreamName, limit: LINES, ...from }
      const { events = [] } = await this.#calls.lines(asked)
      const lines = events.map(({ timestamp = 0, message = '' }) => ({
        ...{ at: new Date(timestamp).toISOString(), message },
      }))
      return lines.length === 0 ? nothing : { task, lines, says: '' }
    } catch (error) {
      // A task that has not started yet has no stream.
      if ((error as Error).name === 'ResourceNotFoundException') return nothing
      throw error
    }
  }

  /** Runs it out of turn. @returns a sentence that says so. @throws Error with why it was not started. */
  async start(
    name: string,
    by: string,
    { teams, reader }: { teams: { catalog: CompiledCatalog }; reader: Reader },
  ): Promise<string> {
    const job = jobIn(teams.catalog, name)
    if (job === undefined) throw new Error(`The catalog has no job ${name}`)
    const mayNot = whyNot(reader, job.team)
    if (mayNot !== undefined) throw new Error(mayNot)
    const { Target } = await this.#scheduled(name)
    const { tasks = [], failures = [] } = await this.#calls.run(requestOf(Target, by), by)
    const [started] = tasks
    if (failures.length > 0 || started === undefined) {
      const why = failures.map(({ reason }) => reason).join('; ')
      throw new Error(`ECS did not start ${name}: ${why || 'it gives no reason'}.`)
    }
    const ids = tasks.map(({ taskArn = '' }) => taskArn.split('/').at(-1)).join(', ')
    return `Started ${name}, asked for by ${by}: task ${ids}.`
  }

  #scheduled(name: string) {
    return this.#calls.schedule({ Name: scheduleName(this.#where.environment, name) })
  }

  #definitionOf({ Target }: scheduler.GetScheduleCommandOutput) {
    const taskDefinition = startedOf(Target)?.EcsParameters?.TaskDefinitionArn
    return this.#calls.definition({ taskDefinition })
  }

  async #tasksOf({ family }: ecs.TaskDefinition, cluster: string): Promise<ecs.Task[]> {
    const arns: string[] = []
    for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
      const listed = await this.#calls.list({ cluster, family, desiredStatus })
      arns.push(...(listed.taskArns ?? []))
    }
    if (arns.length === 0) return []
    const { tasks = [] } = await this.#calls.tasks({ cluster, tasks: arns.slice(0, 100) })
    return tasks
  }

  async #streamsOf(definition: ecs.TaskDefinition): Promise<logs.LogStream[]> {
    const place = logOf(definition)
    if (place === undefined) return []
    const asked = { logGroupName: place.group, orderBy: 'LastEventTime', descending: true } as const
    const { logStreams = [] } = await this.#calls.streams({ ...asked, limit: STREAMS })
    const own = `${place.prefix}/${place.container}/`
    return logStreams.filter(({ logStreamName = '' }) => logStreamName.startsWith(own))
  }
}

function jobIn({ services }: CompiledCatalog, name: string) {
  const found = Object.hasOwn(services, name) ? services[name] : undefined
  return found?.kind === 'job' ? found : undefined
}

/** Of the first container, which is the job's own. */
function imageOf({ containerDefinitions = [] }: ecs.TaskDefinition): string {
  return (containerDefinitions[0]?.image ?? '').split('/').slice(1).join('/')
}

function sizeOf(
  { cpu, memory }: ecs.TaskDefinition,
  { Target }: { Target?: scheduler.Target | undefined },
) {
  const [provider] = startedOf(Target)?.EcsParameters?.CapacityProviderStrategy ?? []
  const spare = provider?.capacityProvider === 'FARGATE_SPOT' ? ', on spare capacity' : ''
  return `${Number(cpu) / 1024} vCPU, ${memory} MiB${spare}`
}

/** Where its first container logs whose log is in CloudWatch. */
function logOf({ containerDefinitions = [] }: ecs.TaskDefinition) {
  for (const { name = '', logConfiguration } of containerDefinitions) {
    const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } =
      logConfiguration?.options ?? {}
    if (group && prefix) return { container: name, group, prefix }
  }
  return undefined
}

function whenOf(
  schedule: scheduler.GetScheduleCommandOutput,
  usual: string,
  now: Date,
): JobView['schedule'] {
  const { ScheduleExpression = '', State, CreationDate = 0 } = schedule
  const timeZone = schedule.ScheduleExpressionTimezone ?? usual
  const isOn = State !== 'DISABLED'
  const read = readExpression(ScheduleExpression)
  const counting = { since: new Date(CreationDate).getTime(), zone: timeZone }
  const next = read && isOn ? nextInstant(read, now.getTime(), counting) : undefined
  return {
    ...{ expression: ScheduleExpression, timeZone, isOn },
    ...(next !== undefined && { next: new Date(next).toISOString() }),
  }
}
