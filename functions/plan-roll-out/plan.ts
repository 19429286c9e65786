import type {
  EnvironmentState,
  Push,
  RollOutRecord,
  ServiceState,
  Standing,
  Verdict,
} from '../record.ts'
import { short } from '../record.ts'
import type { PlatformName } from './image.ts'
import type { Policy, Tagged } from './policy.ts'
import { takes } from './policy.ts'

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

/** What to do about one push, and why. The reason is a sentence for the person who pushed. */
export type Decision = { push: Push; reason: string } & (
  | { action: 'roll-out'; staged: boolean; recalled?: string }
  | { action: 'wait' }
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
  if (cause.kind === 'by-hand') return byHand(observed, cause, at)
  const { candidate } = observed
  const told: Decision[] = []
  if (cause.kind === 'push') {
    if (observed.recorded !== undefined) return []
    const refusal = notTaken(observed, cause.push)
    if (refusal !== undefined) return [refusal]
    if (candidate !== undefined && candidate.digest !== cause.push.digest) {
      told.push(superseded(cause.push, candidate))
    }
  }
  if (candidate === undefined || candidate.companion !== undefined) return told
  const own = cause.kind === 'push' && candidate.digest === cause.push.digest
  const known = observed.waiting.find(({ digest }) => digest === candidate.digest)
  const push = own ? cause.push : (known ?? asPush(candidate))
  const overtaken = observed.waiting
    .filter(({ sk, digest }) => sk !== known?.sk && digest !== candidate.digest)
    .map((record) => superseded(record, candidate))
  const decision = judge(observed, push, own || known !== undefined, now)
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
    return not(`the tag "${push.tag}" is no longer in the registry`)
  }
  if (candidate.companion !== undefined && candidate.digest === push.digest) {
    return not(`it is ${candidate.companion}, not a container image`)
  }
  return undefined
}

function superseded(push: Push, by: Candidate): Decision {
  const reason =
    by.tag === push.tag
      ? `the tag "${push.tag}" names ${short(by.digest)} now`
      : `${by.tag} (${short(by.digest)}) is newer`
  return { action: 'record', verdict: 'superseded', push: bare(push), reason }
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
    asked || told !== verdict ? { action: 'record', verdict, push: bare(push), reason } : undefined

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
  if (running?.digest === push.digest) {
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
      `this image was rolled back at ${tried.at}: ${tried.reason}. Push another, or retry it`,
    )
  }
  // It was deployed, and something else runs: a person's change stands until the next push.
  if (!asked && told !== undefined && SETTLED.has(told) && !observed.placeholder) return undefined
  if (tried?.verdict === 'failed' && !asked && !dueAgain(tried.at, now)) return undefined
  const held = hold(observed, now)
  if (held !== undefined) return record(held.verdict, held.reason)
  const staged = observed.desiredCount === 0 && !observed.placeholder
  return {
    action: 'roll-out',
    push: bare(push),
    staged,
    reason: staged ? 'the service is asleep: the image runs when it wakes' : 'newer than what runs',
  }
}

/** Verdicts after which the sweep leaves a service as it is. */
const SETTLED: ReadonlySet<Standing> = new Set(['deployed', 'unchanged', 'staged', 'superseded'])

/** Why the service cannot run the candidate at all. */
function refusal({
  controller,
  schedulingStrategy,
  used,
  candidate,
  platform,
}: Observed): string | undefined {
  if (controller !== 'ECS') {
    return `its deployment controller is ${controller}, which does not let Caretaker change the task definition; only ECS does`
  }
  if (schedulingStrategy === 'DAEMON') {
    return 'it is a DAEMON service: its deployments follow instances, not a count; Caretaker rolls out REPLICA services'
  }
  if (!used) {
    return `no container of its task definition uses the repository "${candidate?.repository}"`
  }
  const platforms = candidate?.platforms ?? []
  if (platform !== undefined && platforms.length > 0 && !platforms.includes(platform)) {
    return `it runs on ${platform}, and the image has only ${platforms.join(', ')}; build it for ${platform} too`
  }
  return undefined
}

function hold(
  { state, environment }: Observed,
  now: Date,
): { verdict: 'frozen' | 'pinned'; reason: string } | undefined {
  if (state?.pinned !== undefined) {
    const { by, reason } = state.pinned
    return { verdict: 'pinned', reason: `${by} pinned the service to what it runs: ${reason}` }
  }
  const frozen = environment?.frozen
  if (frozen !== undefined && new Date(frozen.until) > now) {
    return {
      verdict: 'frozen',
      reason: `${frozen.by} froze roll-outs until ${frozen.until}: ${frozen.reason}`,
    }
  }
  return undefined
}

/** Caretaker's own failures are tried again by the sweep, an hour later: they may have passed. */
const RETRY_MILLISECONDS = 60 * 60 * 1000
const dueAgain = (at: string, now: Date): boolean =>
  now.getTime() - new Date(at).getTime() >= RETRY_MILLISECONDS

/** A person's word goes before policy, freeze and pin; what cannot run, or is not known, does not. */
function byHand(
  observed: Observed,
  cause: Extract<Cause, { kind: 'by-hand' }>,
  at: string,
): Decision[] {
  const { state, candidate, running } = observed
  const tried = state?.tried?.[cause.digest]
  const push: Push = {
    repository: candidate?.repository ?? '',
    tag: tried?.tag ?? candidate?.tag ?? short(cause.digest),
    digest: cause.digest,
    at,
  }
  const record = (verdict: Verdict, reason: string): Decision[] => [
    { action: 'record', verdict, push, reason },
  ]
  if (candidate === undefined) {
    return record('refused', 'the image is not in the registry any more; push it again')
  }
  if (running?.digest === cause.digest && !observed.abandoned && state?.rolling === undefined) {
    return record('unchanged', 'the service runs this image already')
  }
  const impossible = refusal(observed)
  if (impossible !== undefined) return record('refused', impossible)
  if (tried?.verdict !== 'deployed' && !cause.retry) {
    return record(
      'refused',
      `${tried === undefined ? 'this image has never run here' : `this image was ${tried.verdict}`}; ask for a retry to run it all the same`,
    )
  }
  if (state?.rolling !== undefined && !observed.abandoned) {
    return record(
      'refused',
      `${state.rolling.tag} (${short(state.rolling.digest)}) is being rolled out; ask again when it has ended`,
    )
  }
  const staged = observed.desiredCount === 0 && !observed.placeholder
  const recalled = !cause.retry && running !== undefined ? { recalled: running.digest } : {}
  return [{ action: 'roll-out', push, staged, reason: `${cause.by}: ${cause.reason}`, ...recalled }]
}

const asPush = ({ repository, tag, digest, at }: Candidate): Push => ({
  repository,
  tag,
  digest,
  at,
})
const bare = ({ repository, tag, digest, at }: Push): Push => ({ repository, tag, digest, at })
