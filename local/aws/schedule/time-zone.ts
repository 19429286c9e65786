/**
 * Wall clocks. A wall-clock time is kept as the milliseconds it would be in UTC, so that its parts
 * can be read and set with `Date`'s UTC methods.
 */
const DAY = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether this is the name of a time zone in the IANA database. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    formatOf(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** What clocks on the wall show in a zone at an instant (milliseconds since the epoch). */
export function wallClock(instant: number, zone: string): number {
  if (zone === 'UTC') return instant
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The first instant at which clocks show `wall`; undefined when they jump over it. */
export function instantOf(wall: number, zone: string): number | undefined {
  if (zone === 'UTC') return wall
  // The offsets before and after any change of the clocks that day; what clocks show twice they
  // show first with the one before.
  const offsets = [wall - DAY, wall + DAY].map((near) => wallClock(near, zone) - near)
  return offsets.map((offset) => wall - offset).find((instant) => wallClock(instant, zone) === wall)
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}
