import { SHORTEST_SLEEP_SECONDS } from '../schedule/overrides.ts'
import type { Said } from '../schedule/scheduled.ts'
import type { Sleeper } from '../table/sleeper.ts'
import { type Needs, usersOf } from './needs.ts'
import { longest, type Named } from './overrides.ts'
import { FIRST_LOOK, isAwake, type Rest, type Seen } from './resource.ts'

/** A resource, and what Caretaker keeps of it. */
export type Subject = { seen: Seen; kept?: Sleeper | undefined }

/** What should be so, and why. `as-it-is`: Caretaker has no business with it now. */
export type Want = {
  to: Rest | 'as-it-is'
  reason: string
  /** It would be put to sleep, and is at work. */
  works?: true
  /** It sleeps for longer than AWS keeps what is in memory. */
  isLong?: boolean
}

/** Everything that is decided on. */
export type Scene = {
  subjects: readonly Subject[]
  overrides: readonly Named[]
  needs: Needs
  /** Undefined for a schedule that nobody knows. */
  says(schedule: string): Said | undefined
  now: Date
}

/** A shorter sleep costs more than it saves: stopping and starting take about as long. */
const SHORTEST_SLEEP_MS = SHORTEST_SLEEP_SECONDS * 1000
/** What comes after others that have begun may sleep for less: half of it would be left awake. */
const SHORTEST_LATER_MS = 10 * 60_000
/** Tiers follow each other within that time. */
const FOLLOWS_MS = SHORTEST_SLEEP_MS - SHORTEST_LATER_MS

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html: 60 days. */
const LONGEST_HIBERNATION_MS = 60 * 24 * 60 * 60_000

/**
 * What every resource should be. A named person goes before a budget, that before a visitor, that
 * before idleness, and that before the schedule; what somebody did by hand stays until the next
 * edge; and what a running thing needs is not taken from it.
 */
export function wantedOf(scene: Scene): Map<string, Want> {
  const byId = new Map(scene.subjects.map((one) => [one.seen.id, one]))
  const users = usersOf(scene.needs)
  const starts = startsOf(scene, users, byId)
  const begun = begunBefore(scene, starts)
  const wants = new Map(
    scene.subjects.map((one) => {
      const want = ownWant(scene, one)
      const start = starts.get(one.seen.id) ?? Infinity
      return [one.seen.id, unlessTooLate(want, one, { start, begun, now: scene.now })]
    }),
  )
  const whole = new Map(wants)
  for (const [id, want] of wants) {
    if (want.to === 'awake') continue
    const found = [...(users.get(id) ?? [])].flatMap((user) => {
      const subject = byId.get(user)
      return subject === undefined ? [] : [{ subject, want: wants.get(user) ?? want }]
    })
    const raised = raisedBy(found, byId.get(id), want)
    const own = byId.get(id)
    if (raised !== undefined) whole.set(id, raised)
    else if (want.to === 'as-it-is' && own !== undefined && isInTime(scene, own)) {
      whole.set(id, { ...want, to: 'awake' })
    }
  }
  return whole
}

/**
 * Somebody has started it, and it should run anyway: it is brought up whole. Its bounds may still be
 * those of something asleep.
 */
const isInTime = ({ says }: Scene, { seen, kept }: Subject): boolean =>
  kept?.hand?.to === 'awake' &&
  kept.captured !== undefined &&
  seen.refuses === undefined &&
  says(seen.schedule)?.state === 'running'

/** What a resource is kept up for by those that need it. */
function raisedBy(
  users: readonly { subject: Subject; want: Want }[],
  own: Subject | undefined,
  { to }: Want,
): Want | undefined {
  if (own?.seen.refuses !== undefined || own?.kept?.hand?.to === 'asleep') return undefined
  const wanted = users.find(({ want }) => want.to === 'awake')
  if (wanted !== undefined) {
    const { seen } = wanted.subject
    return { to: 'awake', reason: `${seen.name} needs it: ${wanted.want.reason}` }
  }
  const started = users.find(({ subject, want }) => want.to === 'as-it-is' && isAwake(subject.seen))
  if (started === undefined) return undefined
  const { seen, kept } = started.subject
  const reason = `${seen.name} needs it and is awake: ${started.want.reason}`
  // What somebody has started by hand does not answer without what it needs.
  if (kept?.hand?.to === 'awake') return { to: 'awake', reason }
  return to === 'asleep' ? { to: 'as-it-is', reason } : undefined
}

function ownWant(scene: Scene, { seen, kept }: Subject): Want {
  const said = scene.says(seen.schedule)
  if (said === undefined) {
    return { to: 'as-it-is', reason: `there is no schedule ${seen.schedule}` }
  }
  if (seen.refuses !== undefined) return { to: 'as-it-is', reason: seen.refuses }
  const want = asAsked(scene, { seen, kept }, said)
  if (want.to !== 'asleep' || !isAwake(seen)) return want
  if (seen.works !== undefined) return { to: 'as-it-is', reason: seen.works, works: true }
  return isLong(said, scene.now) ? { ...want, isLong: true } : want
}

/** It sleeps by its schedule, and for longer than AWS keeps what is in memory. */
function isLong({ state, next }: Said, now: Date): boolean {
  const start = next?.state === 'running' ? Date.parse(next.at) : Infinity
  return state === 'stopped' && start - now.getTime() > LONGEST_HIBERNATION_MS
}

/** When each is started by a schedule the next time, its own or that of what needs it; milliseconds. */
function startsOf(
  { subjects, says }: Scene,
  users: ReadonlyMap<string, ReadonlySet<string>>,
  byId: ReadonlyMap<string, Subject>,
): Map<string, number> {
  const own = ({ seen: { schedule } }: Subject): number[] => {
    const next = says(schedule)?.next
    return next?.state === 'running' ? [Date.parse(next.at)] : []
  }
  return new Map(
    subjects.map((one) => {
      const needing = [...(users.get(one.seen.id) ?? [])].flatMap((id) => byId.get(id) ?? [])
      return [one.seen.id, Math.min(Infinity, ...[one, ...needing].flatMap(own))]
    }),
  )
}

/** The starts before which Caretaker puts something to sleep at this moment. */
function begunBefore({ subjects, now }: Scene, starts: ReadonlyMap<string, number>): Set<number> {
  const isFalling = ({ kept }: Subject): boolean => {
    if (kept === undefined || kept.hand !== undefined) return false
    if (kept.moving !== undefined) return kept.moving.to === 'asleep'
    const isRecent = now.getTime() - Date.parse(kept.since) < FOLLOWS_MS
    return kept.rest === 'asleep' && kept.why !== FIRST_LOOK && isRecent
  }
  return new Set(subjects.filter(isFalling).flatMap(({ seen: { id } }) => starts.get(id) ?? []))
}

/**
 * Nothing begins to sleep so late that it would be woken again at once; what others have begun is
 * finished, so that no half of an environment is left awake.
 */
function unlessTooLate(
  want: Want,
  { seen, kept }: Subject,
  { start, begun, now }: { start: number; begun: ReadonlySet<number>; now: Date },
): Want {
  if (want.to !== 'asleep' || !isAwake(seen) || kept?.moving?.to === 'asleep') return want
  const shortest = begun.has(start) ? SHORTEST_LATER_MS : SHORTEST_SLEEP_MS
  if (start - now.getTime() >= shortest) return want
  return { to: 'as-it-is', reason: 'it would be woken again at once' }
}

/** By the strongest that has a say. */
function asAsked({ overrides, now }: Scene, { seen, kept }: Subject, said: Said): Want {
  const by = (kind: Rest, source: Named['source']): Named | undefined =>
    longest(overrides, seen, { kind, source, now })
  const want = (to: Rest, one: Named): Want => ({
    to,
    reason: `${to === 'awake' ? 'kept awake' : 'put to sleep'} by ${one.by} until ${one.until}${one.why === '' ? '' : `: ${one.why}`}`,
  })
  const hand = kept?.hand
  const keep = by('awake', 'person')
  const rest = by('asleep', 'person')
  const person = keep ?? rest
  // A tool does not stop what a person keeps awake.
  const isOver =
    (keep !== undefined && hand?.tool === true && hand.to === 'asleep') ||
    isUnusedSince(hand, by('asleep', 'idle'))
  if (hand !== undefined && !isOver && !(person !== undefined && person.from > hand.at)) {
    return { to: 'as-it-is', reason: sayHand(hand) }
  }
  if (keep !== undefined) return want('awake', keep)
  if (rest !== undefined) return want('asleep', rest)
  const budget = by('asleep', 'budget')
  if (budget !== undefined) return want('asleep', budget)
  const visitor = by('awake', 'visitor')
  if (visitor !== undefined) return want('awake', visitor)
  const idle = by('asleep', 'idle')
  if (idle !== undefined) return { to: 'asleep', reason: `nobody uses it: ${idle.why}` }
  if (said.state === 'any') return { to: 'as-it-is', reason: said.reason }
  return { to: said.state === 'running' ? 'awake' : 'asleep', reason: said.reason }
}

/** Without an edge to come, a start by hand would hold for ever: it holds while it is used. */
const isUnusedSince = (hand: Sleeper['hand'], idle: Named | undefined): boolean =>
  hand?.to === 'awake' && hand.until === undefined && idle !== undefined && idle.from > hand.at

/** What was done by hand, in words. */
export function sayHand({ to, by, until, first }: NonNullable<Sleeper['hand']>): string {
  const did = to === 'awake' ? 'started' : 'stopped'
  const words = first ? `it was ${to} when it was first looked at` : `${did} by ${by ?? 'hand'}`
  return until === undefined ? words : `${words}; that holds until ${until}`
}
