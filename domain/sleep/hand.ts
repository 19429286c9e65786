import type { Said } from '../schedule/scheduled.ts'
import type { Hand, Sleeper, Told } from '../table/sleeper.ts'
import { isAwake, isHeldDown, NO_IMAGE, type Rest, type Seen } from './resource.ts'

/** What a tool has started is put back so long after its event came. */
export const GRACE_MS = 60 * 60_000

/** RDS starts what was stopped for seven days; the last hours are left to it. */
const LONGEST_STOP_MS = (7 * 24 - 3) * 60 * 60_000
export const OWN_START = 'AWS has started it after seven days'
export const FIRST_IMAGE = 'its first image was rolled out'

/** An event that nothing was seen of so long after it came was older than what is kept. */
const FORGOTTEN_MS = 15 * 60_000

export const restOf = (seen: Seen): Rest => (isAwake(seen) ? 'awake' : 'asleep')

/** A change by hand whose end has come is over, and so is what was told and nothing was seen of. */
export function handOver(kept: Sleeper, now: Date): Sleeper {
  const { hand, told, ...rest } = kept
  const holds = hand?.until === undefined || Date.parse(hand.until) > now.getTime()
  const recent = told?.filter(({ arrived }) => Date.parse(arrived) + FORGOTTEN_MS > now.getTime())
  if (holds && recent?.length === told?.length) return kept
  return {
    ...rest,
    ...(hand !== undefined && holds && { hand }),
    ...(recent !== undefined && recent.length > 0 && { told: recent }),
  }
}

/** Who has asked for it: a person before a tool, the last of several. */
function askedFor({ told = [] }: Sleeper, to: Rest, since = ''): Told | undefined {
  const [last] = told
    .filter((one) => one.to === to && one.at >= since)
    .toSorted((a, b) => Number(a.tool) - Number(b.tool) || (a.at < b.at ? 1 : -1))
  return last
}

/**
 * Somebody has turned around what Caretaker began: it is seen where that call has brought it. An
 * event says so, or it was on its way already, or it has a number of tasks that nobody else gave it.
 * A number that is still as it was may as well be that of a call that had no effect yet.
 */
export function turned(seen: Seen, kept: Sleeper): boolean {
  const { moving } = kept
  const rest = restOf(seen)
  if (moving === undefined || moving.to === rest) return false
  if (askedFor(kept, rest, moving.since) !== undefined) return true
  if (moving.taken === true) return seen.size !== undefined || isBackOnItsWay(seen, moving)
  return seen.size !== undefined && isResized(seen, kept)
}

/**
 * A machine that was seen to stop, and starts, or the other way around, which somebody has asked for.
 * Where it stands still again AWS may have failed at what it was asked; an instance that cannot be
 * started AWS stops by itself.
 */
const isBackOnItsWay = ({ kind, phase }: Seen, { to }: NonNullable<Sleeper['moving']>): boolean =>
  to === 'asleep' ? phase === 'rising' : phase === 'falling' && kind !== 'instance'

/** Nothing scales it any more, and it has neither no task nor as many as before. */
function isResized({ size }: Seen, { moving, captured, toolSized }: Sleeper): boolean {
  if (size === undefined || captured === undefined || moving === undefined) return false
  const isAsked = moving.to === 'asleep' && moving.tries > 0 && moving.error === undefined
  const isHeld = isHeldDown(size.bounds) && toolSized !== true
  return isAsked && isHeld && size.desired > 0 && size.desired !== captured.desired
}

/** A move that is under way, with that it was seen so. The same object when nothing is new. */
export function taken(seen: Seen, kept: Sleeper): Sleeper {
  const { moving } = kept
  const isNew = moving !== undefined && moving.taken !== true
  return isNew && moving.to === restOf(seen) && moving.tries > 0
    ? { ...kept, moving: { ...moving, taken: true } }
    : kept
}

/** It was not Caretaker that has brought it where it is seen. */
export function byHand(seen: Seen, kept: Sleeper, said: Said | undefined, now: Date): Sleeper {
  const to = restOf(seen)
  const at = now.toISOString()
  const who = askedFor(kept, to, kept.moving?.since ?? kept.since)
  // With what was captured: its bounds may still be those of something asleep.
  const { moving: _, told: __, toolSized: ___, hand: ____, ...rest } = kept
  if (to === 'awake' && (who?.aws || (who === undefined && isOwnStart(seen, kept, now)))) {
    return { ...rest, rest: to, since: at, why: OWN_START }
  }
  if (to === 'awake' && who === undefined && isFirstImage(seen, kept)) {
    return { ...rest, rest: to, since: at, why: FIRST_IMAGE }
  }
  return {
    ...rest,
    rest: to,
    since: at,
    why: to === 'awake' ? 'started by hand' : 'stopped by hand',
    hand: handOf(who, { to, at: who?.at ?? at, until: said?.next?.at }),
    ...sizedBy(who, kept),
  }
}

/**
 * The hand of somebody, if it is known who.
 *
 * @param hand as it is while nobody knows who: as a person's.
 */
export function handOf(who: Omit<Told, 'to'> | undefined, hand: Hand): Hand {
  if (who === undefined) return hand
  const { by, tool } = who
  return tool ? { ...hand, by, tool, until: graceOf(who, hand.until) } : { ...hand, by }
}

/** Of what was asleep a tool does not know the number; a person's is meant. */
const sizedBy = (who: Told | undefined, { captured }: Sleeper): Pick<Sleeper, 'toolSized'> =>
  who?.tool && who.to === 'awake' && captured !== undefined ? { toolSized: true } : {}

/** The edge counts where it comes first. */
function graceOf({ arrived }: Pick<Told, 'arrived'>, edge: string | undefined): string {
  const end = Date.parse(arrived) + GRACE_MS
  return edge !== undefined && Date.parse(edge) <= end ? edge : new Date(end).toISOString()
}

/** It is where it was: an event may tell who has brought it there. */
export function refined(kept: Sleeper, said: Said | undefined): Sleeper {
  const { told = [], hand, toolSized, ...rest } = kept
  if (!told.some(({ to }) => to === kept.rest)) return kept
  const others = told.filter(({ to }) => to !== kept.rest)
  const who = askedFor(kept, kept.rest)
  const left = { ...rest, ...(others.length > 0 && { told: others }) }
  if (who === undefined || !tellsWho(kept, who)) {
    return { ...left, ...(hand && { hand }), ...(toolSized && { toolSized }) }
  }
  const { tool: _, ...before } = hand ?? { to: kept.rest, at: who.at }
  const own = handOf(who, { ...before, until: said?.next?.at })
  return { ...left, hand: own, ...sizedBy(who, kept) }
}

/**
 * Whether a call tells something new of what was done by hand: nobody is known yet, or a person did
 * what a tool had done. A tool's call that is later than what was seen has not brought it about.
 */
function tellsWho({ hand, why }: Sleeper, { to, at, tool, aws }: Told): boolean {
  if (aws) return false
  if (hand === undefined) return !tool && why === OWN_START
  if (hand.to !== to) return false
  if (!tool) return hand.tool === true || hand.by === undefined
  return hand.by === undefined && at <= hand.at
}

/** Whether what an event tells may change anything, so that it is worth a look. */
export function isNews(kept: Sleeper, one: Told): boolean {
  const { moving, rest, since } = kept
  if (moving !== undefined) return one.to !== moving.to && one.at >= moving.since
  return one.to === rest ? tellsWho(kept, one) : one.at >= since
}

/** Caretaker's own roll-out has given it its tasks: that is nobody's start. */
const isFirstImage = ({ rolledOut }: Seen, { problem }: Sleeper): boolean =>
  rolledOut === true && problem === NO_IMAGE

/** AWS itself has started a database that was stopped for seven days. Nobody has asked for that. */
const isOwnStart = ({ kind }: Seen, { rest, since }: Sleeper, now: Date): boolean =>
  (kind === 'database' || kind === 'cluster') &&
  rest === 'asleep' &&
  now.getTime() - Date.parse(since) >= LONGEST_STOP_MS
