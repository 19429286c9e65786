import type { TagReport } from '../table/tag-notice.ts'
import { costOf } from './cost.ts'
import type { Looked } from './look.ts'

const NAMED = 10

/** How complete a team's tags are. */
export type Counted = Pick<
  TagReport['detail'],
  'total' | 'complete' | 'keys' | 'names' | 'would' | 'unpriced' | 'usd'
>

/** What each team owns, by team; members count with what they belong to. */
export function countTeams(looked: readonly Looked[]): Map<string, Counted> {
  const heads = looked.filter(({ member }) => !member)
  const teams = new Map<string, Counted>()
  for (const [team, own] of Map.groupBy(heads, ({ owner }) => owner)) {
    const lacking = own.filter((one) => one.left.length > 0 || isUnwritten(one))
    const keys = lacking.flatMap(({ left, writes }) => [
      ...new Set([...left.map(({ key }) => key), ...Object.keys(writes)]),
    ])
    teams.set(team, {
      total: own.length,
      complete: own.length - lacking.length,
      keys: [...Map.groupBy(keys, (key) => key)].map(([key, same]) => ({
        key,
        count: same.length,
      })),
      names: lacking.slice(0, NAMED).map(({ resource }) => resource.name),
      would: lacking.filter(isUnwritten).length,
      ...costOf(lacking, looked),
    })
  }
  return teams
}

const isUnwritten = ({ writes }: Looked): boolean => Object.keys(writes).length > 0

/** Whether a report says something: something lacks tags, or did a report before. */
export const isWorthIt = (
  { total, complete }: Counted,
  before: { complete: number; total: number } | undefined,
): boolean => complete < total || (before !== undefined && before.complete < before.total)
