import { isDeepStrictEqual } from 'node:util'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import type { Environment } from '../../catalog/schema.ts'
import { type EcsService, ecsServiceOf, type Stack, stacksOf } from '../../scripts/assembly.ts'
import { Problem } from '../problem.ts'
import {
  BOOTSTRAP_STACK,
  bootstrapOf,
  type Configuration,
  checkAccount,
  deployedStack,
  deployedTemplate,
  type Identity,
  whoAmI,
} from './account.ts'
import type { Cdk } from './cdk.ts'
import { whileFrozen } from './freeze.ts'
import { isRolling } from './rolling.ts'
import { keptLine, parametersFor, type Running, runningOf } from './running.ts'

export type DeployTools = {
  configuration: Configuration
  cdk: Cdk
  print: (line: string) => void
  /** Puts the one question; true means go on. */
  ask: (question: string) => Promise<boolean>
  now: () => Date
}

/** Sixty services are sixty stacks, and CloudFormation spends most of its time waiting. */
const AT_ONCE = '5'

/**
 * Deploys the stacks whose templates have changed, and leaves alone what services run.
 *
 * @param assembly `cdk.out` of the catalog.
 * @returns whether all is as wanted: deployed or nothing to do, and every service runs what it did.
 * @throws Problem before anything was changed, or with the CDK's own message.
 */
export async function deploy(
  assembly: string,
  environment: Environment,
  tools: DeployTools,
): Promise<boolean> {
  const { configuration, cdk, print } = tools
  const identity = await whoAmI(configuration)
  checkAccount(identity, environment)
  const bootstrap = bootstrapOf(await deployedStack(configuration, BOOTSTRAP_STACK))
  const changed = await changedStacks(stacksOf(assembly), configuration)
  if (changed.length === 0) {
    print(`Nothing to deploy: ${environment.name} is as the catalog says.`)
    return true
  }
  const names = changed.map(({ name }) => name)
  await cdk(['diff', ...names, '--app', assembly, '--exclusively', '--method', 'template'])
  const before = await runningServices(changed, configuration)
  print(summary(identity, environment, changed, before))
  if (bootstrap !== 'ready') print(`The CDK's own stack, ${BOOTSTRAP_STACK}, is made first.`)
  if (!(await tools.ask('Deploy this?'))) {
    print('Nothing was changed.')
    return false
  }
  if (bootstrap !== 'ready') {
    await cdk(['bootstrap', `aws://${identity.account}/${environment.region}`, '--app', assembly])
  }
  const dynamodb = new DynamoDBClient(configuration)
  const table = `${environment.name}-caretaker`
  const freeze = { dynamodb, table, by: identity.name, now: tools.now() }
  return whileFrozen(freeze, async () => {
    const before = await runningServices(changed, configuration)
    await refuseWhileMoving(before, (service) => isRolling(dynamodb, table, service))
    return deployAll(assembly, changed, before, tools)
  })
}

/** @throws Problem while a roll-out is under way: what would be kept is about to change. */
async function refuseWhileMoving(
  states: States,
  rolling: (service: EcsService) => Promise<boolean>,
): Promise<void> {
  const moving: string[] = []
  for (const { service, running } of states.values()) {
    if (running?.underWay || (await rolling(service))) moving.push(service.name)
  }
  if (moving.length === 0) return
  throw new Problem(
    `${moving.join(', ')}: a roll-out is under way. Nothing was changed; run this again when it has ended.`,
  )
}

async function deployAll(
  assembly: string,
  changed: readonly Stack[],
  before: States,
  { configuration, cdk, print }: DeployTools,
): Promise<boolean> {
  const parameters = changed.flatMap(({ name, template }) =>
    Object.entries(parametersFor(before.get(name)?.running, template.Parameters ?? {})).flatMap(
      ([parameter, value]) => ['--parameters', `${name}:${parameter}=${value}`],
    ),
  )
  const outcome = await Promise.allSettled([
    cdk([
      'deploy',
      ...changed.map(({ name }) => name),
      ...['--app', assembly, '--exclusively', '--require-approval', 'never'],
      // Repositories and the table outlive `npm run destroy`: the next deployment imports them.
      ...['--concurrency', AT_ONCE, '--import-existing-resources', '--progress', 'events'],
      ...parameters,
    ]),
  ])
  // This matters most when the deployment failed.
  const moved = differences(before, await runningServices(changed, configuration))
  for (const line of moved) print(line)
  if (outcome[0].status === 'rejected') throw outcome[0].reason
  return moved.length === 0
}

/** Stacks whose template differs from the deployed one. The others are not sent to AWS at all. */
export async function changedStacks(
  stacks: readonly Stack[],
  configuration: Configuration,
): Promise<Stack[]> {
  const changed: Stack[] = []
  for (const stack of stacks) {
    const deployed = await deployedTemplate(configuration, stack.name)
    if (!isDeepStrictEqual(deployed, stack.template)) changed.push(stack)
  }
  return changed
}

type States = Map<string, { service: EcsService; running: Running | undefined }>

/** What the services of these stacks run, by the stack's name. */
export async function runningServices(
  stacks: readonly Stack[],
  configuration: Configuration,
): Promise<States> {
  const ecs = new ECSClient(configuration)
  const states: States = new Map()
  for (const stack of stacks) {
    const service = ecsServiceOf(stack)
    if (service === undefined) continue
    states.set(stack.name, { service, running: await runningOf(ecs, service) })
  }
  return states
}

function summary(
  { account, arn }: Identity,
  { name, region }: Environment,
  changed: readonly Stack[],
  states: States,
): string {
  const services = [...states.values()].map(
    ({ service, running }) => `  ${keptLine(service.name, running)}`,
  )
  return [
    '',
    `${name}, account ${account}, ${region}, as ${arn}`,
    `${changed.length} ${changed.length === 1 ? 'stack changes' : 'stacks change'}: ${changed.map((stack) => stack.name).join(', ')}`,
    ...services,
  ].join('\n')
}

/**
 * Services that run another image than before: CloudFormation takes a failed update back to the image
 * of the deployment before it.
 */
export function differences(before: States, after: States): string[] {
  return [...before].flatMap(([name, { service, running: was }]) => {
    const is = after.get(name)?.running
    if (was === undefined || was.placeholder || is === undefined || is.image === was.image) {
      return []
    }
    return [
      `${service.name} ran ${was.image} and runs ${is.image} now. Put it back: docs/operations/roll-back.md`,
    ]
  })
}
