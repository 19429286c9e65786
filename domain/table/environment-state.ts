import * as z from 'zod/mini'
import { version } from './version.ts'

/** What Caretaker keeps of the environment. */
export const environmentState = z.object({
  version,
  /**
   * No roll-outs until then: `{ until, by, reason }`. However it was written, it holds until it is
   * read to have ended: `domain/roll-out/hold.ts` reads its words.
   */
  frozen: z.optional(z.unknown()),
  /** The same of single teams, by name; what is no such map holds every team. */
  frozenTeams: z.optional(z.unknown()),
  /** The same of teams whose budget is spent: a hold of its own, which no other one's end lifts. */
  budgetFrozen: z.optional(z.unknown()),
})
export type EnvironmentState = z.infer<typeof environmentState>

/** A freeze as Caretaker writes it; `until` is ISO 8601. */
export type Freeze = { until: string; by: string; reason: string }
