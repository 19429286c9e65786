/** Local time in the zones that `Intl` knows. Instants stay UTC; only what people read is local. */

const FORMATS = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  })
  FORMATS.set(timeZone, made)
  return made
}

/** What a clock on the wall shows: `2026-03-02`, `10:00:05`. */
export function localTime(instant: Date, timeZone: string): { date: string; time: string } {
  const [date = '', time = ''] = new Date(wallClock(instant.getTime(), timeZone))
    .toISOString()
    .split(/[T.]/)
  return { date, time }
}

/** Milliseconds that the zone is ahead of UTC, as `Intl` says. */
function measured(instant: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instant)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const date = `${part('year')}-${part('month')}-${part('day')}`
  const time = `${part('hour')}:${part('minute')}:${part('second')}`
  return Date.parse(`${date}T${time}Z`) - Math.floor(instant / 1000) * 1000
}

export const DAY = 24 * 60 * 60_000

/** By zone and day of UTC: `Intl` takes microseconds, and a year of a schedule asks for millions. */
const OFFSETS = new Map<string, Map<number, number>>()
const MOST_DAYS = 20_000

function offsetAtMidnight(day: number, timeZone: string): number {
  const days = OFFSETS.get(timeZone) ?? new Map<number, number>()
  const known = days.get(day)
  if (known !== undefined) return known
  const found = measured(day * DAY, timeZone)
  if (days.size > MOST_DAYS) days.clear()
  OFFSETS.set(timeZone, days.set(day, found))
  return found
}

/** By zone and day of UTC, the instant at which the clocks are set: the only one in that day. */
const CHANGES = new Map<string, Map<number, number>>()

function changeIn(day: number, timeZone: string): number {
  const days = CHANGES.get(timeZone) ?? new Map<number, number>()
  const known = days.get(day)
  if (known !== undefined) return known
  const begin = offsetAtMidnight(day, timeZone)
  let [before, after] = [day * DAY, (day + 1) * DAY]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (measured(middle, timeZone) === begin) before = middle
    else after = middle
  }
  if (days.size > MOST_DAYS) days.clear()
  CHANGES.set(timeZone, days.set(day, after))
  return after
}

/** Milliseconds that the zone is ahead of UTC. No zone sets its clocks forth and back in one day. */
function offset(instant: number, timeZone: string): number {
  const day = Math.floor(instant / DAY)
  const begin = offsetAtMidnight(day, timeZone)
  const end = offsetAtMidnight(day + 1, timeZone)
  if (begin === end) return begin
  return instant < changeIn(day, timeZone) ? begin : end
}

/**
 * What a clock on the wall shows at an instant: the milliseconds since 1970 at which a clock in UTC
 * would show the same.
 */
export const wallClock = (instant: number, timeZone: string): number =>
  instant + offset(instant, timeZone)

/**
 * The instant of a local time. One that the clocks leave out is the first minute after the gap; of
 * one that they repeat, the first.
 *
 * @param date `2026-03-29`
 * @param time `02:30`; `24:00` is midnight at the end of the day.
 */
export function instantOf(date: string, time: string, timeZone: string): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const wall = Date.parse(`${date}T00:00:00Z`) + (hours * 60 + minutes) * 60_000
  return new Date(instantOfWall(wall, timeZone))
}

/** The same for a time as `wallClock` says it, in milliseconds. */
export function instantOfWall(wanted: number, timeZone: string): number {
  const offsets = [offset(wanted - DAY, timeZone), offset(wanted + DAY, timeZone)]
  const fitting = offsets
    .map((ahead) => wanted - ahead)
    .filter((instant) => instant + offset(instant, timeZone) === wanted)
  if (fitting.length > 0) return Math.min(...fitting)
  // In the gap: somewhere between both readings the clocks were set.
  let [before, after] = [wanted - Math.max(...offsets), wanted - Math.min(...offsets)]
  const early = offset(before, timeZone)
  while (after - before > 60_000) {
    const middle = before + Math.floor((after - before) / 120_000) * 60_000
    if (offset(middle, timeZone) === early) before = middle
    else after = middle
  }
  return after
}

/** Minutes by which the clocks are set forward (or back, below 0) on a day: 60 on `2026-03-29`. */
export function clockChange(date: string, timeZone: string): number {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const [begin, end] = [midnight, midnight + DAY].map((wall) => instantOfWall(wall, timeZone))
  return (DAY - ((end ?? 0) - (begin ?? 0))) / 60_000
}

/** The day before or after: `2026-03-01`. */
export const dayAfter = (date: string, days = 1): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'].concat([
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
])

/** `2 Mar 10:00` */
export function dateAndTime(at: string, timeZone: string): string {
  const { date, time } = localTime(new Date(at), timeZone)
  const [, month, day] = date.split('-').map(Number)
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${time.slice(0, 5)}`
}

/** `10:00` on the same day as `beside`, else `2 Mar 10:00`; an unreadable instant as it is. */
export function clock(at: string, timeZone: string, beside: string): string {
  if (Number.isNaN(Date.parse(at))) return at
  const { date, time } = localTime(new Date(at), timeZone)
  const same = date === localTime(new Date(beside), timeZone).date
  return same ? time.slice(0, 5) : dateAndTime(at, timeZone)
}
