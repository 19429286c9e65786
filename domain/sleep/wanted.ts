import { SHORTEST_SLEEP_SECONDS } from '../schedule/overrides.ts'
import type { Sleeper } from '../table/sleeper.ts'
import { type Needs, usersOf } from './needs.ts'
import { longest, type Named } from './overrides.ts'
import { isAwake, type Rest, type Seen } from './resource.ts'

/** A resource, and what Caretaker keeps of it. */
export type Subject = { seen: Seen; kept?: Sleeper | undefined }

/** What a schedule says at an instant; `next`: its next edge. */
export type Said = {
  state: 'running' | 'any' | 'stopped'
  reason: string
  next?: { at: string; state: 'running' | 'any' | 'stopped'; reason: string } | undefined
}

/** What should be so, and why. `as-it-is`: Caretaker has no business with it now. */
export type Want = { to: Rest | 'as-it-is'; reason: string }

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

/**
 * What every resource should be. A named person goes before a budget, that before a visitor, that
 * before idleness, and that before the schedule; what somebody did by hand stays until the next
 * edge; and what a running thing needs is not taken from it.
 */
export function wantedOf(scene: Scene): Map<string, Want> {
  const wants = new Map(scene.subjects.map((one) => [one.seen.id, ownWant(scene, one)]))
  const byId = new Map(scene.subjects.map((one) => [one.seen.id, one]))
  const users = usersOf(scene.needs)
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
  if (seen.works !== undefined) return { to: 'as-it-is', reason: seen.works }
  const back = said.next?.state === 'running' ? Date.parse(said.next.at) : Infinity
  if (kept?.moving?.to !== 'asleep' && back - scene.now.getTime() < SHORTEST_SLEEP_MS) {
    return { to: 'as-it-is', reason: 'it would be woken again at once' }
  }
  return want
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
  const isOver = keep !== undefined && hand?.tool === true && hand.to === 'asleep'
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
  if (idle !== undefined) return want('asleep', idle)
  if (said.state === 'any') return { to: 'as-it-is', reason: said.reason }
  return { to: said.state === 'running' ? 'awake' : 'asleep', reason: said.reason }
}

/** What was done by hand, in words. */
export function sayHand({ to, by, until, first }: NonNullable<Sleeper['hand']>): string {
  const did = to === 'awake' ? 'started' : 'stopped'
  const words = first ? `it was ${to} when it was first looked at` : `${did} by ${by ?? 'hand'}`
  return until === undefined ? words : `${words}; that holds until ${until}`
}
