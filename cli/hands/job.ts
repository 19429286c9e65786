import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs'
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { readCatalog } from '../../catalog/read.ts'
import { requestOf, scheduleName } from '../../local/console/job/start.ts'
import { configurationOf, explained } from '../asking/configuration.ts'
import { type PlaceOptions, placeOf } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage.ts'
import { oneOf } from './catalog.ts'

/**
 * Characters of the overrides of a task, as JSON.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
 */
const MOST_CHARACTERS = 8192

/**
 * Runs a job out of turn, as its schedule would: the same definition, network and capacity.
 *
 * @param words in place of the command of its file or image, for this run alone; none leave it.
 * @throws UsageError where they are more than ECS takes.
 */
export async function runJob(
  job: string,
  words: readonly string[],
  options: PlaceOptions & { json?: boolean | undefined },
  terminal: Terminal,
): Promise<number> {
  const jobs = readCatalog(options.catalog).services.filter(({ kind }) => kind === 'job')
  oneOf(
    'job',
    job,
    jobs.map(({ name }) => name),
  )
  const instead = words.length === 0 ? undefined : { container: job, command: words }
  fits(instead)
  const place = await placeOf(options, terminal)
  if (place.assumed !== undefined) terminal.tell(place.assumed)
  try {
    const configuration = await configurationOf(place)
    const scheduled = await new SchedulerClient(configuration).send(
      new GetScheduleCommand({ Name: scheduleName(place.environment, job) }),
    )
    const { tasks = [], failures = [] } = await new ECSClient(configuration).send(
      new RunTaskCommand(requestOf(scheduled.Target, place.as, instead)),
    )
    const arns = tasks.map(({ taskArn = '' }) => taskArn)
    if (failures.length > 0 || arns.length === 0) {
      throw new Problem(
        `ECS did not start ${job}: ${failures.map(({ reason }) => reason).join('; ') || 'it gives no reason'}.`,
      )
    }
    const log = `/${place.environment}-${job}`
    const said = { job, ...(instead && { command: words }), tasks: arns, log }
    if (options.json) terminal.out(JSON.stringify(said, undefined, 2))
    else {
      const ids = arns.map((arn) => arn.split('/').at(-1)).join(', ')
      const as = instead === undefined ? '' : ` with ${JSON.stringify(words)}`
      terminal.say(`Started: ${job}${as}, task ${ids}. Its log: \`aws logs tail ${log} --follow\``)
    }
    return 0
  } catch (error) {
    throw explained(error, place)
  }
}

function fits(instead: { container: string; command: readonly string[] } | undefined): void {
  const length = JSON.stringify({ containerOverrides: [instead] }).length
  if (length <= MOST_CHARACTERS) return
  throw new UsageError(
    `The words behind --: found ${length} characters as ECS counts them, allowed: ${MOST_CHARACTERS}. Put them where the job reads them itself, such as its bucket.`,
  )
}
