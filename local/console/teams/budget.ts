import { monthOf, whyNoForecast } from '../../../domain/budgets/figure.ts'
import { NEAR } from '../../../domain/budgets/judge.ts'
import { sayBudget, sayGrown } from '../../../domain/budgets/say.ts'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import type { Level } from '../../../domain/features.ts'
import { sayUsd } from '../../../domain/ledger/say.ts'
import type { BudgetPlan, BudgetRecord } from '../../../domain/table/budget-record.ts'
import type { BudgetState } from '../../../domain/table/budget-state.ts'
import type { TeamsReport } from '../../views/teams.ts'
import type { Tone } from '../tone.ts'
import type { BudgetView, StepView } from './view.ts'

type Budget = CompiledCatalog['budgets'][number]

/** Steps that are shown of one budget: a month has three or four. */
const STEPS = 12

/** The budgets that a team is told of: its own first, then the environment's. */
export function budgetsView(report: TeamsReport, team: string, now: Date): BudgetView[] {
  const own = report.catalog.budgets.filter(({ owner }) => owner === team)
  return own
    .toSorted((a, b) => Number(a.team === undefined) - Number(b.team === undefined))
    .map((budget) => budgetView(report, budget, now))
}

function budgetView(report: TeamsReport, budget: Budget, now: Date): BudgetView {
  const { environment, features } = report.catalog
  const state = report.budgets.find(({ name }) => name === budget.name)
  const unknown = whyUnknown(state, features.budgets)
  const steps = report.steps.filter(({ pk }) => pk.endsWith(`#${budget.name}`)).slice(0, STEPS)
  const common = {
    about: budget.team ?? environment,
    level: levelOf(budget, features.budgets),
    steps: steps.map((one) => stepView(report, one)),
  }
  if (state === undefined || unknown !== undefined) {
    const says = features.budgets === 'off' ? 'budget not looked at' : sayLine(state)
    const line = { says, tone: 'quiet' as const }
    return { ...common, line, unknown: unknown ?? '', notes: notesOn(state, budget, now) }
  }
  const { changedAt } = state
  return {
    ...common,
    line: { says: sayLine(state), tone: toneOf(state) },
    ...expected(state, now),
    changedAt,
    notes: notesOn(state, budget, now),
  }
}

/** How far Caretaker goes, and what is not counted. */
function levelOf({ team, ceiling, asks }: Budget, level: Level): string {
  if (level === 'off') return 'Caretaker does not look at budgets: features.budgets is off.'
  if (level === 'tell') {
    return 'Caretaker tells, holds nothing and puts nothing to sleep: features.budgets is tell.'
  }
  if (team === undefined)
    return 'Caretaker tells: of the environment’s budget nobody is held, and nothing sleeps.'
  const sleeps = asks ? 'it asks what is to sleep' : 'what matters least is put to sleep'
  return `Once it is spent, roll-outs are held; where the month would end above ${sayUsd(ceiling)}, ${sleeps}.`
}

const sayLine = (state: BudgetState | undefined): string =>
  state === undefined ? `budget ${sayBudget(state)}` : sayBudget(state)

/** Zero is no figure: it is what AWS shows while billing does not know the tags. */
function whyUnknown(state: BudgetState | undefined, level: Level): string | undefined {
  if (state === undefined) {
    return level === 'off'
      ? 'Nothing is known: Caretaker does not ask AWS.'
      : 'AWS was not asked yet. Caretaker asks every six hours, and whenever AWS sends an alert.'
  }
  if (state.spent > 0) return undefined
  return 'There are no figures: billing does not know the tags caretaker:owner and caretaker:environment yet, or nothing was spent. Whoever pays the account activates them as cost allocation tags; costs show about two days later. Until then this budget holds nothing, and undoes nothing.'
}

const OVER = 1

function toneOf({ spent, limit }: BudgetState): Tone {
  const share = spent / limit
  return share >= OVER ? 'bad' : share >= NEAR ? 'held' : 'good'
}

/** What is spent and expected, in dollars and as shares of the limit. */
function expected(state: BudgetState, now: Date): Pick<BudgetView, 'figure' | 'forecast'> {
  const { spent, limit, forecast, month } = state
  const why = whyNoForecast({ spent, limit, ...(forecast !== undefined && { forecast }) }, now)
  const counts = why === undefined && forecast !== undefined
  return {
    figure: {
      spent: sayUsd(spent),
      limit: sayUsd(limit),
      share: spent / limit,
      ...(counts && { forecastShare: forecast / limit }),
      month: MONTH.format(new Date(`${month}-01T00:00:00Z`)),
    },
    forecast: counts
      ? `AWS expects ${sayUsd(forecast)} by the end of the month.`
      : `There is no forecast: ${why}.`,
  }
}

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

function notesOn(state: BudgetState | undefined, { limit }: Budget, now: Date): string[] {
  if (state === undefined) return [`The catalog gives ${sayUsd(limit)} a month.`]
  const late =
    state.lastMonth === undefined && state.month === monthOf(now)
      ? []
      : [
          'AWS can still show the figure of the month before: until it falls, nothing is done because of it.',
        ]
  if (state.limit === limit) return late
  const differs = `AWS says ${sayUsd(state.limit)} a month, the catalog ${sayUsd(limit)}: what AWS says counts until the month is over.`
  return [...late, differs]
}

/** A step by its record; one of a kind that is not known here says what its record says. */
function stepView(report: TeamsReport, record: BudgetRecord): StepView {
  const { pk, sk, at, endedAt, reason } = record
  const told = report.told({ pk, sk })
  const { says, tone, undo } = wordsOf(record)
  const [grown] = sayGrown(record.detail.grown)
  return {
    at,
    tone,
    says: [says, reason].filter(Boolean).join(': '),
    ...(told !== undefined && { told }),
    ...(grown !== undefined && { grown }),
    undo: record.detail.undone === undefined ? undo : UNDONE[record.detail.undone],
    ...(endedAt !== undefined && { endedAt }),
  }
}

const UNDONE = {
  month: 'Over: a new month has begun.',
  raised: 'Over: the budget was raised.',
  off: 'Over: the catalog asks nobody to look at this budget any more.',
} as const

const NOTHING = 'Nothing was changed: there is nothing to undo.'

type Words = Pick<StepView, 'says' | 'tone' | 'undo'>

function wordsOf({ verdict, subject, detail }: BudgetRecord): Words {
  const { spent, limit, catalogLimit, frozenUntil } = detail
  const figures = `${sayUsd(spent)} of ${sayUsd(limit)}`
  switch (verdict) {
    case 'near':
      return { says: `80 % spent or expected (${figures} spent)`, tone: 'held', undo: NOTHING }
    case 'over':
      return frozenUntil === undefined
        ? { says: `All of it is spent (${figures}); nothing is held`, tone: 'bad', undo: NOTHING }
        : {
            says: `All of it is spent (${figures}): roll-outs of ${subject} are held`,
            tone: 'bad',
            undo: `The hold ends at ${frozenUntil}, with the month, or at once when somebody raises the limit in AWS.`,
          }
    case 'sleeps':
    case 'asks':
      return planned(detail.plan)
    case 'unknown':
      return { says: 'There are no figures', tone: 'quiet', undo: NOTHING }
    case 'known':
      return { says: `Billing counts now (${figures})`, tone: 'good', undo: NOTHING }
    case 'differs':
      return {
        says: `AWS’s limit is ${sayUsd(limit)}, the catalog’s ${sayUsd(catalogLimit)}`,
        tone: 'held',
        undo: 'It counts until the month is over; from then on the catalog’s does.',
      }
    default:
      return {
        says: `${String(verdict)} (${figures})`,
        tone: 'held',
        undo: 'It ends with the month, or when somebody raises the limit in AWS.',
      }
  }
}

/** What sleeps for the budget, or what would be enough. */
function planned(plan: BudgetPlan | undefined): Words {
  if (plan === undefined)
    return { says: 'The month ends above the ceiling', tone: 'bad', undo: NOTHING }
  const { ceiling, ends, sleeps, from, until } = plan
  const names = sleeps.map(({ name }) => name).join(', ') || 'nothing that has a price'
  const says = `At today’s rate the month ends at ${sayUsd(ends)}, above ${sayUsd(ceiling)}`
  if (from === undefined || until === undefined) {
    return {
      says: `${says}; these could sleep, and were not put to sleep: ${names}`,
      tone: 'bad',
      undo: NOTHING,
    }
  }
  return {
    says: `${says}: from ${from} on these sleep: ${names}`,
    tone: 'bad',
    undo: `They sleep until ${until}, or until somebody raises the limit in AWS. Whoever of the team keeps one awake goes before the budget.`,
  }
}
