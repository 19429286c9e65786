import { DAY, instantOfWall, wallClock } from '../local-time.ts'
import type { Holidays } from './calendar.ts'
import { type Reading, readPeriod, type Stretch } from './period.ts'
import type { Stand, State, Timeline } from './timeline.ts'
import type { Schedule } from './written.ts'

/** A day on which nothing starts, and what it is. */
export type Holiday = { day: number; what: string }

export type OwnProps = {
  schedule: Schedule
  /** Days on which nothing starts. */
  holidays: Holidays
  timeZone: string
  /** Milliseconds that a wake takes. */
  wake: number
}

/** Days by which a window may reach beyond its own: it ends on the next, or begins early. */
const REACH = 2
const YEAR = 366

/** A schedule by itself, without what people have asked for. */
export class OwnTimeline implements Timeline {
  readonly #periods: readonly Reading[]
  readonly #holidays: Holidays
  readonly #lastHoliday: number
  readonly #name: string
  readonly #calendar: string
  readonly #wake: number
  /** The last answer of `changeAfter`: the state is one from `from` to `change`. */
  #known = { from: 0, change: 0 }
  /** The last answers of `at`: a sweep asks for many resources at one instant. */
  readonly #stands = new Map<number, Stand>()

  constructor({ schedule, holidays, timeZone, wake }: OwnProps) {
    const { name, running, calendar = '' } = schedule
    const zone = schedule.timeZone ?? timeZone
    this.#periods = running.map((period) => readPeriod(period, period.timeZone ?? zone))
    this.#holidays = holidays
    this.#lastHoliday = [...holidays.keys()].reduce((last, day) => Math.max(last, day), 0)
    this.#name = name === undefined ? '' : `${name}: `
    this.#calendar = calendar
    this.#wake = wake
  }

  at(instant: number): Stand {
    const known = this.#stands.get(instant)
    if (known !== undefined) return known
    const stand = this.#standAt(instant)
    if (this.#stands.size > 16) this.#stands.clear()
    this.#stands.set(instant, stand)
    return stand
  }

  #standAt(instant: number): Stand {
    const states = this.#periods.map((period) => this.#stateIn(period, instant))
    const says = (state: State) => this.#periods[states.indexOf(state)]?.says
    const running = says('running')
    if (running !== undefined) return { state: 'running', reason: `${this.#name}${running}` }
    const any = says('any')
    if (any === undefined) return { state: 'stopped', reason: this.#restAt(instant) }
    return { state: 'any', reason: `${this.#name}${any}, until then as it is` }
  }

  changeAfter(instant: number): number {
    const { from, change } = this.#known
    if (from <= instant && instant < change) return change
    const { state } = this.at(instant)
    const last = this.#lastDay(instant, state)
    let next = instant
    do {
      next = this.#boundaryAfter(next, last)
    } while (next < last * DAY && this.at(next).state === state)
    this.#known = { from: instant, change: next < last * DAY ? next : Number.POSITIVE_INFINITY }
    return this.#known.change
  }

  /** The holidays on which it would have started, from one instant's day to another's. */
  holidays(from: number, until: number): Holiday[] {
    const isMeant = (day: number) => (period: Reading) =>
      period.startsOn(day) && dayAt(from, period.zone) <= day && day <= dayAt(until, period.zone)
    return [...this.#holidays]
      .filter(([day]) => this.#periods.some(isMeant(day)))
      .map(([day, what]) => ({ day, what }))
      .toSorted((a, b) => a.day - b.day)
  }

  #starts(period: Reading, day: number): boolean {
    return period.startsOn(day) && !this.#holidays.has(day)
  }

  #stateIn(period: Reading, instant: number): State {
    const today = dayAt(instant, period.zone)
    let state: State = 'stopped'
    for (let day = today - REACH; day <= today + REACH; day++) {
      if (!this.#starts(period, day)) continue
      for (const stretch of period.stretches(day, this.#wake)) {
        if (!isDuring(instant)(stretch)) continue
        if (stretch.state === 'running') return 'running'
        state = 'any'
      }
    }
    return state
  }

  /** Why nothing runs: a holiday, or the hours. */
  #restAt(instant: number): string {
    for (const period of this.#periods) {
      const today = dayAt(instant, period.zone)
      for (const day of [today, today - 1, today + 1]) {
        const what = this.#holidays.get(day)
        if (what === undefined || !period.startsOn(day)) continue
        if (day === today || period.stretches(day, this.#wake).some(isDuring(instant))) {
          return `${what} is in the calendar ${this.#calendar}`
        }
      }
    }
    const [first = '', second, ...more] = this.#periods.map(({ says }) => says)
    const others = more.length === 0 ? [second] : [second, `${more.length} more`]
    return `${this.#name}outside ${[first, ...others].filter(Boolean).join(' and ')}`
  }

  /** The next begin or end of a stretch. */
  #boundaryAfter(instant: number, last: number): number {
    return Math.min(...this.#periods.map((period) => this.#boundaryOf(period, instant, last)))
  }

  #boundaryOf(period: Reading, instant: number, last: number): number {
    const today = dayAt(instant, period.zone)
    if (period.isWholeDay) return this.#edgeOfDays(period, today, last)
    let found = Number.POSITIVE_INFINITY
    let day = this.#nextStart(period, today - REACH, last)
    while (day !== undefined && (day - REACH - 1) * DAY <= found) {
      for (const { begin, end } of period.stretches(day, this.#wake)) {
        if (begin >= end) continue
        if (begin > instant) found = Math.min(found, begin)
        if (end > instant) found = Math.min(found, end)
      }
      day = this.#nextStart(period, day + 1, last)
    }
    return found
  }

  /** Of whole days that follow each other, the end of the last or the begin of the first. */
  #edgeOfDays(period: Reading, today: number, last: number): number {
    let day: number | undefined = today
    if (this.#starts(period, today)) while (day <= last && this.#starts(period, day)) day++
    else day = this.#nextStart(period, today + 1, last)
    const isFound = day !== undefined && day <= last
    return isFound ? instantOfWall((day ?? 0) * DAY, period.zone) : Number.POSITIVE_INFINITY
  }

  #nextStart(period: Reading, from: number, last: number): number | undefined {
    let day = period.nextStart(from, last)
    while (day !== undefined && this.#holidays.has(day)) day = period.nextStart(day + 1, last)
    return day
  }

  /** The day up to which a change is looked for; what has not changed by then never does. */
  #lastDay(instant: number, state: State): number {
    const today = Math.floor(instant / DAY)
    const lastHoliday = Math.min(this.#lastHoliday, today + 41 * YEAR)
    return Math.max(today, lastHoliday) + longestWait(this.#periods, state)
  }
}

const isDuring =
  (instant: number) =>
  ({ begin, end }: Stretch): boolean =>
    begin <= instant && instant < end

/** The day, from its midnight to the next, that an instant lies in. */
function dayAt(instant: number, zone: string): number {
  const day = Math.floor(wallClock(instant, zone) / DAY)
  // After midnight, clocks may be set back into the evening before.
  return instantOfWall((day + 1) * DAY, zone) <= instant ? day + 1 : day
}

/**
 * Days until a state has changed, if it ever does. Weeks are all the same, but for the clocks: two
 * zones change them on different days, and only wall clocks move what must be ready. A date and a
 * day of the week meet again within 40 years; a day that is left out is 29 February at the rarest.
 */
function longestWait(periods: readonly Reading[], state: State): number {
  if (!periods.every(({ isWeekly }) => isWeekly)) return (state === 'stopped' ? 41 : 9) * YEAR
  const zones = new Set(periods.map(({ zone }) => zone))
  return zones.size > 1 || periods.some(({ isReadyBy }) => isReadyBy) ? 2 * YEAR : 15
}
