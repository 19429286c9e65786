import type { Policy, Tagged } from '../../domain/deploy-policy.ts'
import { takes } from '../../domain/deploy-policy.ts'
import type { PlatformName } from '../../domain/image.ts'
import type {
  Asked,
  EnvironmentState,
  Push,
  RollOutRecord,
  ServiceState,
  Standing,
  Tried,
  Verdict,
} from '../../domain/record.ts'
import { instant, pushOf, short } from '../../domain/record.ts'
import { byHand } from './by-hand.ts'
import { hold, refusal } from './refusal.ts'

/** Why a plan is made. */
export type Cause =
  | { kind: 'push'; push: Push }
  /** The slow pass: repairs what lost events left. */
  | { kind: 'sweep' }
  /** A roll-out ended, and pushes have been waiting for that. */
  | { kind: 'waiting'; service: string }
  /** A person names the digest: a roll-back, or another try. */
  | { kind: 'by-hand'; service: string; digest: string; by: string; reason: string; retry: boolean }

/** The image the registry has for the service now. */
export type Candidate = Tagged & {
  repository: string
  /** `a signature`, `a Helm chart`…: not a container image. */
  companion?: string
  /** Platforms the image has; empty when the registry does not tell. */
  platforms: PlatformName[]
}

/** What AWS and the table say at this moment about one service. */
export type Observed = {
  policy: Policy
  controller: string
  schedulingStrategy: string
  desiredCount: number
  /** The service has never run an image of its own. */
  placeholder: boolean
  /** Whether any container of the current task definition uses the repository. */
  used: boolean
  /** What its containers run now. */
  running?: { digest: string; tag?: string }
  platform?: PlatformName
  candidate?: Candidate
  state?: ServiceState
  /** The roll-out under way has lost its execution: nobody will end it. */
  abandoned: boolean
  /** The record of this very push, when there is one. */
  recorded?: RollOutRecord
  /** Records of pushes that wait for a roll-out to end. */
  waiting: RollOutRecord[]
  environment?: EnvironmentState
}

/** Of a roll-out whose execution ended before its verdict: stopped by hand, or timed out. */
export const ABANDONED = 'its execution ended without a verdict (stopped by hand, or timed out)'

/** What to do about one push, and why. The reason is a sentence for the person who pushed. */
export type Decision = { push: Push; reason: string; asked?: Asked } & (
  | { action: 'roll-out'; staged: boolean; recalled?: string }
  | { action: 'wait' }
  /** Ends a roll-out that has lost its execution, with nothing to take its place. */
  | { action: 'release' }
  | { action: 'record'; verdict: Verdict }
)

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
    cause.kind === 'by-hand' ? byHand(observed, cause, at) : follow(observed, cause, { now, at })
  const { rolling } = observed.state ?? {}
  if (rolling === undefined || !observed.abandoned) return decisions
  if (decisions.some(({ action }) => action === 'roll-out')) return decisions
  const push = { ...rolling, repository: '', at: rolling.since }
  return [{ action: 'release', push: pushOf(push), reason: ABANDONED }, ...decisions]
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
    return [...told, ...waiting.map((record) => gone(record))]
  }
  const own = cause.kind === 'push' && candidate.digest === cause.push.digest
  const known = own ? undefined : waiting.find(({ digest }) => digest === candidate.digest)
  const asked = own || known !== undefined
  const push = own ? cause.push : (known ?? found(observed, candidate, at))
  const overtaken = waiting
    .filter(({ sk }) => sk !== known?.sk)
    .map((record) => superseded(record, candidate))
  const decision = judge(observed, push, asked, now)
  const settled = decision?.action === 'wait' ? [] : overtaken
  return [...told, ...settled, ...(decision === undefined ? [] : [decision])]
}

function notTaken({ policy, candidate }: Observed, push: Push): Decision | undefined {
  const not = (reason: string): Decision => ({
    action: 'record',
    verdict: 'not-taken',
    push,
    reason,
  })
  if (policy.kind === 'off') return not('the service takes no pushes: caretaker:deploy is "off"')
  if (!takes(policy, push.tag)) {
    return not(`caretaker:deploy is "${policy.text}", and the tag "${push.tag}" does not fit it`)
  }
  if (candidate === undefined) {
    return gone(push)
  }
  if (candidate.companion !== undefined && candidate.digest === push.digest) {
    return not(`it is ${candidate.companion}, not a container image`)
  }
  return undefined
}

/** The registry has nothing for the tag any more: it was deleted after the push. */
function gone(push: Push): Decision {
  const reason = `the tag "${push.tag}" is no longer in the registry`
  return { action: 'record', verdict: 'not-taken', push: pushOf(push), reason }
}

function superseded(push: Push, by: Candidate): Decision {
  const reason =
    by.digest === push.digest
      ? 'the same image was pushed again'
      : by.tag === push.tag
        ? `the tag "${push.tag}" names ${short(by.digest)} now`
        : `${by.tag} (${short(by.digest)}) is newer`
  return { action: 'record', verdict: 'superseded', push: pushOf(push), reason }
}

/**
 * What to do about the candidate.
 *
 * @param asked somebody waits for a verdict; without it (the sweep found nothing to repair)
 *   an outcome that changes nothing is not worth a record.
 */
function judge(observed: Observed, push: Push, asked: boolean, now: Date): Decision | undefined {
  const { state, running } = observed
  const rolling = observed.abandoned ? undefined : state?.rolling
  const told = state?.latest?.digest === push.digest ? state.latest.verdict : undefined
  const record = (verdict: Verdict, reason: string): Decision | undefined =>
    asked || told !== verdict
      ? { action: 'record', verdict, push: pushOf(push), reason }
      : undefined

  if (rolling !== undefined) {
    if (!asked) return undefined
    if (rolling.digest === push.digest)
      return record('unchanged', 'this image is being rolled out already')
    return {
      action: 'wait',
      push,
      reason: `${rolling.tag} (${short(rolling.digest)}) is being rolled out`,
    }
  }
  const unfinished = observed.abandoned && state?.rolling?.digest === push.digest
  if (running?.digest === push.digest && !unfinished) {
    return asked ? record('unchanged', 'the service runs this image already') : undefined
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
  const held = hold(observed, now)
  if (held !== undefined) return record(held.verdict, held.reason)
  const staged = observed.desiredCount === 0 && !observed.placeholder
  return {
    action: 'roll-out',
    push: pushOf(push),
    staged,
    reason: staged
      ? 'the service is asleep: the image runs when it wakes'
      : unfinished
        ? ABANDONED
        : 'newer than what runs',
  }
}

/** A person's change stands until the next push: what is there now was chosen after this push. */
function stands({ state, placeholder }: Observed, push: Push): boolean {
  const { latest } = state ?? {}
  if (latest === undefined || placeholder) return false
  if (latest.digest === push.digest) return SETTLED.has(latest.verdict)
  return latest.by !== undefined && push.at <= latest.at
}

/** Verdicts after which the sweep leaves a service as it is. */
const SETTLED: ReadonlySet<Standing> = new Set(['deployed', 'unchanged', 'staged', 'superseded'])

/**
 * Caretaker's own failures are tried again by the sweep an hour later, for a day: they may have
 * passed. What still fails then needs a person.
 */
const RETRY_MILLISECONDS = 60 * 60 * 1000
const RETRIED_FOR_MILLISECONDS = 24 * RETRY_MILLISECONDS

function dueAgain(tried: Tried, push: Push, now: Date): boolean {
  const since = (instant: string) => now.getTime() - new Date(instant).getTime()
  return since(tried.at) >= RETRY_MILLISECONDS && since(push.at) <= RETRIED_FOR_MILLISECONDS
}

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
  return pushOf({ ...candidate, at: moved && candidate.at <= latest.at ? at : candidate.at })
}
