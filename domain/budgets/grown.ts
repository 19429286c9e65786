import { DAY } from '../local-time.ts'

/** What a day of an AWS service costs on average, in two weeks one after the other: US dollars. */
export type Grown = { name: string; before: number; now: number }

/** What one day has cost by AWS's services. */
export type DayCosts = { day: string; usd: Readonly<Record<string, number>> }

/** Whole weeks are compared: nights and weekends weigh the same in both. */
const WEEK = 7
/** What billing shows of yesterday may lack hours. */
const LATE = 2
/** A day's difference below that is noise. */
const LEAST_USD = 0.05
const MOST = 3

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** The days of both weeks: from the first up to, and without, the last. */
export const comparedDays = (now: Date): { from: string; to: string } => {
  const to = now.getTime() - (LATE - 1) * DAY
  return { from: dayOf(to - 2 * WEEK * DAY), to: dayOf(to) }
}

/**
 * What costs more in the last whole week than in the one before, the largest difference first.
 * Nothing where the week before has no costs at all: there is nothing to compare with.
 */
export function whatGrew(days: readonly DayCosts[], now: Date): Grown[] {
  const { from, to } = comparedDays(now)
  const half = dayOf(Date.parse(to) - WEEK * DAY)
  const before = sums(days.filter(({ day }) => from <= day && day < half))
  const later = sums(days.filter(({ day }) => half <= day && day < to))
  if (before.size === 0) return []
  return [...later]
    .map(([name, usd]) => ({ name, before: (before.get(name) ?? 0) / WEEK, now: usd / WEEK }))
    .filter((one) => one.now - one.before >= LEAST_USD)
    .toSorted((a, b) => b.now - b.before - (a.now - a.before) || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
}

function sums(days: readonly DayCosts[]): Map<string, number> {
  const total = new Map<string, number>()
  for (const { usd } of days) {
    for (const [name, one] of Object.entries(usd)) total.set(name, (total.get(name) ?? 0) + one)
  }
  return total
}
