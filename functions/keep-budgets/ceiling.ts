import { awakeHours } from '../../domain/budgets/awake-hours.ts'
import { endOfMonth } from '../../domain/budgets/figure.ts'
import { budgetOrder, ordersOf } from '../../domain/budgets/order.ts'
import { type Candidate, type Outcome, type Plan, planOf } from '../../domain/budgets/plan.ts'
import { monthEnd, rateOf } from '../../domain/budgets/rate.ts'
import { sayUsd } from '../../domain/ledger/say.ts'
import { ALWAYS_ON, scheduleNamed } from '../../domain/schedule/written.ts'
import { nameOf } from '../../domain/sleep/night.ts'
import { priceOf } from '../../domain/sleep/price.ts'
import { NOTICE_MS } from '../../domain/sleep/times.ts'
import type { Subject } from '../../domain/sleep/wanted.ts'
import type { BudgetPlan } from '../../domain/table/budget-record.ts'
import type { BudgetState } from '../../domain/table/budget-state.ts'
import { cut } from '../../domain/text.ts'
import { inputOf } from '../shared/sleep/edges.ts'
import type { Sleeping } from '../shared/sleep/listed.ts'
import { outlook } from '../shared/sleep/outlook.ts'
import type { Budget, Looking } from './looking.ts'
import { orderSleep } from './orders.ts'
import { tell } from './records.ts'

const WHY_CHARACTERS = 200

/**
 * The month would end above the ceiling: as much as it takes is put to sleep, half an hour after
 * people were told. Where nothing is enough, or nobody has allowed it, they are asked.
 */
export async function keepBelowCeiling(
  looking: Looking,
  budget: Budget & { team: string },
  state: BudgetState,
): Promise<void> {
  const { now } = looking
  const scene = await sceneOf(looking, budget, state)
  if (scene === undefined) return
  const { plan, from } = scene
  const because = whyNot(looking, budget, plan)
  const until = endOfMonth(now)
  const sleeps = because === undefined ? plan.step : plan.all
  const saves = sleeps.reduce((sum, { usd }) => sum + usd, 0)
  const told: BudgetPlan = {
    ...{ ceiling: scene.ceiling, ends: scene.ends, endsThen: Math.max(0, scene.ends - saves) },
    sleeps: sleeps.slice(0, MOST_NAMED).map(({ id, name, usd }) => ({ id, name, usd })),
    passed: plan.passed.map(({ name, why }) => ({ name, why: cut(why, WHY_CHARACTERS) })),
    ...(because === undefined
      ? { from: from.toISOString(), until: until.toISOString() }
      : { because }),
  }
  // Told first: cut off in between, the next look finds it told and orders what is still to be.
  await tell(looking, budget, state, because === undefined ? 'sleeps' : 'asks', { plan: told })
  if (because !== undefined) return
  const ids = new Set(plan.step.map(({ id }) => id))
  const seen = scene.sleeping.subjects.flatMap((one) => (ids.has(one.seen.id) ? [one.seen] : []))
  const why = `the month would end at ${sayUsd(told.ends)}, above ${sayUsd(told.ceiling)}`
  await orderSleep(looking, budget.team, seen, { from, until, why })
  await looking.moveSleepers(why)
}

const MOST_NAMED = 20

/** Why nothing is put to sleep by itself; undefined when it is. */
function whyNot({ catalog }: Looking, { asks }: Budget, { fits }: Plan): BudgetPlan['because'] {
  if (!fits) return 'not-enough'
  if (catalog.features.budgets !== 'act') return 'tell'
  if (catalog.features.sleep !== 'act') return 'sleep-off'
  return asks ? 'asked' : undefined
}

/** Where the month ends, and what would have to sleep; undefined when it ends below the ceiling. */
async function sceneOf(looking: Looking, budget: Budget & { team: string }, state: BudgetState) {
  const { now, catalog } = looking
  const rate = rateOf(state.figures)
  // Raised or lowered by hand, the limit takes the ceiling along.
  const ceiling = (budget.ceiling * state.limit) / budget.limit
  if (rate === undefined || monthEnd(state.spent, rate, [], now) <= ceiling) return undefined
  const sleeping = await looking.sleeping()
  const orders = ordersOf(sleeping.overrides, budget.team, now)
  const asleep = orders.flatMap(({ from, resource }) =>
    sleeping.subjects
      .filter(({ seen }) => seen.id === resource)
      .map((subject) => ({ from, usd: usdOf(looking, subject, now) })),
  )
  const ends = monthEnd(state.spent, rate, asleep, now)
  if (ends <= ceiling) return undefined
  const from = new Date(now.getTime() + NOTICE_MS)
  const ordered = new Set(orders.map(({ resource }) => resource))
  const open = sleeping.subjects.filter(({ seen }) => !ordered.has(seen.id))
  const candidates = candidatesOf(looking, budget.team, open, from)
  const outcome = outcomeOf(catalog, sleeping, budget.team, from)
  return { ...{ ceiling, ends, from, sleeping }, plan: planOf(candidates, ends - ceiling, outcome) }
}

/** What a team owns that may sleep for its budget, and has a price. */
function candidatesOf(
  looking: Looking,
  team: string,
  subjects: readonly Subject[],
  from: Date,
): Candidate[] {
  const { services } = looking.catalog
  return subjects.flatMap((subject): Candidate[] => {
    const { id, owner, service = '', schedule, wayOut } = subject.seen
    const known = Object.hasOwn(services, service) ? services[service] : undefined
    const may = known?.sleepsForBudget ?? schedule !== ALWAYS_ON
    if (owner !== team || !may || wayOut === true || subject.kept?.problem !== undefined) return []
    const usd = usdOf(looking, subject, from)
    if (usd <= 0) return []
    return [{ id, name: nameOf(subject), importance: known?.importance ?? 'normal', usd }]
  })
}

/** What something costs from then on until the month is over, at its size and by its schedule. */
function usdOf({ catalog, now }: Looking, one: Subject, from: Date): number {
  const { schedule } = one.seen
  // What sleeps whenever nothing needs it is not put to sleep by itself.
  if (scheduleNamed(catalog.schedules, schedule) === undefined) return 0
  return (
    priceOf([one], catalog).hour * awakeHours(inputOf(catalog, schedule), from, endOfMonth(now))
  )
}

/** What would go on running, if these were put to sleep: what people say goes before a budget. */
const outcomeOf =
  (
    catalog: Looking['catalog'],
    { subjects, overrides }: Sleeping,
    team: string,
    at: Date,
  ): Outcome =>
  (of) => {
    const ids = new Set(of.map(({ id }) => id))
    const until = new Date(at.getTime() + 1).toISOString()
    const words = { from: at.toISOString(), until, why: '' }
    const orders = subjects.flatMap(({ seen }) =>
      ids.has(seen.id) ? [budgetOrder(seen, team, words)] : [],
    )
    const wants = outlook(catalog, subjects, [...overrides, ...orders], at)
    return new Map(
      [...wants].flatMap(([id, { to, reason }]) =>
        ids.has(id) && to !== 'asleep' ? [[id, reason] as const] : [],
      ),
    )
  }
