import type { Said } from '../schedule/scheduled.ts'
import { WHEN_NEEDED } from '../schedule/written.ts'
import type { Sleeper } from '../table/sleeper.ts'
import { type Held, heldIn, toldAt, withHeld } from './held.ts'
import { idleLook } from './idle.ts'
import { type Needs, needsOf, type Uses } from './needs.ts'
import { noted } from './noted.ts'
import { holds, type Named } from './overrides.ts'
import type { Seen } from './resource.ts'
import { type Refusal, refused, settled } from './settle.ts'
import { type Known, type Steps, stepsOf } from './steps.ts'
import { NOTICE_MS, QUESTION_MS } from './times.ts'
import { wantedOf } from './wanted.ts'

/** What was read, all of it at one moment. */
export type Read = {
  seen: readonly Seen[]
  sleepers: ReadonlyMap<string, Sleeper>
  overrides: readonly Named[]
  /** Why data stores must stay up, whatever the schedules say. */
  works?: string | undefined
  /** What could not be read: until it can, nothing is moved. */
  unread?: string | undefined
  /** Resources of which what is kept cannot be read: nothing is done to them. */
  unreadable?: ReadonlySet<string>
  /** What AWS has refused since the look before. */
  refusals?: readonly Refusal[]
}

/** What the catalog says. */
export type Rules = {
  uses: Readonly<Record<string, Uses>>
  says(schedule: string): Said | undefined
}

export type Decided = {
  known: Known[]
  /** What of it is not what was kept: to be written. */
  changed: Known[]
  steps: Steps
  needs: Needs
  /** What keeps from sleeping what is to sleep, by the resource's id. */
  held: ReadonlyMap<string, Held>
}

/** What is to be done now, and what is new about what is kept. Reads nothing. */
export function decide(read: Read, rules: Rules, now: Date): Decided {
  const { seen, sleepers, overrides, works, unread, unreadable, refusals = [] } = read
  const subjects = seen.map((one) => {
    const before = sleepers.get(one.id)
    const refusal = refusals.find(({ of }) => of.includes(one.id))
    const kept = before && refusal ? refused(before, refusal, now) : before
    const said = rules.says(one.schedule)
    return { seen: one, before, kept: noted(settled({ seen: one, kept }, said, now), one, said) }
  })
  const needs = needsOf(seen, rules.uses)
  const wants = wantedOf({ subjects, overrides, needs, says: rules.says, now })
  const wanted = subjects.map(({ seen: one, kept }) => ({
    seen: one,
    kept,
    want: wants.get(one.id) ?? { to: 'as-it-is' as const, reason: '' },
  }))
  const steps = stepsOf(wanted, needs, now, { works, unread })
  const held = heldIn(wanted, steps, now)
  const known = wanted.map((one) => withHeld(one, held.get(one.seen.id)))
  return {
    known,
    changed: known.filter(
      ({ seen: { id }, kept }, place) =>
        kept !== subjects[place]?.before && unreadable?.has(id) !== true,
    ),
    ...{ steps, needs, held },
  }
}

/**
 * The next instant at which anything may be different: an edge, the notice before one, the end of
 * an override and the question before it, the end of what was done by hand, the time at which it is
 * told what holds something, a look at whether anybody uses something. Undefined when there is none.
 */
export function nextInstant(
  { known, held }: Decided,
  read: Read,
  rules: Rules,
  now: Date,
): Date | undefined {
  const edges = [...new Set(known.map(({ seen }) => seen.schedule))].flatMap((schedule) => {
    // Its edges are those of the others that are here: what nothing here follows moves nothing.
    if (schedule === WHEN_NEEDED) return []
    const next = rules.says(schedule)?.next
    if (next === undefined) return []
    const at = Date.parse(next.at)
    return next.state === 'stopped' ? [at - NOTICE_MS, at] : [at]
  })
  const ends = read.overrides
    .filter((one) => holds(one, now) || Date.parse(one.from) > now.getTime())
    .flatMap(({ from, until }) => {
      const end = Date.parse(until)
      return [Date.parse(from), end - QUESTION_MS, end]
    })
  const works = known.flatMap((one) => {
    const own = held.get(one.seen.id)
    return own === undefined ? [] : [toldAt(one, own)]
  })
  const hands = known.flatMap(({ kept: { hand } }) => Date.parse(hand?.until ?? '') || [])
  const looks = known.flatMap(({ seen, kept }) => {
    const look = kept.rest === 'awake' ? idleLook(seen, kept) : undefined
    return look === undefined ? [] : [look.getTime()]
  })
  const soonest = Math.min(
    ...[...edges, ...ends, ...hands, ...works, ...looks].filter((at) => at > now.getTime()),
  )
  return Number.isFinite(soonest) ? new Date(soonest) : undefined
}
