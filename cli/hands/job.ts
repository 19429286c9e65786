import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs'
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { readCatalog } from '../../catalog/read.ts'
import { requestOf, scheduleName } from '../../local/console/job/start.ts'
import { configurationOf, explained } from '../asking/configuration.ts'
import { type PlaceOptions, placeOf } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import { oneOf } from './catalog.ts'

/** Runs a job out of turn, as its schedule would: the same definition, network and capacity. */
export async function runJob(
  job: string,
  options: PlaceOptions & { json?: boolean | undefined },
  terminal: Terminal,
): Promise<number> {
  const jobs = readCatalog(options.catalog).services.filter(({ kind }) => kind === 'job')
  oneOf(
    'job',
    job,
    jobs.map(({ name }) => name),
  )
  const place = await placeOf(options, terminal)
  if (place.assumed !== undefined) terminal.tell(place.assumed)
  try {
    const configuration = await configurationOf(place)
    const scheduled = await new SchedulerClient(configuration).send(
      new GetScheduleCommand({ Name: scheduleName(place.environment, job) }),
    )
    const { tasks = [], failures = [] } = await new ECSClient(configuration).send(
      new RunTaskCommand(requestOf(scheduled.Target, place.as)),
    )
    const arns = tasks.map(({ taskArn = '' }) => taskArn)
    if (failures.length > 0 || arns.length === 0) {
      throw new Problem(
        `ECS did not start ${job}: ${failures.map(({ reason }) => reason).join('; ') || 'it gives no reason'}.`,
      )
    }
    const log = `/${place.environment}-${job}`
    if (options.json) terminal.out(JSON.stringify({ job, tasks: arns, log }, undefined, 2))
    else {
      const ids = arns.map((arn) => arn.split('/').at(-1)).join(', ')
      terminal.say(`Started: ${job}, task ${ids}. Its log: \`aws logs tail ${log} --follow\``)
    }
    return 0
  } catch (error) {
    throw explained(error, place)
  }
}
