import type { Logger } from '@aws-lambda-powertools/logger'
import { type Policy, PolicyError, parsePolicy } from '../../domain/deploy-policy.ts'
import type { Cause, Decision, RollOutDecision } from '../../domain/roll-out/observed.ts'
import { plan } from '../../domain/roll-out/plan.ts'
import { pushOf } from '../../domain/table/record.ts'
import type { Before } from '../../domain/table/service-state.ts'
import { repositoriesOf, TAGS } from '../../domain/tags.ts'
import type { Managed } from '../shared/managed.ts'
import { claim, recordVerdict, recordWaiting, release } from '../shared/roll-out/claims.ts'
import { type Observation, observe, type Sources } from '../shared/roll-out/observe.ts'
import { recordNotTaken, type WriteContext } from '../shared/roll-out/record.ts'
import { withOthersPinned } from '../shared/roll-out/running.ts'
import { readRecord, readStoredOf, type Stored } from '../shared/roll-out/stored.ts'
import type { Table } from '../shared/table/table.ts'
import { before, type RollOut, rollOut } from './prepare.ts'

type Tools = Sources & { log: Logger; bakeSeconds: number }
type When = { execution: string; now: Date; at: string }

/** Nothing is left to do for this service. */
export type Nothing = { action: 'none'; reason: string }

/**
 * A plan is made anew when somebody else claims the service between reading and claiming. Whoever
 * is second then finds a roll-out under way and waits.
 */
const ATTEMPTS = 3

/** The service was claimed by others again and again. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost'
}

/**
 * Decides about one service, and writes what needs only writing.
 *
 * @throws ClaimLost, UnreadableItem
 */
export async function planService(
  tools: Tools,
  managed: Managed,
  cause: Cause,
  when: When,
): Promise<RollOut | Nothing> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const planned = await attemptPlan(tools, managed, cause, when)
    if (planned !== 'claimed by another') return planned
  }
  throw new ClaimLost(`${managed.id} was claimed by others ${ATTEMPTS} times in a row`)
}

async function attemptPlan(
  tools: Tools,
  managed: Managed,
  cause: Cause,
  when: When,
): Promise<RollOut | Nothing | 'claimed by another'> {
  const { table, log } = tools
  const { id: service, arn: serviceArn, tags } = managed
  const owner = tags[TAGS.owner] ?? ''
  const context: WriteContext = { service, serviceArn, owner, ...when }
  const policy = readPolicy(tags)
  if (policy instanceof PolicyError) return unreadable(table, context, policy, cause)
  const push = cause.kind === 'push' ? cause.push : undefined
  const stored = await readStoredOf(table, service, push)
  if (stored.state?.rolling?.execution === when.execution) {
    return resume(tools, managed, { context, stored, policy, cause })
  }
  const observation = await observe(tools, managed, stored, policy, cause)
  const { running } = observation.observed
  const decisions = plan(observation.observed, cause, when)
  for (const decision of decisions) log.info('decided', { caretakerService: service, decision })
  const found = { observation, context: { ...context, running } }
  return carryOut(tools, managed, decisions, found)
}

type Found = { observation: Observation; context: WriteContext }

/** Records first: what they say is true whoever gets the claim. */
async function carryOut(
  tools: Tools,
  managed: Managed,
  decisions: readonly Decision[],
  { observation, context }: Found,
): Promise<RollOut | Nothing | 'claimed by another'> {
  const { table } = tools
  const { state } = observation.observed
  let chosen: RollOutDecision | undefined
  for (const decision of decisions) {
    if (decision.action === 'roll-out') chosen = decision
    if (decision.action === 'record') await recordVerdict(table, context, decision)
    if (decision.action === 'wait') {
      await recordWaiting(table, context, decision.push, decision.reason)
    }
    if (decision.action === 'release' && state !== undefined) {
      await release(table, context, state)
    }
  }
  if (chosen === undefined) {
    return { action: 'none', reason: decisions.map(({ reason }) => reason).join('; ') }
  }
  const from = before(managed.service, observation.observed)
  if (!(await claim(table, context, { state, decision: chosen, from }))) return 'claimed by another'
  return prepare(tools, managed, observation, { decision: chosen, from })
}

async function prepare(
  { ecs, bakeSeconds }: Tools,
  managed: Managed,
  observation: Observation,
  { decision, from }: { decision: RollOutDecision; from: Before },
): Promise<RollOut> {
  const next = await withOthersPinned(ecs, managed.service, observation.taskDefinition, {
    repositories: repositoriesOf(managed.tags),
    pushed: decision.push.repository,
  })
  return rollOut(managed, observation, decision, { from, next, bakeSeconds })
}

/**
 * The service is ours already: this function claimed it and was cut off before it could answer.
 * What was claimed then is prepared again.
 */
async function resume(
  tools: Tools,
  managed: Managed,
  {
    context,
    stored,
    policy,
    cause,
  }: {
    context: WriteContext
    stored: Stored
    policy: Policy
    cause: Cause
  },
): Promise<RollOut | Nothing> {
  const rolling = stored.state?.rolling
  const record = rolling && (await readRecord(tools.table, context.service, rolling.record))
  if (rolling === undefined || record === undefined) {
    return { action: 'none', reason: 'the roll-out has no record' }
  }
  const observation = await observe(tools, managed, stored, policy, cause)
  const { observed } = observation
  const asleep = observed.desiredCount === 0 && !observed.placeholder
  const decision: RollOutDecision = {
    action: 'roll-out',
    push: pushOf(record),
    reason: record.reason,
    staged: asleep,
  }
  const from = rolling.from ?? before(managed.service, observed)
  return prepare(tools, managed, observation, { decision, from })
}

/** A tag that cannot be read is never guessed: nothing is done, and a push is told why. */
async function unreadable(
  table: Table,
  context: WriteContext,
  { message: reason }: PolicyError,
  cause: Cause,
): Promise<Nothing> {
  if (cause.kind === 'push') {
    await recordNotTaken(table, context, cause.push, reason)
  }
  return { action: 'none', reason }
}

function readPolicy(tags: Record<string, string>): Policy | PolicyError {
  try {
    return parsePolicy(tags[TAGS.deploy] ?? 'off')
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
}
