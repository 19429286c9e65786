import * as z from 'zod/mini'
import { common } from './common.ts'
import { choice } from './sleep-record.ts'
import { version } from './version.ts'

/** What one message says of a budget: a step, or what is odd about its figures. */
export const BUDGET_VERDICTS = [
  'near',
  'over',
  /** The month ends over the ceiling: something is put to sleep, or nobody may do that unasked. */
  'sleeps',
  'asks',
  'unknown',
  'known',
  'differs',
] as const

/** Steps that stand until they are undone; what else is said is over with having been said. */
const STANDING: readonly (typeof BUDGET_VERDICTS)[number][] = ['near', 'over', 'sleeps', 'asks']
export const isStanding = (verdict: BudgetRecord['verdict']): boolean => STANDING.includes(verdict)

/** An AWS service, and what a day of it has cost on average in two weeks: US dollars. */
export const grown = z.object({ name: z.string(), before: z.number(), now: z.number() })

/** What is to sleep so that the month ends below the ceiling: US dollars. */
const plan = z.object({
  ceiling: z.number(),
  /** At today's rate, and once what is named here sleeps. */
  ends: z.number(),
  endsThen: z.number(),
  /** US dollars of each until the month is over; the dearest first. */
  sleeps: z.array(z.object({ id: z.optional(z.string()), name: z.string(), usd: z.number() })),
  /** What goes on running all the same. */
  passed: z.array(z.object({ name: z.string(), why: z.string() })),
  /** From when to when; absent: it is not done. */
  from: z.optional(z.string()),
  until: z.optional(z.string()),
  /** Why it is not done by itself. */
  because: z.optional(z.enum(['tell', 'sleep-off', 'asked', 'not-enough'])),
})
export type BudgetPlan = z.infer<typeof plan>

/** One step of a budget, in one month. */
export const budgetRecord = z.object({
  ...common,
  version,
  kind: z.literal('budget'),
  verdict: z.enum(BUDGET_VERDICTS),
  /** The team, or the environment. */
  subject: z.string(),
  detail: z.object({
    /** `2026-03`, in UTC. */
    month: z.string(),
    /** US dollars, by AWS and by the catalog. */
    limit: z.number(),
    catalogLimit: z.number(),
    spent: z.number(),
    /** Null: there was one, and there is none any more. */
    forecast: z.optional(z.nullable(z.number())),
    /** Why no forecast counts. */
    noForecast: z.optional(z.nullable(z.string())),
    /** When the figure was first seen as it is. */
    changedAt: z.string(),
    /** Roll-outs of the team are held until then; absent where they are not. */
    frozenUntil: z.optional(z.string()),
    /** What could sleep, the dearest first: US dollars a day at list price. */
    couldSleep: z._default(z.array(z.object({ name: z.string(), usd: z.number() })), []),
    /** Of the environment's: what is paid whatever sleeps, US dollars a day at list price. */
    shared: z._default(z.array(z.object({ name: z.string(), usd: z.number() })), []),
    choices: z._default(z.array(choice), []),
    plan: z.optional(plan),
    /** What costs more than a week before. */
    grown: z._default(z.array(grown), []),
    /** Why it is over; `off`: the catalog asks nobody to look at it any more. */
    undone: z.optional(z.enum(['month', 'raised', 'off'])),
  }),
})
export type BudgetRecord = z.infer<typeof budgetRecord>
