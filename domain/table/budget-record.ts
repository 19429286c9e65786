import * as z from 'zod/mini'
import { common } from './common.ts'
import { choice } from './sleep-record.ts'
import { version } from './version.ts'

/** What one message says of a budget: a step, or what is odd about its figures. */
export const BUDGET_VERDICTS = ['near', 'over', 'unknown', 'known', 'differs'] as const

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
    choices: z._default(z.array(choice), []),
    /** Why it is over. */
    undone: z.optional(z.enum(['month', 'raised'])),
  }),
})
export type BudgetRecord = z.infer<typeof budgetRecord>
