import * as z from 'zod/mini'
import { version } from './version.ts'

/** What is not paid by the hour while something sleeps (`domain/ledger/rate.ts`). */
export const rate = z.object({
  hour: z.optional(z.number()),
  size: z.string(),
  stays: z.optional(z.number()),
})

/** One sleep of one resource that is over: Caretaker put it to sleep, and it did not run meanwhile. */
export const ledgerEntry = z.object({
  version,
  /** The resource's id: `domain/sleep/resource.ts`. */
  resource: z.string(),
  name: z.string(),
  /** The team that owned it then. */
  owner: z._default(z.string(), ''),
  /** ISO 8601: from the stop to the begin of its start. */
  from: z.string(),
  until: z.string(),
  rate,
  expires: z.number(),
})
export type LedgerEntry = z.infer<typeof ledgerEntry>
