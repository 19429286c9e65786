import type { Seen } from './resource.ts'

/** `03:00-03:30` each day, or `sun:03:00-sun:03:30` each week, in UTC. */
const WINDOW = /^(?:([a-z]{3}):)?([01]\d|2[0-3]):([0-5]\d)-/i
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const [HALF_HOUR_MS, DAY_MS] = [30 * 60_000, 24 * 60 * 60_000]
/** Days that are looked at: a weekly window opens on two of them. */
const LOOKED_AT = 14
/** Days on which a window that is proposed is tried. */
const TRIED = 7

/** When a window opens in the coming two weeks; none where it cannot be read. */
export function openings(window: string, now: Date): Date[] {
  const [, day, hour, minute] = WINDOW.exec(window) ?? []
  if (hour === undefined || minute === undefined) return []
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const time = (Number(hour) * 60 + Number(minute)) * 60_000
  return Array.from(
    { length: LOOKED_AT },
    (_, days) => new Date(midnight + days * DAY_MS + time),
  ).filter((at) => at > now && (day === undefined || DAYS[at.getUTCDay()] === day.toLowerCase()))
}

/** Whether it is to run at an instant, by the schedules alone. */
type Runs = (at: Date) => boolean

/** The windows that open only while the database sleeps. */
export function missedWindows(
  { windows = {} }: Pick<Seen, 'windows'>,
  runsAt: Runs,
  now: Date,
): { backup?: string; maintenance?: string } {
  const isMissed = (window: string): boolean => {
    const opened = openings(window, now)
    return opened.length > 0 && !opened.some(runsAt)
  }
  const { backup, maintenance } = windows
  return {
    ...(backup !== undefined && isMissed(backup) && { backup }),
    ...(maintenance !== undefined && isMissed(maintenance) && { maintenance }),
  }
}

/**
 * Half an hour of the day in which it runs on as many days as in any other, from the middle of those
 * there are; undefined where it never runs: `11:30-12:00`, in UTC.
 */
export function fittingWindow(runsAt: Runs, now: Date): string | undefined {
  const midnight = (Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS
  const slots = Array.from({ length: DAY_MS / HALF_HOUR_MS - 1 }, (_, slot) => {
    const days = Array.from({ length: TRIED }, (__, day) => {
      const at = midnight + day * DAY_MS + slot * HALF_HOUR_MS
      return runsAt(new Date(at)) && runsAt(new Date(at + HALF_HOUR_MS - 1))
    })
    return { slot, days: days.filter(Boolean).length }
  })
  const most = Math.max(...slots.map(({ days }) => days))
  const best = slots.filter(({ days }) => days === most)
  const middle = best[Math.floor(best.length / 2)]
  if (most === 0 || middle === undefined) return undefined
  return `${clock(middle.slot)}-${clock(middle.slot + 1)}`
}

const clock = (slot: number): string =>
  `${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 === 0 ? '00' : '30'}`
