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
  const parts = formatOf(timeZone).formatToParts(instant)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
  }
}

/** Milliseconds that the zone is ahead of UTC. */
function offset(instant: number, timeZone: string): number {
  const { date, time } = localTime(new Date(instant), timeZone)
  return Date.parse(`${date}T${time}Z`) - Math.floor(instant / 1000) * 1000
}

const DAY = 24 * 60 * 60_000

/**
 * The instant of a local time. One that the clocks leave out is the first minute after the gap; of
 * one that they repeat, the first.
 *
 * @param date `2026-03-29`
 * @param time `02:30`; `24:00` is midnight at the end of the day.
 */
export function instantOf(date: string, time: string, timeZone: string): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const wanted = Date.parse(`${date}T00:00:00Z`) + (hours * 60 + minutes) * 60_000
  const offsets = [offset(wanted - DAY, timeZone), offset(wanted + DAY, timeZone)]
  const fitting = offsets
    .map((ahead) => wanted - ahead)
    .filter((instant) => instant + offset(instant, timeZone) === wanted)
  if (fitting.length > 0) return new Date(Math.min(...fitting))
  // In the gap: somewhere between both readings the clocks were set.
  let [before, after] = [wanted - Math.max(...offsets), wanted - Math.min(...offsets)]
  const early = offset(before, timeZone)
  while (after - before > 60_000) {
    const middle = before + Math.floor((after - before) / 120_000) * 60_000
    if (offset(middle, timeZone) === early) before = middle
    else after = middle
  }
  return new Date(after)
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
