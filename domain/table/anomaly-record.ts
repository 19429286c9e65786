import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

const usd = z.optional(z.number())

/** What Cost Anomaly Detection has found: one record, however often and however long it is said. */
export const anomalyRecord = z.object({
  ...common,
  version,
  kind: z.literal('anomaly'),
  /** The team, or what AWS has watched. */
  subject: z.string(),
  detail: z.object({
    /** US dollars: above what was expected, and what both were. */
    usd,
    spent: usd,
    expected: usd,
    /** `2026-03-09`: the first day and the last so far; empty where AWS does not say. */
    from: z.string(),
    to: z.string(),
    causes: z.array(z.object({ service: z.string(), where: z.string(), usage: z.string(), usd })),
    /** The page of it in AWS's console. */
    link: z.optional(z.string()),
  }),
})
export type AnomalyRecord = z.infer<typeof anomalyRecord>
