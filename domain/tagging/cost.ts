import type { Runs } from '../ledger/rate.ts'
import { rateOf } from '../ledger/rate.ts'
import { HOURS_A_MONTH, PRICES } from '../prices.ts'
import type { Looked } from './look.ts'

/** US dollars a month at list price of what runs for so long; undefined where no price is known. */
export function monthOf(runs: Runs, isUp: boolean, count = 1): number | undefined {
  const { hour, stays = 0 } = rateOf(runs, count)
  if (hour === undefined) return undefined
  return ((isUp ? hour : 0) + stays) * HOURS_A_MONTH
}

/** Of a disk, by its type; the others are paid by their speed as well. */
export const diskMonth = (type: string | undefined, gigabytes: number): number | undefined =>
  type === 'gp3' ? gigabytes * PRICES.diskGigabyteMonth : undefined

/** Of the nodes of a cache. */
export function cacheMonth(type: string, nodes: number): number | undefined {
  const hours: Readonly<Record<string, number>> = PRICES.cacheHour
  return Object.hasOwn(hours, type) ? (hours[type] ?? 0) * nodes * HOURS_A_MONTH : undefined
}

export const balancerMonth = PRICES.loadBalancerHour * HOURS_A_MONTH

export const filesMonth = (bytes: number): number => (bytes / 2 ** 30) * PRICES.fileGigabyteMonth

/**
 * What these cost a month with all that belongs to them, and of how many nothing is known.
 *
 * @param all everything that was looked at, in which their members are.
 */
export function costOf(
  heads: readonly Looked[],
  all: readonly Looked[],
): { usd: number; unpriced: number } {
  const byParent = Map.groupBy(all, ({ resource }) => resource.parent ?? '')
  const months = ({ resource }: Looked): number[] => [
    ...(resource.month === undefined ? [] : [resource.month]),
    ...(byParent.get(resource.id) ?? []).flatMap(months),
  ]
  const each = heads.map(months)
  return {
    usd: each.flat().reduce((sum, month) => sum + month, 0),
    unpriced: each.filter((one) => one.length === 0).length,
  }
}
