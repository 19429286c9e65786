import { type Cron, lengthOfMonth } from './cron-fields.ts'
import { instantOf, wallClock } from './time-zone.ts'

/**
 * The next instant of a cron expression after `after` (milliseconds since the epoch), or undefined
 * when there is none any more.
 *
 * A local time that the clocks jump over is skipped; one that they show twice counts once, the
 * first time.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function nextCron(cron: Cron, after: number, zone: string): number | undefined {
  // What clocks show at or before now they have first shown by now: only later times are open.
  const from = wallClock(after, zone)
  for (const day of daysFrom(cron, from)) {
    for (const wall of timesOf(cron, day)) {
      if (wall <= from) continue
      const instant = instantOf(wall, zone)
      if (instant !== undefined && instant > after) return instant
    }
  }
  return undefined
}

/** The expression's days from that of `from` on, each as its wall-clock midnight. */
function* daysFrom(cron: Cron, from: number): Iterable<number> {
  const start = new Date(from)
  const firstMonth = start.getUTCFullYear() * 12 + start.getUTCMonth()
  const lastYear = Math.max(...cron.years)
  for (let index = firstMonth; index < (lastYear + 1) * 12; index++) {
    const year = Math.floor(index / 12)
    const month = (index % 12) + 1
    if (!cron.years.has(year) || !cron.months.has(month)) continue
    const firstDay = index === firstMonth ? start.getUTCDate() : 1
    for (let day = firstDay; day <= lengthOfMonth({ year, month }); day++) {
      if (cron.takesDay({ year, month, day })) yield Date.UTC(year, month - 1, day)
    }
  }
}

function* timesOf({ hours, minutes }: Cron, midnight: number): Iterable<number> {
  for (const hour of hours) {
    for (const minute of minutes) yield midnight + (hour * 60 + minute) * 60_000
  }
}
