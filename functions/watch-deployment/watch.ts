import type { Logger } from '@aws-lambda-powertools/logger'
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs'
import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn'
import type { Failure, Rolling, ServiceState } from '../../domain/record.ts'
import { STATE, serviceOf, servicePartition } from '../../domain/record.ts'
import type { Table } from '../shared/table.ts'
import type { Check, Wait } from './contract.ts'
import { explain } from './explain.ts'
import { type Judgement, judge, progressOf } from './judge.ts'
import { NotOurs, type WatchLedger } from './ledger.ts'
import { errorFor, RollBackNeeded, sentence } from './outcome.ts'

export type Watcher = {
  ecs: ECSClient
  logs: CloudWatchLogsClient
  sfn: SFNClient
  table: Table
  ledger: WatchLedger
  log: Logger
  now: Date
}

/** ECS has no deployment of the service at all: it was deleted under our hands. */
export class DeploymentGone extends Error {
  override readonly name = 'DeploymentGone'
}

/** The machine waits from now on. The deployment may have ended before the token was kept. */
export async function wait(watcher: Watcher, asked: Wait) {
  const { service, serviceArn, execution, token, taskDefinition, first } = asked
  const deployment = await newest(watcher.ecs, serviceArn)
  await watcher.ledger.keepToken(service, execution, { token, deployment, taskDefinition, first })
  return look(watcher, serviceArn)
}

/** An event says that something happened to this service: how is its deployment? */
export async function look(watcher: Watcher, serviceArn: string) {
  const service = serviceOf(serviceArn)
  const { rolling } = (await stateOf(watcher.table, service)) ?? {}
  if (rolling?.token === undefined || rolling.deployment === undefined) {
    return { state: 'unwatched', reason: 'no roll-out waits for a deployment of this service' }
  }
  const deployment = await describe(watcher.ecs, rolling.deployment)
  const judgement = judge(deployment, { first: rolling.first ?? false })
  const failure = await failureOf(watcher, serviceArn, rolling, deployment)
  await note(watcher, service, rolling, deployment, failure)
  if (judgement.state === 'in-progress') return judgement
  await tell(watcher, rolling.token, errorFor(judgement, failure))
  await quietly(watcher.log, () => watcher.ledger.dropToken(service, rolling.token ?? ''))
  return judgement
}

/**
 * Whether what was deployed is good now: ECS calls it complete, it is still what the service
 * runs, and no task of it has stopped by itself since.
 *
 * @throws DeploymentEnded, RollBackNeeded
 */
export async function check(watcher: Watcher, asked: Check) {
  const { service, serviceArn, execution, first, bakeSeconds, verdict } = asked
  const { rolling, waiting = false } = (await stateOf(watcher.table, service)) ?? {}
  if (rolling?.execution !== execution) {
    throw new NotOurs(`${service}: the roll-out has been taken over`)
  }
  const deployment = await describe(watcher.ecs, rolling.deployment ?? '')
  const judgement = await unlessReplaced(
    watcher.ecs,
    serviceArn,
    rolling,
    judge(deployment, { first }),
  )
  const held = judgement.state === 'succeeded'
  const since = held ? deployment.finishedAt : undefined
  const failure = await failureOf(watcher, serviceArn, rolling, deployment, since)
  const ended = errorFor(judgement, failure)
  if (ended !== undefined) throw ended
  if (!held || failure !== undefined) {
    await note(watcher, service, rolling, deployment, failure)
    const what = held
      ? `it started, then failed within ${bakeSeconds} s`
      : 'it was not steady in time'
    const why = failure === undefined ? '' : `: ${sentence(failure)}`
    throw new RollBackNeeded({ verdict: 'rolled-back', reason: `${what}${why}` })
  }
  const reason =
    verdict === 'staged'
      ? 'the service is asleep: the image runs when it wakes'
      : `all tasks have stayed healthy for ${bakeSeconds} seconds`
  return { verdict, reason, waiting }
}

/** A deployment that is complete stays so when somebody deploys over it: then ours is not what runs. */
async function unlessReplaced(
  ecs: ECSClient,
  serviceArn: string,
  { taskDefinition }: Rolling,
  judgement: Judgement,
): Promise<Judgement> {
  if (judgement.state !== 'succeeded') return judgement
  const cluster = serviceOf(serviceArn).split('/')[0]
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [serviceArn] }),
  )
  const runs = services[0]?.taskDefinition
  if (runs === undefined) throw new DeploymentGone(`${serviceArn} is not there any more`)
  if (runs === taskDefinition) return judgement
  return { state: 'replaced', reason: `the service runs ${runs.split('/').at(-1)} now` }
}

/**
 * The casualties of the deployment; a look costs two more calls, so only if there can be some.
 *
 * @param since of a deployment that has completed: failures after that count, not before.
 */
async function failureOf(
  { ecs, logs }: Watcher,
  serviceArn: string,
  { taskDefinition = '' }: Rolling,
  deployment: ServiceDeployment,
  since?: Date,
): Promise<Failure | undefined> {
  const failures = deployment.deploymentCircuitBreaker?.failureCount ?? 0
  if (since === undefined && failures === 0) return undefined
  const [cluster = '', service = ''] = serviceOf(serviceArn).split('/')
  return explain({ ecs, logs }, { cluster, service, taskDefinition }, since)
}

async function note(
  { ledger, log, now }: Watcher,
  service: string,
  rolling: Rolling,
  deployment: ServiceDeployment,
  failure: Failure | undefined,
): Promise<void> {
  const progress = { ...progressOf(deployment), at: now.toISOString() }
  const steady = deployment.status === 'SUCCESSFUL' ? deployment.finishedAt : undefined
  const noted = steady === undefined ? progress : { ...progress, steadyAt: steady.toISOString() }
  await quietly(log, () => ledger.progress(service, rolling.record, noted, failure))
}

/** Answers the machine. A token that has been answered already has nothing to be told. */
async function tell({ sfn, log }: Watcher, taskToken: string, error: Error | undefined) {
  const answer =
    error === undefined
      ? new SendTaskSuccessCommand({ taskToken, output: '{}' })
      : new SendTaskFailureCommand({
          taskToken,
          error: error.name,
          cause: JSON.stringify({ errorType: error.name, errorMessage: error.message }),
        })
  try {
    await sfn.send(answer as SendTaskSuccessCommand)
  } catch (refused) {
    if (!(refused instanceof Error) || !ANSWERED.includes(refused.name)) throw refused
    log.info('the machine has been told already', { refused: refused.name })
  }
}

const ANSWERED = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']

/** A note to a roll-out that has just ended is not worth failing for. */
async function quietly(log: Logger, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof NotOurs)) throw error
    log.info('nothing to note', { reason: error.message })
  }
}

/** The deployment that the machine's `UpdateService` has just begun: the service's newest. */
async function newest(ecs: ECSClient, service: string): Promise<string> {
  const cluster = serviceOf(service).split('/')[0]
  const { serviceDeployments = [] } = await ecs.send(
    new ListServiceDeploymentsCommand({ cluster, service }),
  )
  const [last] = serviceDeployments.toSorted(
    (a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0),
  )
  if (last?.serviceDeploymentArn === undefined) throw new DeploymentGone(`${service} has none`)
  return last.serviceDeploymentArn
}

async function describe(ecs: ECSClient, arn: string): Promise<ServiceDeployment> {
  const { serviceDeployments = [] } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
  )
  const [deployment] = serviceDeployments
  if (deployment === undefined) throw new DeploymentGone(`${arn} is not there any more`)
  return deployment
}

async function stateOf(table: Table, service: string): Promise<ServiceState | undefined> {
  const [state] = await table.get([{ pk: servicePartition(service), sk: STATE }])
  return state as ServiceState | undefined
}
