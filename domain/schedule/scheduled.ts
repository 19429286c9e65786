import { DAY } from '../local-time.ts'
import { isTimeZone } from '../say-time.ts'
import { cut } from '../text.ts'
import { type Holidays, holidaysOf } from './calendar.ts'
import { type Order, Overlay, type Override, override, readOrder } from './overrides.ts'
import { OwnTimeline } from './own.ts'
import { alwaysOn, type State, type Timeline } from './timeline.ts'
import {
  ALWAYS_ON,
  type Calendar,
  calendar as isCalendar,
  type Schedule,
  schedule as written,
} from './written.ts'

export type { Override } from './overrides.ts'
export type { Calendar, Schedule } from './written.ts'

/** A change of the state; `at` is ISO 8601 in UTC, `reason` what holds from then on. */
export type Edge = { at: string; state: State; reason: string }

/**
 * What should be so, and why. `any`: it may run and may sleep, nothing is started or stopped.
 * `next` is absent if it stays so for good.
 */
export type Said = { state: State; reason: string; next?: Edge }

export type Input = {
  schedule: Schedule | typeof ALWAYS_ON
  /** By name, as schedules name them. */
  calendars: Readonly<Record<string, Calendar>>
  overrides: readonly Override[]
  /** The environment's zone, for schedules that name none. */
  timeZone: string
  /** How long a wake takes, for what must be ready at a time. */
  wakeSeconds?: number | undefined
}

/** The last instant that is looked at: the year 9000. */
const MOST = 221_845_392_000_000
const LONGEST_WAKE = 24 * 60 * 60_000

/**
 * What should be so at an instant. Total: whatever cannot be read is `any`, with what it is as the
 * reason, so that nothing is started or stopped because of it.
 */
export function scheduled(input: Input, at: Date): Said {
  const timeline = timelineOf(input)
  const instant = at.getTime()
  if (typeof timeline === 'string') return { state: 'any', reason: timeline }
  if (!(Math.abs(instant) < MOST)) return { state: 'any', reason: 'the instant cannot be read' }
  const next = edgeAfter(timeline, instant)
  return { ...timeline.at(instant), ...(next && { next }) }
}

/** The changes of the state from one instant up to, and without, another. */
export function edges(input: Input, from: Date, to: Date): Edge[] {
  const found: Edge[] = []
  for (const edge of edgesAfter(input, new Date(from.getTime() - 1))) {
    if (Date.parse(edge.at) >= to.getTime()) break
    found.push(edge)
  }
  return found
}

/** The changes of the state after an instant, one after the other, as long as somebody asks. */
export function* edgesAfter(input: Input, after: Date): Generator<Edge, undefined> {
  const timeline = timelineOf(input)
  if (typeof timeline === 'string') return
  let instant = after.getTime()
  while (Math.abs(instant) < MOST) {
    const edge = edgeAfter(timeline, instant)
    if (edge === undefined) return
    yield edge
    instant = Date.parse(edge.at)
  }
}

/** A date with what it is: `2026-12-25`, `Christmas Day`. */
export type SleptThrough = { date: string; what: string }

/** When it runs again, and which holidays it sleeps through until then. */
export type NextRun = Edge & { because: SleptThrough[] }

/** What has no sleep among so many changes has none at all: it runs, or is left as it is. */
const MOST_EDGES = 1000

/**
 * When it next starts: after the sleep it is in, or after the next one. Absent if it never does.
 */
export function nextRun(input: Input, at: Date): NextRun | undefined {
  let isAsleep = scheduled(input, at).state === 'stopped'
  let since = at
  let looked = 0
  for (const edge of edgesAfter(input, at)) {
    if (looked++ > MOST_EDGES) return undefined
    if (edge.state === 'running' && isAsleep) {
      return { ...edge, because: holidaysBetween(input, since, new Date(edge.at)) }
    }
    if (edge.state === 'stopped' && !isAsleep) {
      isAsleep = true
      since = new Date(edge.at)
    }
  }
  return undefined
}

/** The holidays, from one day to another, on which it would have run. */
export function holidaysBetween(input: Input, from: Date, until: Date): SleptThrough[] {
  const own = ownTimeline(input.schedule, input)
  if (!(own instanceof OwnTimeline)) return []
  return own.holidays(from.getTime(), until.getTime()).map(({ day, what }) => ({
    date: new Date(day * DAY).toISOString().slice(0, 10),
    what,
  }))
}

function edgeAfter(timeline: Timeline, instant: number): Edge | undefined {
  const at = timeline.changeAfter(instant)
  return at < MOST ? { at: new Date(at).toISOString(), ...timeline.at(at) } : undefined
}

/** With what people have asked for; a sentence if something of it cannot be read. */
function timelineOf(input: Input): Timeline | string {
  const own = ownTimeline(input.schedule, input)
  if (typeof own === 'string' || input.overrides.length === 0) return own
  const orders: Order[] = []
  for (const one of input.overrides) {
    const isChecked = override.safeParse(one).success
    const other = isChecked ? one.schedule : undefined
    const instead = other === undefined ? undefined : ownTimeline(other, input)
    if (typeof instead === 'string') return instead
    const order = isChecked ? readOrder(one, instead) : undefined
    if (order === undefined) return 'what somebody has asked for cannot be read'
    orders.push(order)
  }
  return new Overlay(own, orders, input.timeZone)
}

type Prepared = {
  calendars: Input['calendars']
  timeZone: string
  wake: number
  own: OwnTimeline | string
}
/** A sweep asks for many resources by one schedule, again and again. */
const PREPARED = new WeakMap<object, Prepared>()

function ownTimeline(schedule: Input['schedule'], input: Input): Timeline | string {
  if (schedule === ALWAYS_ON) return alwaysOn
  if (typeof schedule !== 'object' || schedule === null) return 'the schedule cannot be read'
  const { calendars, timeZone } = input
  const wake = wakeOf(schedule, input.wakeSeconds)
  const known = PREPARED.get(schedule)
  const isSame =
    known?.calendars === calendars && known.timeZone === timeZone && known.wake === wake
  if (known !== undefined && isSame) return known.own
  const own = prepare(schedule, { calendars, timeZone, wake })
  PREPARED.set(schedule, { calendars, timeZone, wake, own })
  return own
}

/** Milliseconds; 0 where it makes no difference. */
function wakeOf({ running }: Schedule, seconds = 0): number {
  const isAsked = Array.isArray(running) && running.some((period) => period?.ready !== undefined)
  return isAsked && seconds > 0 ? Math.min(Math.round(seconds * 1000), LONGEST_WAKE) : 0
}

function prepare(
  schedule: Schedule,
  { calendars, timeZone, wake }: Omit<Prepared, 'own'>,
): OwnTimeline | string {
  const name = schedule.name ?? 'the schedule'
  if (!written.safeParse(schedule).success) return `${name} cannot be read`
  if (!isTimeZone(timeZone)) return `the time zone ${cut(timeZone, 50)} is not known`
  const holidays = holidaysFor(schedule, calendars)
  if (holidays === undefined) return `${name}: its calendar ${schedule.calendar} cannot be read`
  return new OwnTimeline({ schedule, holidays, timeZone, wake })
}

function holidaysFor(
  { calendar, holidays = 'sleep' }: Schedule,
  calendars: Input['calendars'],
): Holidays | undefined {
  if (calendar === undefined) return new Map()
  const days = Object.hasOwn(calendars, calendar) ? calendars[calendar] : undefined
  const found = isCalendar.safeParse(days).success ? holidaysOf(days ?? {}) : undefined
  return found === undefined || holidays === 'sleep' ? found : new Map()
}
