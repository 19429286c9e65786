import type { QuietHours } from './compiled-catalog.ts'
import { dayAfter, instantOf, localTime } from './local-time.ts'

/**
 * When the quiet hours end that an instant lies in; undefined outside of them. The begin belongs to
 * them, the end does not. On the days on which the clocks change they begin and end by the wall
 * clock, at the first of two equal times.
 */
export function quietUntil(
  quiet: QuietHours | undefined,
  timeZone: string,
  now: Date,
): Date | undefined {
  if (quiet === undefined) return undefined
  const { from, to } = quiet
  const { date } = localTime(now, timeZone)
  for (const day of [dayAfter(date, -1), date]) {
    const begin = instantOf(day, from, timeZone)
    const end = instantOf(to <= from ? dayAfter(day) : day, to, timeZone)
    if (begin <= now && now < end) return end
  }
  return undefined
}
