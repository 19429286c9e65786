import { DAY } from '../local-time.ts'
import type { BudgetState } from '../table/budget-state.ts'
import { VERSION } from '../table/version.ts'
import { type Figure, isSame, monthOf, whyNoForecast } from './figure.ts'
import { withFigure } from './rate.ts'

/** How far a budget has gone: its steps, and what is behind the last one is not undone by less. */
export const RUNGS = ['none', 'near', 'over'] as const
export type Rung = (typeof RUNGS)[number]

/**
 * What is new: a step up; `spent-more` (a new figure of a budget that was over already); `undone`
 * (why); what AWS's figures leave unknown, and that it is known again; a limit in AWS that is not
 * the catalog's.
 */
export type News =
  | { what: 'near' | 'over' | 'spent-more' | 'unknown' | 'known' | 'differs' }
  | { what: 'undone'; because: 'month' | 'raised' }

export type Judged = { state: BudgetState; news: News[] }

type Asked = {
  /** The budget's name in AWS. */
  name: string
  figure: Figure
  /** US dollars a month, by the catalog. */
  limit: number
  kept: BudgetState | undefined
  now: Date
}

/** Share of the limit from which on people are told. */
export const NEAR = 0.8
/** Billing takes up to a day to know a tag, and another one to count. */
const UNKNOWN_AFTER = 2 * DAY
/** So long into a month a figure that has not fallen may be the one of the month before. */
const TURN = 3 * DAY

/**
 * What becomes of a budget: one step for each new figure, everything undone when its month is over
 * or its limit is raised, and nothing at all from a figure that is zero or the month's before.
 */
export function judge({ name, figure: read, limit, kept, now }: Asked): Judged {
  const other = otherLimit(read.limit, limit, kept?.other, now)
  const figure = { ...read, limit: counting(other, limit, now) }
  const before = kept ?? fresh(name, figure, now)
  const turned = turn(before, now)
  // By what AWS says: that another limit counts from a new month on is no new figure.
  const isNew = kept === undefined || !isSame(read, asRead(kept))
  const raised = isNew && turned.state.rung !== 'none' && figure.limit > before.limit
  const base: BudgetState = {
    ...turned.state,
    // Somebody who edits the budget does not make its figure young.
    ...(isNew &&
      !isSame({ ...figure, limit: before.limit }, before) && { changedAt: now.toISOString() }),
    ...(raised && { rung: 'none' as const, again: (turned.state.again ?? 0) + 1 }),
    ...{ limit: figure.limit, spent: figure.spent, forecast: figure.forecast },
    other,
  }
  const news: News[] = [
    ...turned.news,
    ...(raised ? [{ what: 'undone', because: 'raised' } as const] : []),
  ]
  const differs = tellDifference(base, limit)
  const unknown = tellUnknown(differs.state, now)
  const isSpending = isNew && figure.spent !== before.spent
  const stepped = isNew
    ? step(unknown.state, figure, { now, isSpending })
    : { state: unknown.state, news: [] }
  return {
    state: stepped.state,
    news: [...news, ...differs.news, ...unknown.news, ...stepped.news],
  }
}

/** The figure as AWS gave it last. */
const asRead = (kept: BudgetState): Figure => ({ ...kept, limit: kept.other?.limit ?? kept.limit })

/** Since which month AWS has another limit than the catalog. */
const otherLimit = (
  limit: number,
  catalog: number,
  kept: BudgetState['other'],
  now: Date,
): BudgetState['other'] => {
  if (limit === catalog) return undefined
  return kept?.limit === limit ? kept : { limit, month: monthOf(now) }
}

/** What somebody has set in AWS counts until its month is over; then the catalog's does. */
const counting = (other: BudgetState['other'], catalog: number, now: Date): number =>
  other !== undefined && other.month === monthOf(now) ? other.limit : catalog

const fresh = (name: string, { limit, spent, forecast }: Figure, now: Date): BudgetState => ({
  ...{ version: VERSION, revision: 0, name, month: monthOf(now), rung: 'none', saidUnknown: false },
  ...{ limit, spent, forecast, changedAt: now.toISOString(), figures: [] },
})

/** At the turn of the month every step is undone, whatever the figures say. */
function turn(state: BudgetState, now: Date): Judged {
  const month = monthOf(now)
  if (state.month === month) return { state, news: [] }
  const { saidDifference: _, again: __, ...rest } = state
  return {
    state: { ...rest, month, rung: 'none', figures: [], lastMonth: state.spent },
    news: state.rung === 'none' ? [] : [{ what: 'undone', because: 'month' }],
  }
}

/** Said once for each limit of a month. */
function tellDifference(state: BudgetState, limit: number): Judged {
  if (state.limit === limit || state.saidDifference === state.limit) return { state, news: [] }
  return { state: { ...state, saidDifference: state.limit }, news: [{ what: 'differs' }] }
}

/** Zero for two days is no figure: billing does not know the tags. Said once, and once more at its end. */
function tellUnknown(state: BudgetState, now: Date): Judged {
  const { zeroSince, ...rest } = state
  if (state.spent > 0) {
    const known: News[] = state.saidUnknown ? [{ what: 'known' }] : []
    return { state: { ...rest, saidUnknown: false }, news: known }
  }
  const since = zeroSince ?? now.toISOString()
  const isDue = now.getTime() - Date.parse(since) >= UNKNOWN_AFTER && !state.saidUnknown
  return {
    state: { ...rest, zeroSince: since, saidUnknown: state.saidUnknown || isDue },
    news: isDue ? [{ what: 'unknown' }] : [],
  }
}

/** One step, and only upwards: what a month has spent does not come back. */
function step(
  state: BudgetState,
  figure: Figure,
  { now, isSpending }: { now: Date; isSpending: boolean },
): Judged {
  if (figure.spent <= 0) return { state, news: [] }
  const { lastMonth, ...rest } = state
  if (lastMonth !== undefined && isStillLastMonth(figure, lastMonth, now))
    return { state, news: [] }
  const { changedAt: at, figures } = state
  const noted = { ...rest, figures: withFigure(figures, { at, spent: figure.spent }) }
  const to = wanted(figure, now)
  const rung = nextRung(state.rung, to)
  if (rung !== 'none' && rung !== state.rung) {
    return { state: { ...noted, rung }, news: [{ what: rung }] }
  }
  const isMore = isSpending && to === 'over' && rung === 'over'
  return { state: noted, news: isMore ? [{ what: 'spent-more' }] : [] }
}

/** Figures are hours old: in a new month they are the old one's until they have fallen. */
const isStillLastMonth = ({ spent }: Figure, lastMonth: number, now: Date): boolean =>
  spent >= lastMonth && now.getTime() - Date.parse(`${monthOf(now)}-01T00:00:00Z`) < TURN

function wanted(figure: Figure, now: Date): Rung {
  const { limit, spent, forecast = 0 } = figure
  if (spent >= limit) return 'over'
  const ahead = whyNoForecast(figure, now) === undefined ? Math.max(spent, forecast) : spent
  return ahead >= limit * NEAR ? 'near' : 'none'
}

function nextRung(rung: Rung, to: Rung): Rung {
  const at = RUNGS.indexOf(rung)
  return RUNGS.indexOf(to) <= at ? rung : (RUNGS[at + 1] ?? rung)
}
