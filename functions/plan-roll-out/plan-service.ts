import type { Logger } from '@aws-lambda-powertools/logger'
import { type Policy, PolicyError, parsePolicy } from '../../domain/deploy-policy.ts'
import type {
  Cause,
  Decision,
  Observed,
  ProveDecision,
  RollOutDecision,
} from '../../domain/roll-out/observed.ts'
import { plan } from '../../domain/roll-out/plan.ts'
import { settingsOf } from '../../domain/roll-out/settings.ts'
import { type Push, pushOf } from '../../domain/table/record.ts'
import type { Before, ServiceState } from '../../domain/table/service-state.ts'
import { repositoriesOf, TAGS } from '../../domain/tags.ts'
import type { Managed } from '../shared/managed.ts'
import {
  type Claim,
  claim,
  recordVerdict,
  recordWaiting,
  release,
} from '../shared/roll-out/claims.ts'
import { type Observation, observe, type Sources } from '../shared/roll-out/observe.ts'
import { recordNotTaken, type WriteContext } from '../shared/roll-out/record.ts'
import { withOthersPinned } from '../shared/roll-out/running.ts'
import { readRecord, readStoredOf, type Stored } from '../shared/roll-out/stored.ts'
import { readWaiting } from '../shared/roll-out/waiting.ts'
import type { Table } from '../shared/table/table.ts'
import { interrupt } from './interrupt.ts'
import {
  before,
  type Prove,
  prove,
  type RollOut,
  replacedBy,
  rollOut,
  startSeconds,
  type Timing,
} from './prepare.ts'
import { redBefore } from './red-before.ts'

type Tools = Sources & { log: Logger; defaults: Timing; timeZone: string }
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
): Promise<RollOut | Prove | Nothing> {
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
): Promise<RollOut | Prove | Nothing | 'claimed by another'> {
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
  const meant = await meantBy(tools, service, stored, cause)
  const observation = await observe(tools, managed, stored, policy, meant)
  const planned = observation.places.map((observed) => ({
    observed,
    decisions: plan(observed, meant, when),
  }))
  for (const decision of planned.flatMap(({ decisions }) => decisions)) {
    log.info('decided', { caretakerService: service, decision })
  }
  return carryOut(tools, managed, planned, { observation, context })
}

/** A person's word that had to wait for a roll-out to end goes before what the policy chooses. */
async function meantBy(
  { table }: Tools,
  service: string,
  { state }: Stored,
  cause: Cause,
): Promise<Cause> {
  if (!state?.waiting || (cause.kind !== 'waiting' && cause.kind !== 'sweep')) return cause
  const records = await readWaiting(table, service, state.waiting)
  const asked = records.findLast(({ detail }) => detail.asked !== undefined)
  if (asked?.detail.asked === undefined) return cause
  const waited = pushOf(asked)
  return { kind: 'by-hand', digest: waited.digest, waited, ...asked.detail.asked }
}

type Found = { observation: Observation; context: WriteContext }
type Planned = { observed: Observed; decisions: Decision[] }
type Chosen = { observed: Observed; decision: RollOutDecision | ProveDecision }

/** Records first: what they say is true whoever gets the claim. */
async function carryOut(
  tools: Tools,
  managed: Managed,
  planned: readonly Planned[],
  { observation, context }: Found,
): Promise<RollOut | Prove | Nothing | 'claimed by another'> {
  const chosen: Chosen[] = []
  for (const { observed, decisions } of planned) {
    const { state } = observed
    for (const decision of decisions) {
      if (decision.action === 'roll-out' || decision.action === 'prove') {
        chosen.push({ observed, decision })
      } else await write(tools, contextOf(context, observed, decision.push), state, decision)
    }
  }
  // One at a time: what waits for another repository goes on when this one has ended.
  const [first] = chosen
  if (first === undefined) {
    const reasons = planned.flatMap(({ decisions }) => decisions.map(({ reason }) => reason))
    return { action: 'none', reason: reasons.join('; ') }
  }
  const { observed, decision } = first
  const othersWait = planned.some(
    (one) => one.observed !== observed && one.observed.waiting.length > 0,
  )
  const proves = decision.action === 'prove'
  const from = proves ? replacedBy(managed, observed) : before(managed.service, observed)
  const runs = managed.service.taskDefinition ?? ''
  const notes = await redBefore(tools, managed.id, context.now)
  const wanted: Claim = {
    notes,
    state: observed.state,
    decision,
    from,
    othersWait,
    ...(proves ? { runs } : {}),
  }
  const own = contextOf(context, observed, decision.push)
  if (!(await claim(tools.table, own, wanted))) return 'claimed by another'
  return proves
    ? prove(managed, decision, { from, runs, timing: provingOf(tools, managed, observation) })
    : prepare(tools, managed, observation, { decision, from })
}

/** What a record of a push has besides the push itself. */
function contextOf(context: WriteContext, observed: Observed, { digest }: Push): WriteContext {
  const { running, candidate } = observed
  return {
    ...context,
    running,
    ...(candidate?.digest === digest ? { scan: candidate.scan } : {}),
  }
}

/** Writes down what needs only that. */
async function write(
  { table, sfn, log }: Tools,
  context: WriteContext,
  state: ServiceState | undefined,
  decision: Exclude<Decision, { action: 'roll-out' } | { action: 'prove' }>,
): Promise<void> {
  if (decision.action === 'record') await recordVerdict(table, context, decision)
  if (decision.action === 'release' && state !== undefined) await release(table, context, state)
  if (decision.action !== 'wait') return
  await recordWaiting(table, context, decision)
  if (decision.interrupt) await interrupt({ sfn, log }, state?.rolling?.token, decision.reason)
}

async function prepare(
  tools: Tools,
  managed: Managed,
  observation: Observation,
  { decision, from }: { decision: RollOutDecision; from: Before },
): Promise<RollOut> {
  const next = await withOthersPinned(tools.ecs, managed.service, observation.taskDefinition, {
    repositories: repositoriesOf(managed.tags),
    pushed: decision.push.repository,
  })
  return rollOut(managed, observation, decision, { from, next, timing: timingOf(tools, managed) })
}

/** Nobody has awaited that the tasks of a staged image are healthy: they have their time for it. */
function provingOf(tools: Tools, managed: Managed, { taskDefinition }: Observation): Timing {
  const timing = timingOf(tools, managed)
  const start = startSeconds(managed.service, taskDefinition)
  return { ...timing, bakeSeconds: start + timing.bakeSeconds }
}

/** How long to watch, as the service's tags say, else by default. */
function timingOf({ defaults, log }: Tools, { id, tags }: Managed): Timing {
  const { bakeSeconds, deadlineSeconds, unreadable } = settingsOf(tags, defaults)
  for (const problem of unreadable) log.warn(problem, { caretakerService: id })
  return { bakeSeconds, deadlineSeconds }
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
): Promise<RollOut | Prove | Nothing> {
  const rolling = stored.state?.rolling
  const record = rolling && (await readRecord(tools.table, context.service, rolling.record))
  if (rolling === undefined || record === undefined) {
    return { action: 'none', reason: 'the roll-out has no record' }
  }
  const observation = await observe(tools, managed, stored, policy, cause)
  const { repository } = pushOf(record)
  const observed =
    observation.places.find(({ candidate }) => candidate?.repository === repository) ??
    observation.places[0]
  const runs = rolling.taskDefinition
  if (runs !== undefined && rolling.from !== undefined) {
    const decision = { action: 'prove', push: pushOf(record), reason: record.reason } as const
    const timing = provingOf(tools, managed, observation)
    return prove(managed, decision, { from: rolling.from, runs, timing })
  }
  const decision: RollOutDecision = {
    action: 'roll-out',
    push: pushOf(record),
    reason: record.reason,
    staged: observed?.desiredCount === 0 && !observed.placeholder,
  }
  const current = managed.service.taskDefinition ?? ''
  const from = rolling.from ?? { taskDefinition: current, first: false }
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
