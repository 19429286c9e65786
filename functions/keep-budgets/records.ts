import { couldSleep } from '../../domain/budgets/could-sleep.ts'
import { endOfMonth, whyNoForecast } from '../../domain/budgets/figure.ts'
import { BUTTONS_IN_A_ROW } from '../../domain/slack/limits.ts'
import { sayDollars } from '../../domain/sleep/price.ts'
import { type BudgetRecord, isStanding } from '../../domain/table/budget-record.ts'
import type { BudgetState } from '../../domain/table/budget-state.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { budgetKey, type Key } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { putItem } from '../shared/table/put.ts'
import { itemsBetween } from '../shared/table/query.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Budget, Looking } from './looking.ts'

type Step = BudgetRecord['verdict']
type Detail = BudgetRecord['detail']

/**
 * One message for each step of a month under one limit, each time that it begins; of what is put to
 * sleep, for each figure.
 */
const keyOf = ({ name, month, limit, spent, again }: BudgetState, step: Step): Key => {
  const figure = step === 'sleeps' ? `#${spent}` : ''
  return budgetKey(
    name,
    `${month}#${step}#${limit}${figure}${again === undefined ? '' : `#again-${again}`}`,
  )
}

/** What only some steps have. */
type More = Pick<Detail, 'frozenUntil' | 'plan'>

/** Tells of a step, once. */
export async function tell(
  looking: Looking,
  budget: Budget,
  state: BudgetState,
  step: Step,
  more: More = {},
): Promise<void> {
  const { table, catalog, now } = looking
  const standing = isStanding(step)
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
    ...(!standing && { endedAt: instant(now) }),
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      ...figures(budget, state, now),
      ...more,
      grown: standing ? (state.grown?.all ?? []) : [],
      shared: standing && budget.team === undefined ? sharedIn(looking) : [],
      ...(step === 'sleeps' ? wakes(more) : offered(looking, budget, step)),
    },
  }
  await putItem(table, { item: record, condition: 'attribute_not_exists(pk)' })
}

function figures(
  budget: Budget,
  state: BudgetState,
  now: Date,
): Omit<Detail, 'couldSleep' | 'choices' | 'grown' | 'shared'> {
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

const MOST_SHARED = 5

/** What no team is blamed for, the dearest first. */
const sharedIn = ({ catalog }: Looking): Detail['shared'] =>
  catalog.stays
    .map(({ what, hour }) => ({ name: what, usd: hour * 24 }))
    .toSorted((a, b) => b.usd - a.usd)
    .slice(0, MOST_SHARED)

/** What could sleep, with a button each where Caretaker may put it to sleep. */
function offered(
  { catalog, now }: Looking,
  { owner }: Budget,
  step: Step,
): Pick<Detail, 'couldSleep' | 'choices'> {
  if (!isStanding(step)) return { couldSleep: [], choices: [] }
  const all = couldSleep(catalog, owner)
  const until = endOfMonth(now).toISOString()
  const choices = all.map(({ name: service, usd }) => ({
    ...{ verb: 'sleep' as const, input: { service, until, reason: 'to save budget' } },
    ...{ label: `Sleep ${service} · ${sayDollars(usd)} a day`, key: service },
  }))
  return { couldSleep: all, choices: catalog.features.sleep === 'act' ? choices : [] }
}

/** What sleeps is kept awake, or woken, by a press of one of its team. */
function wakes({ plan }: More): Pick<Detail, 'couldSleep' | 'choices'> {
  const choices = (plan?.sleeps ?? []).slice(0, BUTTONS_IN_A_ROW).map(({ id, name }) => {
    // A database may be called as a service is.
    const service = id === undefined || id.startsWith('service/') ? name : id
    return { verb: 'wake' as const, input: { service }, label: `Keep ${name} awake`, key: service }
  })
  return { couldSleep: [], choices }
}

/** Brings the messages of the steps that stand up to the newest figure. */
export async function keepRecords(
  { table, now }: Looking,
  budget: Budget,
  state: BudgetState,
): Promise<void> {
  if (state.rung === 'none') return
  const { spent, forecast = null, noForecast = null, changedAt } = figures(budget, state, now)
  await updateItem(table, {
    key: keyOf(state, state.rung),
    expression:
      'SET detail.spent = :spent, detail.forecast = :forecast, detail.noForecast = :why, detail.changedAt = :changedAt REMOVE acted',
    condition: 'attribute_exists(pk) AND attribute_not_exists(endedAt)',
    values: { ':spent': spent, ':forecast': forecast, ':why': noForecast, ':changedAt': changedAt },
  })
}

/** The message of what is spent says until when roll-outs are held, or that they are not. */
export async function holdStill(
  { table }: Looking,
  state: BudgetState,
  until: string | undefined,
): Promise<void> {
  await updateItem(table, {
    key: keyOf(state, 'over'),
    expression:
      until === undefined ? 'REMOVE detail.frozenUntil' : 'SET detail.frozenUntil = :until',
    condition: `${until === undefined ? 'attribute_exists(detail.frozenUntil)' : 'attribute_exists(pk)'} AND attribute_not_exists(endedAt)`,
    ...(until !== undefined && { values: { ':until': until } }),
  })
}

/** The steps that stood are over: their messages say why. */
export async function endRecords(
  { table, now }: Looking,
  { name, month }: BudgetState,
  because: NonNullable<Detail['undone']>,
): Promise<void> {
  const { pk, sk } = budgetKey(name, `${month}#`)
  for (const item of await itemsBetween(table, pk, sk, `${sk}~`)) {
    if (item.endedAt !== undefined) continue
    await updateItem(table, {
      key: { pk, sk: String(item.sk) },
      expression: 'SET detail.undone = :because, endedAt = :now',
      condition: 'attribute_exists(pk) AND attribute_not_exists(endedAt)',
      values: { ':because': because, ':now': instant(now) },
    })
  }
}
