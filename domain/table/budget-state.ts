import * as z from 'zod/mini'
import { grown } from './budget-record.ts'
import { version } from './version.ts'

/** What is kept of a budget: its last figure, and how far it has gone. US dollars. */
export const budgetState = z.object({
  version,
  /** Counts the writes: two looks at one time do not both write. */
  revision: z.number(),
  /** As AWS calls it. */
  name: z.string(),
  /** Of which month the rest is: `2026-03`, in UTC. */
  month: z.string(),
  /** The one that counts. */
  limit: z.number(),
  spent: z.number(),
  forecast: z.optional(z.number()),
  /** When the figure was first seen as it is: AWS does not say how old it is. */
  changedAt: z.string(),
  /** The newest figures of the month, the oldest first. */
  figures: z._default(z.array(z.object({ at: z.string(), spent: z.number() })), []),
  rung: z.enum(['none', 'near', 'over']),
  /** How often in this month its steps have begun again, because they were undone. */
  again: z.optional(z.number()),
  /** What had grown on a day, as Cost Explorer said it. */
  grown: z.optional(z.object({ day: z.string(), all: z.array(grown) })),
  /** What the month before had spent, until this month's figures have come. */
  lastMonth: z.optional(z.number()),
  /** Since when it is zero, and whether that was said. */
  zeroSince: z.optional(z.string()),
  saidUnknown: z._default(z.boolean(), false),
  /** A limit in AWS that is not the catalog's, and in which month it was seen first. */
  other: z.optional(z.object({ limit: z.number(), month: z.string() })),
  /** The limit in AWS that was said to be another one than the catalog's. */
  saidDifference: z.optional(z.number()),
})
export type BudgetState = z.infer<typeof budgetState>
