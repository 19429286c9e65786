import type { Said } from '../schedule/scheduled.ts'
import type { Sleeper, Told } from '../table/sleeper.ts'
import { VERSION } from '../table/version.ts'
import { cut, REASON_CHARACTERS } from '../text.ts'
import { isHeld, toResume } from './groups.ts'
import { byHand, handOf, handOver, refined, restOf, taken, turned } from './hand.ts'
import { type Bounds, FIRST_LOOK, isHeldDown, type Rest, type Seen, type Size } from './resource.ts'
import type { Subject } from './wanted.ts'

/**
 * What is kept of a resource, brought to what is seen: a move that is complete, a change by
 * somebody else, a change by hand whose edge has come. The same object when nothing is new.
 */
export function settled({ seen, kept }: Subject, said: Said | undefined, now: Date): Sleeper {
  if (kept === undefined) return first(restOf(seen), said, now)
  const current = handOver(kept, now)
  const { moving } = current
  if (moving !== undefined) {
    if (turned(seen, current)) return byHand(seen, current, said, now)
    return isThere(seen, current, moving.to)
      ? arrived(seen, current, now)
      : fellBack(seen, taken(seen, rebounded(seen, current)))
  }
  if (restOf(seen) === current.rest) return refined(current, said)
  return byHand(seen, current, said, now)
}

/**
 * It is there for the first time: what it is now is somebody's doing, until the next edge.
 *
 * @param who has made it, where that is known.
 */
export function first(rest: Rest, said: Said | undefined, now: Date, who?: Told): Sleeper {
  const at = now.toISOString()
  const asSaid = said === undefined || said.state === 'any' || REST[said.state] === rest
  const hand = { to: rest, at, until: said?.next?.at, first: true }
  return {
    version: VERSION,
    revision: 0,
    rest,
    since: at,
    why: FIRST_LOOK,
    ...(asSaid ? {} : { hand: handOf(who, hand) }),
  }
}

const REST = { running: 'awake', stopped: 'asleep' } as const

/** Whether a move is complete: asleep is stopped and held down, awake is up with its own bounds. */
function isThere({ phase, size }: Seen, { captured }: Sleeper, to: Rest): boolean {
  const down = isHeldDown(size?.bounds)
  const processes = size?.processes
  if (to === 'asleep')
    return phase === 'down' && down && (processes === undefined || isHeld(processes))
  if (phase !== 'up') return false
  if (toResume(processes, captured?.processes).length > 0) return false
  const [is, was] = [size?.bounds, captured?.bounds]
  if (size === undefined || is === undefined || was === undefined || isHeldDown(was)) return true
  // Bounds that somebody has set meanwhile may be suspended still, as they were for the night, and
  // a larger minimum among them is not reached before AWS, or the next look, has raised the count.
  const isReached = is.suspended || size.desired >= is.min
  return !down && (!is.suspended || was.suspended) && isReached
}

/**
 * It goes to sleep, and has bounds that are neither its own nor those of something asleep: somebody
 * has set them meanwhile. They are taken down like its own, and are its own at the wake.
 */
function rebounded({ size }: Seen, kept: Sleeper): Sleeper {
  const { captured, moving, boundsBefore } = kept
  const [is, was] = [size?.bounds, captured?.bounds]
  if (moving?.to !== 'asleep' || captured === undefined || is === undefined) return kept
  if (was === undefined || isHeldDown(is) || (is.min === was.min && is.max === was.max)) return kept
  const bounds = { ...is, suspended: was.suspended }
  return { ...kept, captured: { ...captured, bounds }, boundsBefore: boundsBefore ?? was }
}

/**
 * AWS has taken the start of an instance, and it is stopped again: what AWS says of that.
 * https://repost.aws/knowledge-center/kms-iam-ec2-permission
 */
function fellBack({ phase, said }: Seen, kept: Sleeper): Sleeper {
  const { moving } = kept
  const isBack = moving?.to === 'awake' && moving.tries > 0 && phase === 'down'
  if (!isBack || said === undefined || moving.error === said) return kept
  return { ...kept, moving: { ...moving, error: said } }
}

function arrived(seen: Seen, kept: Sleeper, now: Date): Sleeper {
  const { moving, captured, boundsBefore, told: _, toolSized: __, ...rest } = kept
  const to = moving?.to ?? kept.rest
  const whole = { ...rest, rest: to, since: now.toISOString(), why: moving?.why ?? kept.why }
  if (to === 'asleep') {
    return { ...whole, ...(captured && { captured }), ...(boundsBefore && { boundsBefore }) }
  }
  const woke = moving && Math.round((now.getTime() - Date.parse(moving.since)) / 1000)
  return {
    ...whole,
    ...(seen.size !== undefined && { last: seen.size }),
    ...(woke !== undefined && { woke }),
  }
}

/**
 * A move that begins. Before something is put to sleep its size is kept; bounds that are already
 * those of something asleep never take the place of its own. What was done by hand before is over,
 * unless it was the same: only who has asked for it since can have it moved.
 */
export function begun(
  { seen, kept }: { seen: Seen; kept: Sleeper },
  to: Rest,
  why: string,
  now: Date,
): Sleeper {
  const moving = { to, since: now.toISOString(), why, tries: 0 }
  const captured =
    to === 'asleep' ? captureOf(seen, kept) : (kept.captured ?? sizeAtWake(seen, kept))
  const { hand, boundsBefore, ...rest } = kept
  const isChanged = to === 'awake' || isHeldDown(seen.size?.bounds)
  return {
    ...rest,
    ...(hand?.to === to && { hand }),
    ...(isChanged && boundsBefore && { boundsBefore }),
    moving,
    ...(captured !== undefined && { captured }),
  }
}

function captureOf({ size, usual = 1 }: Seen, kept: Sleeper): Size | undefined {
  if (size === undefined) return undefined
  const { captured, last, toolSized } = kept
  const known = captured ?? last
  const isHalfAwake = captured !== undefined
  const isOwn = size.desired > 0 && toolSized !== true
  return {
    desired: isOwn ? size.desired : (known?.desired ?? usual),
    bounds: ownBounds(size.bounds, known?.bounds, isHalfAwake),
    ...ownProcesses(size, known),
  }
}

/** What is suspended for the night never takes the place of what was before. */
const ownProcesses = ({ processes }: Size, known: Size | undefined): Pick<Size, 'processes'> =>
  processes === undefined
    ? {}
    : { processes: isHeld(processes) ? (known?.processes ?? processes) : processes }

/** Whoever sets bounds anew of what is not whole again leaves suspended what was so for the night. */
function ownBounds(
  seen: Bounds | undefined,
  known: Bounds | undefined,
  isHalfAwake: boolean,
): Bounds | undefined {
  if (seen === undefined) return undefined
  if (isHeldDown(seen)) return known ?? seen
  return isHalfAwake && known !== undefined ? { ...seen, suspended: known.suspended } : seen
}

/** Nothing was captured: somebody else has stopped it. */
const sizeAtWake = ({ size, usual = 1 }: Seen, { last }: Sleeper): Size | undefined =>
  size === undefined ? undefined : (last ?? { ...size, desired: usual })

/**
 * The size to wake to: what was captured, but what somebody has changed since is newer. The desired
 * count lies within the bounds.
 */
export function wakeSize({ size, usual = 1 }: Seen, sleeper: Sleeper): Size | undefined {
  if (size === undefined) return undefined
  const kept = sleeper.captured ?? sleeper.last ?? { desired: usual, bounds: undefined }
  const bounds = boundsAtWake(size.bounds, kept.bounds)
  const isOwn = size.desired > 0 && sleeper.toolSized !== true
  const desired = isOwn ? size.desired : kept.desired
  if (bounds === undefined) return { desired }
  return { desired: Math.min(Math.max(desired, bounds.min), Math.max(bounds.max, 1)), bounds }
}

function boundsAtWake(seen: Bounds | undefined, kept: Bounds | undefined): Bounds | undefined {
  if (seen === undefined) return undefined
  if (kept === undefined) return { ...seen, suspended: false }
  // At sleep the minimum became 0 and the maximum stayed.
  if (seen.min > 0) return { ...seen, suspended: kept.suspended }
  return { min: Math.min(kept.min, seen.max), max: seen.max, suspended: kept.suspended }
}

/**
 * Whether AWS will never do it as the resource is: it refuses the request itself, and not the state
 * that the resource is in. Step Functions names every error of EC2's alike; the cause has its text
 * and the status.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const isForGood = (error: string, cause: string): boolean =>
  error === 'Ec2.Ec2Exception' && /Status Code: 4\d\d/.test(cause) && !/\bstate\b/.test(cause)

/** EC2 refuses to keep what is in memory, and says so in words; what it would not do is stop. */
const isOfMemory = (cause: string): boolean => /hibernat/i.test(cause)

/**
 * "You must wait for about two minutes for Linux instances and about five minutes for Windows
 * instances after launch before hibernating."
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-instance-hibernate.html
 */
const READY_MS = 5 * 60_000

/** What became of a call: the resources that it was about, and what AWS has answered. */
export type Refusal = { of: readonly string[]; error: string; cause: string }

/**
 * What AWS has refused. One of several may be the cause: they are asked again at once, in halves.
 * One alone is asked again after its pause, or, if AWS will never do it, not before the next edge.
 * One that cannot hibernate is stopped at once without that; one that is not ready to, when it should
 * have been.
 */
export function refused(kept: Sleeper, { of, error, cause }: Refusal, now: Date): Sleeper {
  if (kept.moving === undefined) return kept
  const { again, ...moving } = kept.moving
  if (of.length > 1) return { ...kept, moving }
  const said = cut(`${error}: ${cause}`, REASON_CHARACTERS)
  if (isOfMemory(cause)) {
    const isEarly = now.getTime() - Date.parse(moving.since) < READY_MS
    return /not ready/i.test(cause) && isEarly
      ? { ...kept, moving: { ...moving, ...(again && { again }) } }
      : { ...kept, moving: { ...moving, error: said, plain: true } }
  }
  // A group is its instances: one that AWS never stops keeps no other from it.
  const never = isForGood(error, cause) && of[0]?.startsWith('group/') !== true
  return { ...kept, moving: { ...moving, ...(again && { again }), error: said, never } }
}
