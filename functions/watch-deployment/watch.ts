import type { Logger } from '@aws-lambda-powertools/logger'
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ECSClient } from '@aws-sdk/client-ecs'
import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn'
import { serviceOf } from '../../domain/arn.ts'
import type { Failure } from '../../domain/table/record.ts'
import type { Rolling, ServiceState } from '../../domain/table/service-state.ts'
import { readStoredOf } from '../shared/roll-out/stored.ts'
import type { Table } from '../shared/table/table.ts'
import type { Wait } from './contract.ts'
import { type DeploymentStatus, deploymentStatus, type Watched } from './deployment.ts'
import { explain } from './explain.ts'
import { keepToken, noteProgress } from './notes.ts'
import { errorFor } from './outcome.ts'

export type Watcher = {
  ecs: ECSClient
  ecr: ECRClient
  logs: CloudWatchLogsClient
  sfn: SFNClient
  table: Table
  log: Logger
  now: Date
  deadlineSeconds: number
}

/** The roll-out this was about is over, or is somebody else's now. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost'
}

/**
 * The machine waits from now on. The deployment may have ended before the token was kept, and then
 * no event comes any more: so it is looked at once.
 *
 * @throws ClaimLost
 */
export async function wait(watcher: Watcher, asked: Wait) {
  const { service, serviceArn, execution, token, taskDefinition, first } = asked
  const kept = await keepToken(watcher.table, service, execution, {
    token,
    taskDefinition,
    first,
  })
  if (!kept) throw new ClaimLost(`${service}: the roll-out has been taken over`)
  const since = watcher.now.toISOString()
  const watched = { taskDefinition, first, since, fresh: true }
  const status = await deploymentStatus(watcher.ecs, serviceArn, watched)
  if (status.judgement.state === 'in-progress') return status.judgement
  return checkDeployment(watcher, serviceArn)
}

/** An event says that something happened to this service: how is its deployment? */
export async function checkDeployment(watcher: Watcher, serviceArn: string) {
  const service = serviceOf(serviceArn)
  const { rolling } = await stateOf(watcher.table, service)
  if (rolling?.token === undefined || rolling.taskDefinition === undefined) {
    return { state: 'unwatched', reason: 'no roll-out waits for a deployment of this service' }
  }
  const status = await deploymentStatus(watcher.ecs, serviceArn, watchedIn(rolling, watcher.now))
  const failure =
    status.failures === 0 ? undefined : await whyItFailed(watcher, serviceArn, rolling)
  await note(watcher, service, rolling, status, failure)
  const { judgement } = status
  if (judgement.state === 'in-progress') return judgement
  await answerTask(watcher, rolling.token, status, errorFor(judgement, failure))
  return judgement
}

/**
 * How long reads of ECS may show what was before a change: they are eventually consistent, and AWS
 * does not say how soon. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
const STALE_MILLISECONDS = 60_000

export function watchedIn(
  { taskDefinition = '', first = false, since, deployedAt }: Rolling,
  now: Date,
): Watched {
  const age = deployedAt === undefined ? STALE_MILLISECONDS : now.getTime() - Date.parse(deployedAt)
  return { taskDefinition, first, since, fresh: age < STALE_MILLISECONDS }
}

/**
 * Why tasks of the revision stopped by themselves.
 *
 * @param since of a deployment that has completed: failures after that count, not before.
 */
export function whyItFailed(
  { ecs, logs }: Watcher,
  serviceArn: string,
  { taskDefinition = '' }: Rolling,
  since?: Date,
): Promise<Failure | undefined> {
  const [cluster = '', service = ''] = serviceOf(serviceArn).split('/')
  return explain({ ecs, logs }, { cluster, service, taskDefinition }, since)
}

/** What is noted is worth reading while the roll-out is under way; afterwards it is left out. */
export async function note(
  { table, log, now }: Watcher,
  service: string,
  rolling: Rolling,
  { progress, steadyAt }: DeploymentStatus,
  failure: Failure | undefined,
): Promise<void> {
  const noted = {
    ...progress,
    at: now.toISOString(),
    ...(steadyAt === undefined ? {} : { steadyAt: steadyAt.toISOString() }),
  }
  const done = await noteProgress(table, service, rolling.record, noted, failure)
  if (!done) log.info('the record has its verdict already', { record: rolling.record })
}

/** Answers the machine. A token that has been answered already has nothing to be told. */
async function answerTask(
  { sfn, log }: Watcher,
  taskToken: string,
  { steadyAt }: DeploymentStatus,
  error: Error | undefined,
): Promise<void> {
  const output = JSON.stringify({ steadyAt: steadyAt?.toISOString() ?? null })
  try {
    await (error === undefined
      ? sfn.send(new SendTaskSuccessCommand({ taskToken, output }))
      : sfn.send(
          new SendTaskFailureCommand({
            taskToken,
            error: error.name,
            cause: JSON.stringify({ errorType: error.name, errorMessage: error.message }),
          }),
        ))
  } catch (refused) {
    if (!(refused instanceof Error) || !ANSWERED.includes(refused.name)) throw refused
    log.info('the machine has been told already', { refused: refused.name })
  }
}

const ANSWERED = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']

/** What the table says of the service; nothing when it has none. */
export const stateOf = async (table: Table, service: string): Promise<Partial<ServiceState>> =>
  (await readStoredOf(table, service)).state ?? {}
