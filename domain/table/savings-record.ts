import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

const line = z.object({ what: z.string(), usd: z.number() })

/** What a team's resources have slept in a week, and what was not paid for them meanwhile. */
export const savingsRecord = z.object({
  ...common,
  version,
  kind: z.literal('savings'),
  /** The team. */
  subject: z.string(),
  detail: z.object({
    /** The week's Monday: `2026-03-02`. */
    monday: z.string(),
    hours: z.number(),
    /** US dollars at list price. */
    usd: z.number(),
    /** The dearest; `usd` is absent where the price is not known. */
    resources: z.array(
      z.object({ name: z.string(), hours: z.number(), usd: z.optional(z.number()) }),
    ),
    /** How many more have slept than `resources` names. */
    more: z._default(z.number(), 0),
    unpriced: z.array(z.string()),
    /** What the whole environment has paid all the same. */
    stays: z.array(line),
  }),
})
export type SavingsRecord = z.infer<typeof savingsRecord>
