import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Environment } from '../../catalog/schema.ts'
import { isServiceStack } from '../../domain/stack-names.ts'
import { type Stack, stacksOf } from '../../scripts/assembly.ts'
import { Problem } from '../problem.ts'
import { BOOTSTRAP_STACK, bootstrapOf, checkAccount, deployedStack, whoAmI } from './account.ts'
import { whileAwake } from './awake.ts'
import { keepBounds } from './bounds.ts'
import type { Cdk } from './cdk.ts'
import { deleteDead, deleteStack, type Waiting, whenStill } from './clean-up.ts'
import { whileFrozen } from './freeze.ts'
import { type Limit, limitsFor } from './limits.ts'
import { type Plan, planOf } from './plan.ts'
import { isRolling } from './rolling.ts'
import { parametersFor } from './running.ts'
import { makeRole, missingRoles } from './service-linked-roles.ts'
import { differences, refuseWhileMoving, runningServices, type States } from './services.ts'
import type { Table } from './sleepers.ts'
import { isWhole, type Standing, standingStacks } from './standing.ts'
import { summary } from './summary.ts'
import { databasesOf } from './template-databases.ts'

export type DeployTools = Waiting & {
  cdk: Cdk
  /** Puts the one question; true means go on. */
  ask: (question: string) => Promise<boolean>
  now: () => Date
}

/** Sixty services are sixty stacks, and CloudFormation spends most of its time waiting. */
const AT_ONCE = '5'

/**
 * Deploys the stacks whose templates have changed, and leaves alone what services run. What failed
 * or was ended before is first brought to where it can go on.
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
  const stacks = stacksOf(assembly)
  const standing = await whenStill(() => standingStacks(configuration, environment), tools)
  const plan = planOf(stacks, standing, (name) => isServiceStack(environment, name))
  for (const name of plan.left) print(leftLine(name))
  if (plan.dead.length + plan.waves.length === 0) {
    print(`Nothing to deploy: ${environment.name} is as the catalog says.`)
    return true
  }
  const changed = plan.waves.flatMap((wave) => wave.deploy)
  await showDifferences(assembly, changed, cdk)
  const known = { configuration, account: identity.account, now: tools.now(), print }
  const limits = await limitsFor(changed, standing, known)
  const states = await runningServices(changed, configuration)
  print(summary(identity, environment, plan, { states, limits }))
  if (bootstrap !== 'ready') print(`The CDK's own stack, ${BOOTSTRAP_STACK}, is made first.`)
  if (!(await tools.ask('Deploy this?'))) {
    print('Nothing was changed.')
    return false
  }
  if (bootstrap !== 'ready') {
    await cdk(['bootstrap', `aws://${identity.account}/${environment.region}`, '--app', assembly])
  }
  await makeRoles(changed, standing, tools)
  const dynamodb = new DynamoDBClient(configuration)
  const table = `${environment.name}-caretaker`
  const freeze = { dynamodb, table, by: identity.name, now: tools.now() }
  return whileFrozen(freeze, async () => {
    const before = await runningServices(changed, configuration)
    await refuseWhileMoving(before, (service) => isRolling(dynamodb, table, service))
    const acts = environment.features.sleep === 'act'
    const work = { assembly, plan, before, limits, standing, table: { dynamodb, table } }
    try {
      return await whileAwake(databasesOf(plan, standing), { ...tools, ...work, acts }, () =>
        deployAll(work, tools),
      )
    } catch (error) {
      await tellStates(stacks, environment, tools)
      throw error
    }
  })
}

const leftLine = (name: string): string =>
  `${name} has left the catalog and still stands; it is left alone. To delete it: docs/operations/add-or-remove-a-service.md`

async function showDifferences(assembly: string, changed: readonly Stack[], cdk: Cdk) {
  if (changed.length === 0) return
  const names = changed.map(({ name }) => name)
  await cdk(['diff', ...names, '--app', assembly, '--exclusively', '--method', 'template'])
}

/** Only where a stack is new: whoever changes one need not be allowed to look at roles. */
async function makeRoles(
  changed: readonly Stack[],
  standing: ReadonlyMap<string, Standing>,
  { configuration, print }: Waiting,
): Promise<void> {
  const fresh = changed.filter(({ name }) => !standing.has(name))
  for (const role of await missingRoles(configuration, fresh)) {
    await makeRole(configuration, role)
    print(`Made for the account, as AWS needs it: the role ${role.role}`)
  }
}

type Work = {
  assembly: string
  plan: Plan
  before: States
  limits: readonly Limit[]
  standing: ReadonlyMap<string, Standing>
  table: Table
}

async function deployAll(work: Work, tools: DeployTools): Promise<boolean> {
  const { configuration, interrupted, print } = tools
  const { plan, before } = work
  const changed = plan.waves.flatMap((wave) => wave.deploy)
  const outcome = await Promise.allSettled([runAll(work, tools)])
  // This matters most when the deployment failed.
  const moved = differences(before, await runningServices(changed, configuration))
  for (const line of moved) print(line)
  if (interrupted.aborted) throw new Problem(ENDED)
  if (outcome[0].status === 'rejected') throw outcome[0].reason
  return moved.length === 0
}

const ENDED =
  'The deployment was ended. What CloudFormation has begun it goes on with by itself; run this again, and it waits for that.'

async function runAll(work: Work, tools: DeployTools): Promise<void> {
  const { assembly, plan, before, limits, standing, table } = work
  const { cdk, interrupted, print } = tools
  const known = new Set(stacksOf(assembly).map(({ name }) => name))
  await deleteDead(plan.dead, { assembly, known, cdk }, tools)
  for (const { deploy, remove } of plan.waves) {
    if (interrupted.aborted) return
    if (deploy.length > 0) await cdk(words(assembly, deploy, before, limits))
    if (interrupted.aborted) return
    for (const line of await keepBounds(table, deploy, standing, before)) print(line)
    for (const name of remove) await deleteStack(name, tools)
  }
}

function words(
  assembly: string,
  stacks: readonly Stack[],
  before: States,
  limits: readonly Limit[],
): string[] {
  const parameters = stacks.flatMap(({ name, template }) =>
    Object.entries(parametersFor(before.get(name)?.running, template.Parameters ?? {})).flatMap(
      ([parameter, value]) => ['--parameters', `${name}:${parameter}=${value}`],
    ),
  )
  // Also what is the catalog's: CloudFormation keeps the value of the deployment before.
  const usd = limits
    .filter(({ stack }) => stacks.some(({ name }) => name === stack))
    .flatMap((one) => ['--parameters', `${one.stack}:${one.parameter}=${one.usd}`])
  return [
    'deploy',
    ...stacks.map(({ name }) => name),
    ...['--app', assembly, '--exclusively', '--require-approval', 'never'],
    // Repositories and the table outlive `npx caretaker environment destroy`: the next deployment imports them.
    ...['--concurrency', AT_ONCE, '--import-existing-resources', '--progress', 'events'],
    ...parameters,
    ...usd,
  ]
}

/** After a failure: in which states the stacks are that are not as they should be. */
async function tellStates(
  stacks: readonly Stack[],
  environment: Environment,
  tools: Waiting,
): Promise<void> {
  const standing = await standingStacks(tools.configuration, environment)
  for (const { name } of stacks) {
    const one = standing.get(name)
    if (one === undefined) tools.print(`${name} is not there`)
    else if (!isWhole(one) || one.status === 'UPDATE_ROLLBACK_COMPLETE') {
      tools.print(`${name} is ${one.status}`)
    }
  }
}
