import { couldSleep } from '../../domain/budgets/could-sleep.ts'
import { endOfMonth, whyNoForecast } from '../../domain/budgets/figure.ts'
import { sayDollars } from '../../domain/sleep/price.ts'
import type { BudgetRecord } from '../../domain/table/budget-record.ts'
import type { BudgetState } from '../../domain/table/budget-state.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { budgetKey, type Key } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { putItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Budget, Looking } from './looking.ts'

type Step = BudgetRecord['verdict']
type Detail = BudgetRecord['detail']

/** One message for each step of a month under one limit. */
const keyOf = ({ name, month, limit }: BudgetState, step: Step): Key =>
  budgetKey(name, `${month}#${step}#${limit}`)

/** Tells of a step, once. */
export async function tell(
  looking: Looking,
  budget: Budget,
  state: BudgetState,
  step: Step,
  frozenUntil?: string,
): Promise<void> {
  const { table, catalog, now } = looking
  const record: BudgetRecord = {
    ...keyOf(state, step),
    version: VERSION,
    kind: 'budget',
    verdict: step,
    subject: budget.team ?? catalog.environment,
    owner: budget.owner,
    at: instant(now),
    reason: '',
    execution: '',
    // What is said of figures is over with having been said.
    ...(!STANDING.some((one) => one === step) && { endedAt: instant(now) }),
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      ...figures(budget, state, now),
      ...(frozenUntil !== undefined && { frozenUntil }),
      ...offered(looking, budget, step),
    },
  }
  await putItem(table, { item: record, condition: 'attribute_not_exists(pk)' })
}

/** Steps that stand until they are undone. */
const STANDING = ['near', 'over'] as const

function figures(
  budget: Budget,
  state: BudgetState,
  now: Date,
): Omit<Detail, 'couldSleep' | 'choices'> {
  const { month, limit, spent, forecast, changedAt } = state
  const noForecast = whyNoForecast(
    { limit, spent, ...(forecast !== undefined && { forecast }) },
    now,
  )
  return {
    ...{ month, limit, spent, changedAt, catalogLimit: budget.limit },
    ...(noForecast === undefined ? { forecast } : { noForecast }),
  }
}

/** What could sleep, with a button each where Caretaker may put it to sleep. */
function offered(
  { catalog, now }: Looking,
  { owner }: Budget,
  step: Step,
): Pick<Detail, 'couldSleep' | 'choices'> {
  if (!STANDING.some((one) => one === step)) return { couldSleep: [], choices: [] }
  const all = couldSleep(catalog, owner)
  const until = endOfMonth(now).toISOString()
  const choices = all.map(({ name: service, usd }) => ({
    ...{ verb: 'sleep' as const, input: { service, until, reason: 'to save budget' } },
    ...{ label: `Sleep ${service} · ${sayDollars(usd)} a day`, key: service },
  }))
  return { couldSleep: all, choices: catalog.features.sleep === 'act' ? choices : [] }
}

/** Brings the messages of the steps that stand up to the newest figure. */
export async function keepRecords(
  { table, now }: Looking,
  budget: Budget,
  state: BudgetState,
): Promise<void> {
  const step = STANDING.find((one) => one === state.rung)
  if (step === undefined) return
  const { spent, forecast = null, noForecast = null, changedAt } = figures(budget, state, now)
  await updateItem(table, {
    key: keyOf(state, step),
    expression:
      'SET detail.spent = :spent, detail.forecast = :forecast, detail.noForecast = :why, detail.changedAt = :changedAt',
    condition: 'attribute_exists(pk) AND attribute_not_exists(endedAt)',
    values: { ':spent': spent, ':forecast': forecast, ':why': noForecast, ':changedAt': changedAt },
  })
}

/** The steps that stood are over: their messages say why. */
export async function endRecords(
  { table, now }: Looking,
  kept: BudgetState,
  because: NonNullable<Detail['undone']>,
): Promise<void> {
  for (const step of STANDING) {
    await updateItem(table, {
      key: keyOf(kept, step),
      expression: 'SET detail.undone = :because, endedAt = :now',
      condition: 'attribute_exists(pk) AND attribute_not_exists(endedAt)',
      values: { ':because': because, ':now': instant(now) },
    })
  }
}
