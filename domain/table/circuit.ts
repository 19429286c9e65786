import * as z from 'zod/mini'
import { version } from './version.ts'

/** A service's circuit. Absent is closed. */
export const circuit = z.object({
  version,
  state: z.enum(['closed', 'open', 'half-open']),
  /** Rises with every write: a move that was decided on an older one is not made. */
  generation: z._default(z.number(), 0),
  /** Since when it is in this state: ISO 8601. */
  since: z.string(),
  reason: z._default(z.string(), ''),
  /** The alarms that opened it, by ARN. */
  alarms: z._default(z.array(z.string()), []),
  /** Ids of the instances that are taken out. */
  withdrawn: z._default(z.array(z.string()), []),
  /** The execution that keeps it. */
  execution: z._default(z.string(), ''),
  /** What could not be read, and since when: nothing is done until it can. */
  notKnown: z.optional(z.object({ what: z.string(), since: z.string() })),
  expires: z.optional(z.number()),
})
export type Circuit = z.infer<typeof circuit>
