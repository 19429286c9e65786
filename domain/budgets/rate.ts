import { DAY } from '../local-time.ts'
import type { BudgetState } from '../table/budget-state.ts'
import { endOfMonth } from './figure.ts'

/** A figure, and when it was first seen. */
export type SeenFigure = BudgetState['figures'][number]

/** What a team spends in a day, and the time from which that was measured: milliseconds. */
export type Rate = { perDay: number; from: number; to: number }

/** AWS gives three figures a day; more than these are of no use. */
const KEPT = 12
/** Between figures that are closer, whole hours of a day may be missing: they show no day's rate. */
const APART = 20 * 60 * 60_000
/** What billing shows is a day old. */
const LATE = DAY

/** The figures of a month with a new one. */
export const withFigure = (all: readonly SeenFigure[], one: SeenFigure): SeenFigure[] =>
  [...all.filter(({ at }) => at !== one.at), one].slice(-KEPT)

/**
 * Today's rate: by the newest figure and the last one that is most of a day older; without one, what
 * a day of this month has cost on average.
 */
export function rateOf(figures: readonly SeenFigure[]): Rate | undefined {
  const newest = figures.at(-1)
  if (newest === undefined) return undefined
  const to = Date.parse(newest.at)
  const before = figures.findLast(({ at }) => Date.parse(at) <= to - APART)
  const from = before === undefined ? beginOfMonth(to) : Date.parse(before.at)
  const days = Math.max(to - from, before === undefined ? DAY : APART) / DAY
  return { perDay: Math.max(0, newest.spent - (before?.spent ?? 0)) / days, from, to }
}

const beginOfMonth = (at: number): number => {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

/**
 * How much of the measured time something was not asleep yet, as billing shows it: of a sleep that
 * has only just begun the rate shows nothing.
 *
 * @returns from 0 (the rate shows the sleep) to 1.
 */
export function unseenShare({ from, to }: Pick<Rate, 'from' | 'to'>, asleepFrom: string): number {
  const [first, last] = [from - LATE, to - LATE]
  if (last <= first) return 1
  return Math.min(1, Math.max(0, (Date.parse(asleepFrom) - first) / (last - first)))
}

/**
 * Where the month ends: what is spent, and its rest at today's rate without what has begun to sleep.
 *
 * @param orders what sleeps for the budget: its dollars until the month is over, and since when.
 */
export function monthEnd(
  spent: number,
  rate: Rate,
  orders: readonly { from: string; usd: number }[],
  now: Date,
): number {
  const days = (endOfMonth(now).getTime() - now.getTime()) / DAY
  const saved = orders.reduce((sum, { from, usd }) => sum + usd * unseenShare(rate, from), 0)
  return spent + Math.max(0, rate.perDay * days - saved)
}
