import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs'
import { configurationOf, explained } from '../asking/configuration.ts'
import { type Place, type PlaceOptions, placeOf } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
import { serviceNamed } from './catalog.ts'
import { needsMachines, needsSessions } from './plugin.ts'

/**
 * Runs a command in a container of a service: a shell where none is named.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 *
 * @returns what the AWS CLI ends with.
 */
export async function exec(
  service: string,
  command: readonly string[],
  options: PlaceOptions,
  terminal: Terminal,
): Promise<number> {
  const { cluster } = serviceNamed(service, options.catalog)
  const place = await placeOf(options, terminal)
  needsMachines(place, 'there is no shell to open')
  needsSessions(terminal)
  const words = await execWords(place, { service, cluster }, command)
  return terminal.runs('aws', words)
}

/** The words of the AWS CLI. @throws Problem when no task of the service runs. */
export async function execWords(
  place: Place,
  { service, cluster }: { service: string; cluster: string },
  command: readonly string[],
): Promise<string[]> {
  const inCluster = `${place.environment}-${cluster}`
  const task = await runningTask(place, inCluster, service)
  const what = command.length === 0 ? 'sh' : command.join(' ')
  return [
    ...['ecs', 'execute-command', '--region', place.region, '--cluster', inCluster],
    ...['--task', task, '--container', service, '--interactive', '--command', what],
  ]
}

async function runningTask(place: Place, cluster: string, serviceName: string): Promise<string> {
  try {
    const ecs = new ECSClient(await configurationOf(place))
    const { taskArns = [] } = await ecs.send(
      new ListTasksCommand({ cluster, serviceName, desiredStatus: 'RUNNING' }),
    )
    const [task] = taskArns
    if (task !== undefined) return task
  } catch (error) {
    throw explained(error, place)
  }
  throw new Problem(
    `No task of ${serviceName} runs: \`npx caretaker why ${serviceName}\` says why, \`npx caretaker wake ${serviceName}\` wakes it.`,
  )
}
