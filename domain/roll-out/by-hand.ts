import { shortDigest } from '../image.ts'
import { recordSortKey } from '../table/keys.ts'
import { type Push, pushOf } from '../table/record.ts'
import type { TriedVerdict, Verdict } from '../verdicts.ts'
import type { Cause, Decision, Observed } from './observed.ts'
import { refusal } from './refusal.ts'
import { isUnderWay, UNDER_WAY } from './unproved.ts'

/** What a service may go back to without being told to try it once more. */
const GOOD: ReadonlySet<TriedVerdict> = new Set(['deployed', 'staged', 'recalled'])

/** A person's word goes before policy, freeze and pin; what cannot run, or is not known, does not. */
export function byHand(
  observed: Observed,
  cause: Extract<Cause, { kind: 'by-hand' }>,
  at: string,
): Decision[] {
  const { state, candidate, running } = observed
  const tried = state?.tried?.[cause.digest]
  const push: Push = {
    repository: candidate?.repository ?? '',
    tag: cause.waited?.tag ?? tried?.tag ?? candidate?.tag ?? shortDigest(cause.digest),
    digest: cause.digest,
    at: cause.waited?.at ?? at,
  }
  const { by, reason, retry } = cause
  const asked = { by, reason, retry }
  const record = (verdict: Verdict, why: string): Decision[] => [
    { action: 'record', verdict, push, reason: why, asked },
  ]
  if (candidate === undefined) {
    return record('refused', 'the image is not in the registry any more; push it again')
  }
  if (running?.digest === cause.digest && !observed.abandoned && state?.rolling === undefined) {
    return record('unchanged', 'the service runs this image already')
  }
  // Ended for the same image again, nobody would watch what it has deployed.
  if (!observed.abandoned && isUnderWay(observed, cause.digest))
    return record('unchanged', UNDER_WAY)
  const impossible = refusal(observed)
  if (impossible !== undefined) return record('refused', impossible)
  if (!retry && !(tried !== undefined && GOOD.has(tried.verdict))) {
    return record(
      'refused',
      `${tried === undefined ? 'this image has never run here' : `this image ended as ${tried.verdict} here`}; ask for a retry to run it all the same`,
    )
  }
  if (state?.rolling !== undefined && !observed.abandoned) {
    const under = `${state.rolling.tag} (${shortDigest(state.rolling.digest)})`
    const why = `${by} asked for it; the roll-out of ${under} ends first`
    return [{ action: 'wait', interrupt: true, push, reason: why, asked }]
  }
  const staged = observed.desiredCount === 0 && !observed.placeholder
  if (staged && retry && observed.preDeploy !== undefined) {
    return record(
      'refused',
      'the service is asleep, and a task runs before each deployment: wake it, then ask again',
    )
  }
  const recalled = !retry && running !== undefined ? { recalled: running.digest } : {}
  const others = observed.waiting.filter(({ sk }) => sk !== recordSortKey(push))
  const overtaken = others.map(
    (record): Decision => ({
      action: 'record',
      verdict: 'superseded',
      push: pushOf(record),
      reason: `${by} asked for ${push.tag} (${shortDigest(push.digest)}): ${reason}`,
    }),
  )
  return [
    ...overtaken,
    { action: 'roll-out', push, staged, reason: `${by}: ${reason}`, asked, ...recalled },
  ]
}
