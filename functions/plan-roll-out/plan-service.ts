import { type Policy, PolicyError, parsePolicy } from '../../domain/deploy-policy.ts'
import type {
  Cause,
  Decision,
  Observed,
  ProveDecision,
  RollOutDecision,
} from '../../domain/roll-out/observed.ts'
import { plan } from '../../domain/roll-out/plan.ts'
import { recordSortKey } from '../../domain/table/keys.ts'
import { type Push, pushOf } from '../../domain/table/record.ts'
import type { Seen, ServiceState } from '../../domain/table/service-state.ts'
import { TAGS } from '../../domain/tags.ts'
import { instant } from '../../domain/time.ts'
import type { Managed } from '../shared/managed.ts'
import {
  type Claim,
  claim,
  recordVerdict,
  recordWaiting,
  release,
} from '../shared/roll-out/claims.ts'
import { noteNoneWaiting, noteSeen } from '../shared/roll-out/notes.ts'
import { type Observation, observe } from '../shared/roll-out/observe.ts'
import { recordNotTaken, type WriteContext } from '../shared/roll-out/record.ts'
import { recordMissing } from '../shared/roll-out/record-missing.ts'
import { seenNow } from '../shared/roll-out/seen.ts'
import { readRecord, readStoredOf, type Stored } from '../shared/roll-out/stored.ts'
import { readWaiting } from '../shared/roll-out/waiting.ts'
import type { Table } from '../shared/table/table.ts'
import { interrupt } from './interrupt.ts'
import { before, type Prove, prove, type RollOut, replacedBy } from './prepare.ts'
import { redBefore } from './red-before.ts'
import { prepare, provingOf, resume, type Tools } from './requests.ts'

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
  const asked = { managed, policy, cause: meant }
  const seen = await seenNow(tools.registry, asked, stored.state, instant(when.now))
  const planned = observation.places.map((observed) => ({
    observed,
    decisions: plan(observed, meant, when),
  }))
  for (const decision of planned.flatMap(({ decisions }) => decisions)) {
    log.info('decided', { caretakerService: service, decision })
  }
  return carryOut(tools, managed, planned, { observation, context, seen })
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

type Found = { observation: Observation; context: WriteContext; seen: Seen | undefined }
type Planned = { observed: Observed; decisions: Decision[] }
type Chosen = { observed: Observed; decision: RollOutDecision | ProveDecision }

/** Records first: what they say is true whoever gets the claim. */
async function carryOut(
  tools: Tools,
  managed: Managed,
  planned: readonly Planned[],
  { observation, context, seen }: Found,
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
    await noteEnd(tools.table, context, planned, seen)
    const reasons = planned.flatMap(({ decisions }) => decisions.map(({ reason }) => reason))
    return { action: 'none', reason: reasons.join('; ') }
  }
  const { observed } = first
  const decision = await withAsker(tools.table, managed.id, first)
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
    ...(seen === undefined ? {} : { seen }),
    ...(proves ? { runs } : {}),
  }
  const own = contextOf(context, observed, decision.push)
  if (!(await claim(tools.table, own, wanted))) return 'claimed by another'
  const { environment } = tools
  return proves
    ? prove(managed, decision, {
        from,
        runs,
        timing: provingOf(tools, managed, observation),
        environment,
      })
    : prepare(tools, managed, observation, { decision, from })
}

/** Who has asked for the image that is to be watched: the record, which is written anew, still says it. */
async function withAsker(
  table: Table,
  service: string,
  { observed, decision }: Chosen,
): Promise<Chosen['decision']> {
  if (decision.action !== 'prove' || observed.state?.latest?.by === undefined) return decision
  const record = await readRecord(table, service, recordSortKey(decision.push))
  const { asked } = record?.detail ?? {}
  return asked === undefined ? decision : { ...decision, asked }
}

/** Notes what a roll-out would note as it claims the service, where there is none. */
async function noteEnd(
  table: Table,
  context: WriteContext,
  planned: readonly Planned[],
  seen: Seen | undefined,
): Promise<void> {
  const observed = planned.map((one) => one.observed)
  const state = observed[0]?.state
  // While a roll-out is under way, what the sweep found is put off: it is to find it again.
  if (state?.rolling !== undefined && !observed.some(({ abandoned }) => abandoned)) return
  if (seen !== undefined) await noteSeen(table, context, state, seen)
  const decisions = planned.flatMap((one) => one.decisions)
  const ended = new Set(
    decisions.filter(({ action }) => action === 'record').map(({ push }) => recordSortKey(push)),
  )
  const waits =
    decisions.some(({ action }) => action === 'wait') ||
    observed.some(({ waiting }) => waiting.some(({ sk }) => !ended.has(sk)))
  if (state?.waiting && !waits) await noteNoneWaiting(table, context, state)
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
  if (decision.action === 'tell-missing') await recordMissing(table, context, state, decision)
  if (decision.action === 'record') await recordVerdict(table, context, decision)
  if (decision.action === 'release' && state !== undefined) await release(table, context, state)
  if (decision.action !== 'wait') return
  await recordWaiting(table, context, decision)
  if (decision.interrupt) await interrupt({ sfn, log }, state?.rolling?.token, decision.reason)
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
