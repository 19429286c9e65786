import { weekOf } from '../../domain/ledger/week.ts'
import { localTime } from '../../domain/local-time.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { readItem } from '../../domain/table/read.ts'
import type { TagState } from '../../domain/table/tag-case.ts'
import { tagReportKey, tagStateKey } from '../../domain/table/tag-keys.ts'
import type { TagReport } from '../../domain/table/tag-notice.ts'
import { VERSION } from '../../domain/table/version.ts'
import { reportsUntil } from '../../domain/tagging/ladder.ts'
import type { Looked } from '../../domain/tagging/look.ts'
import { type Counted, countTeams, isWorthIt } from '../../domain/tagging/report.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import type { Sources } from './sources.ts'

/** What the sweeps keep; the first one begins it. */
export async function readState({ table, now }: Pick<Sources, 'table' | 'now'>): Promise<TagState> {
  const [item] = await getItems(table, [tagStateKey])
  if (item !== undefined) return readItem('tag-state', item)
  const state: TagState = { version: VERSION, since: now.toISOString(), company: {}, teams: {} }
  await putItem(table, {
    item: { ...tagStateKey, ...state },
    condition: 'attribute_not_exists(pk)',
  })
  return state
}

export const keepState = ({ table }: Pick<Sources, 'table'>, state: TagState): Promise<boolean> =>
  putItem(table, { item: { ...tagStateKey, ...state } })

type Seen = { looked: readonly Looked[]; nowhere: number; unread: ReadonlySet<string> }

/** At the first sweep, and then at the first one of each week: a report for each team that needs one. */
export async function report(sources: Sources, state: TagState, seen: Seen): Promise<void> {
  const { table, catalog, now } = sources
  const { monday } = weekOf(now, catalog.timeZone)
  if (state.reported === monday) return
  const teams = countTeams(seen.looked)
  if (seen.nowhere > 0 && !teams.has(catalog.owner)) teams.set(catalog.owner, NOTHING)
  for (const [team, counted] of teams) {
    const before = Object.hasOwn(state.teams, team) ? state.teams[team] : undefined
    const nowhere = team === catalog.owner ? seen.nowhere : 0
    if (!isWorthIt(counted, before) && nowhere === 0) continue
    const item = recordOf(sources, team, {
      ...counted,
      ...(before !== undefined && { before }),
      ...{ unread: [...seen.unread], nowhere },
      ...untilWhen(state, now),
    })
    await putItem(table, { item, condition: 'attribute_not_exists(pk)' })
  }
  const counts = [...teams].map(([team, { complete, total }]) => [team, { complete, total }])
  const after: TagState = { ...state, reported: monday, teams: Object.fromEntries(counts) }
  await keepState(sources, after)
}

const NOTHING: Counted = { total: 0, complete: 0, keys: [], names: [], would: 0, unpriced: 0 }

function untilWhen({ since }: TagState, now: Date): { reportsUntil?: string } {
  const until = reportsUntil(new Date(since))
  return now < until ? { reportsUntil: until.toISOString() } : {}
}

function recordOf(
  { catalog, now }: Pick<Sources, 'catalog' | 'now'>,
  team: string,
  detail: TagReport['detail'],
): TagReport {
  return {
    ...tagReportKey(team, localTime(now, catalog.timeZone).date),
    version: VERSION,
    kind: 'tag-report',
    subject: team,
    owner: team,
    at: instant(now),
    reason: '',
    execution: '',
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail,
  }
}
