import { type Policy, takes } from '../deploy-policy.ts'
import { shortDigest } from '../image.ts'
import { type Push, pushOf } from '../table/record.ts'
import { instant } from '../time.ts'
import type { Status, Verdict } from '../verdicts.ts'
import { byHand } from './by-hand.ts'
import { dueAgain } from './due-again.ts'
import { hold } from './hold.ts'
import { ABANDONED, type Candidate, type Cause, type Decision, type Observed } from './observed.ts'
import { awaitsScan, findingsRefusal, refusal } from './refusal.ts'
import { isUnderWay, UNDER_WAY, unproved } from './unproved.ts'

/**
 * Decides what a service does about the image its registry has now.
 *
 * Pure and total.
 *
 * @param at when it was asked for (ISO 8601, whole seconds): the date of what a person starts.
 * @returns an empty list means that nothing is to be done and everything has been told.
 */
export function plan(
  observed: Observed,
  cause: Cause,
  { now, at }: { now: Date; at: string },
): Decision[] {
  const decisions =
    cause.kind === 'by-hand'
      ? byHand(observed, cause, at)
      : [...follow(observed, cause, { now, at }), ...missing(observed, at)]
  const { rolling } = observed.state ?? {}
  if (rolling === undefined || !observed.abandoned) return decisions
  if (decisions.some(({ action }) => action === 'roll-out')) return decisions
  const { tag, digest, since } = rolling
  const push = { repository: '', tag, digest, at: since }
  return [{ action: 'release', push, reason: ABANDONED }, ...decisions]
}

/** What runs is not in the registry any more: somebody is told, unless it is being replaced. */
function missing(
  { missing: image, running, desiredCount, state }: Observed,
  at: string,
): Decision[] {
  if (image === undefined || running === undefined || state?.rolling !== undefined) return []
  const { digest, tag = '' } = running
  const reason =
    desiredCount === 0
      ? 'the service is asleep, and cannot start when it is woken: ECS cannot pull the image'
      : 'tasks that run go on; a task that has to start, in place of another or after a sleep, cannot pull the image'
  const push = { repository: image.repository, tag, digest, at }
  return [{ action: 'tell-missing', push, reason }]
}

/** What the policy makes of what the registry has now. */
function follow(
  observed: Observed,
  cause: Exclude<Cause, { kind: 'by-hand' }>,
  { now, at }: { now: Date; at: string },
): Decision[] {
  const { candidate, waiting } = observed
  const told: Decision[] = []
  if (cause.kind === 'push') {
    if (observed.recorded !== undefined) return []
    const refusal = notTaken(observed, cause.push)
    if (refusal !== undefined) return [refusal]
    if (candidate !== undefined && candidate.digest !== cause.push.digest) {
      told.push(superseded(cause.push, candidate))
    }
  }
  if (candidate === undefined || candidate.companion !== undefined) {
    const left = cause.kind === 'push' ? undefined : unproved(observed, now)
    return [...told, ...waiting.map((record) => gone(pushOf(record))), ...(left ? [left] : [])]
  }
  const own = cause.kind === 'push' && candidate.digest === cause.push.digest
  const known = own ? undefined : waiting.find(({ detail }) => detail.digest === candidate.digest)
  const asked = own || known !== undefined
  const heard = known === undefined ? undefined : pushOf(known)
  const push = own ? cause.push : (heard ?? found(observed, candidate, at))
  const overtaken = waiting
    .filter(({ sk }) => sk !== known?.sk)
    .map((record) => superseded(pushOf(record), candidate))
  const decision = judge(observed, push, asked, now)
  const settled = decision?.action === 'wait' ? [] : overtaken
  return [...told, ...settled, ...(decision === undefined ? [] : [decision])]
}

/** Why a service's policy does not take a push, told from its tags alone; undefined when it does. */
export function policyRefusal(policy: Policy, { tag }: Push): string | undefined {
  if (policy.kind === 'off') return 'the service takes no pushes: caretaker:deploy is "off"'
  if (takes(policy, tag)) return undefined
  return `caretaker:deploy is "${policy.text}", and the tag "${tag}" does not fit it`
}

function notTaken({ policy, candidate }: Observed, push: Push): Decision | undefined {
  const not = (reason: string): Decision => ({
    action: 'record',
    verdict: 'not-taken',
    push,
    reason,
  })
  const refused = policyRefusal(policy, push)
  if (refused !== undefined) return not(refused)
  if (candidate === undefined) return gone(push)
  if (candidate.companion !== undefined && candidate.digest === push.digest) {
    return not(`it is ${candidate.companion}, not a container image`)
  }
  return undefined
}

/** The registry has nothing for the tag any more: it was deleted after the push. */
function gone(push: Push): Decision {
  const reason = `the tag "${push.tag}" is no longer in the registry`
  return { action: 'record', verdict: 'not-taken', push, reason }
}

function superseded(push: Push, by: Candidate): Decision {
  const reason =
    by.digest === push.digest
      ? 'the same image was pushed again'
      : by.tag === push.tag
        ? `the tag "${push.tag}" names ${shortDigest(by.digest)} now`
        : `${by.tag} (${shortDigest(by.digest)}) is newer`
  return { action: 'record', verdict: 'superseded', push, reason }
}

/**
 * What to do about the candidate; where there is nothing to do, what runs may have to be watched.
 *
 * @param asked somebody waits for a verdict; without it (the sweep found nothing to repair)
 *   an outcome that changes nothing is not worth a record.
 */
function judge(observed: Observed, push: Push, asked: boolean, now: Date): Decision | undefined {
  const decision = judgeCandidate(observed, push, asked, now)
  return decision === undefined && !asked ? unproved(observed, now) : decision
}

function judgeCandidate(
  observed: Observed,
  push: Push,
  asked: boolean,
  now: Date,
): Decision | undefined {
  const { state, running } = observed
  const rolling = observed.abandoned ? undefined : state?.rolling
  const told = state?.latest?.digest === push.digest ? state.latest.verdict : undefined
  const record = (verdict: Verdict, reason: string): Decision | undefined =>
    asked || told !== verdict ? { action: 'record', verdict, push, reason } : undefined

  if (rolling !== undefined) {
    if (!asked) return undefined
    if (isUnderWay(observed, push.digest)) return record('unchanged', UNDER_WAY)
    const under = `${rolling.tag} (${shortDigest(rolling.digest)})`
    const interrupt = observed.failing && takesItsPlace(observed, push, now)
    return {
      action: 'wait',
      interrupt,
      push,
      reason: interrupt
        ? `${under} is being rolled out and fails: it is ended for this push`
        : `${under} is being rolled out`,
    }
  }
  const unfinished = observed.abandoned && state?.rolling?.digest === push.digest
  if (running?.digest === push.digest && !unfinished) {
    if (!asked) return undefined
    return unproved(observed, now) ?? record('unchanged', 'the service runs this image already')
  }
  const impossible = refusal(observed)
  if (impossible !== undefined) return record('refused', impossible)
  const tried = state?.tried?.[push.digest]
  if (tried?.verdict === 'rolled-back' || tried?.verdict === 'recalled') {
    // A roll-back is a verdict of its own; the sweep adds nothing to it.
    if (!asked) return undefined
    return record(
      'quarantined',
      `this image was rolled back at ${instant(tried.at)}: ${tried.reason}. Push another, or retry it`,
    )
  }
  if (!asked && stands(observed, push)) return undefined
  if (tried?.verdict === 'failed' && !asked && !dueAgain(tried, push, now)) return undefined
  const flawed = findingsRefusal(observed)
  if (flawed !== undefined) return record('refused', flawed)
  if (awaitsScan(observed, push, now)) return waitForScan(observed, push)
  const held = hold(observed, now)
  if (held !== undefined) return record(held.verdict, held.reason)
  const asleep = observed.desiredCount === 0 && !observed.placeholder
  if (asleep && observed.preDeploy !== undefined) return record('frozen', NEEDS_WAKING)
  return {
    action: 'roll-out',
    push,
    staged: asleep,
    reason: asleep
      ? 'the service is asleep: the image runs when it wakes'
      : unfinished
        ? ABANDONED
        : 'newer than what runs',
  }
}

/** What the task needs, a database say, sleeps with the service. */
const NEEDS_WAKING =
  'the service is asleep, and a task runs before each deployment: both begin when it has woken'

/**
 * Whether the image would be rolled out if nobody went on with the roll-out under way. One that
 * fails is ended only for what takes its place: else nobody would undo it.
 */
const takesItsPlace = (observed: Observed, push: Push, now: Date): boolean =>
  judgeCandidate({ ...observed, abandoned: true }, push, true, now)?.action === 'roll-out'

/** The sweep goes on with a push that waits; one that waits already is not told again. */
function waitForScan({ waiting }: Observed, push: Push): Decision | undefined {
  if (waiting.some(({ detail }) => detail.digest === push.digest)) return undefined
  const reason = 'the service takes no images with findings, and the scan is not complete yet'
  return { action: 'wait', interrupt: false, push, reason }
}

/**
 * A person's change stands until the next push: what is there now was chosen after this push. What
 * did not hold is not there.
 */
function stands({ state, placeholder }: Observed, push: Push): boolean {
  const { latest } = state ?? {}
  if (latest === undefined || placeholder) return false
  if (latest.digest === push.digest) return SETTLED.has(latest.verdict)
  return latest.by !== undefined && push.at < latest.at && !UNDONE.has(latest.verdict)
}

/** Verdicts of an image that was asked for, and does not run. */
const UNDONE: ReadonlySet<Status> = new Set(['rolled-back', 'failed'])

/** Verdicts after which the sweep leaves a service as it is. */
const SETTLED: ReadonlySet<Status> = new Set(['deployed', 'unchanged', 'staged', 'superseded'])

/**
 * The push that the sweep found without having heard of it. The registry dates an image by its
 * first push; one that is older than what was chosen last has got its tag back since.
 */
function found({ state }: Observed, candidate: Candidate, at: string): Push {
  const { latest } = state ?? {}
  const moved =
    latest !== undefined &&
    latest.by === undefined &&
    latest.repository === candidate.repository &&
    latest.digest !== candidate.digest
  const { repository, tag, digest } = candidate
  const isLater = candidate.unheard || (moved && candidate.at <= latest.at)
  return { repository, tag, digest, at: isLater ? at : candidate.at }
}
