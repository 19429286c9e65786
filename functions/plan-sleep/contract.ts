import * as z from 'zod/mini'

export const environment = z.object({
  TABLE_NAME: z.string(),
  /** The group that the schedules of the next edges are made in. */
  SCHEDULE_GROUP: z.string(),
  /** The role by which a schedule starts the machine. */
  SCHEDULE_ROLE: z.string(),
  SLEEP_MACHINE: z.string(),
  /** The function that answers visitors of what sleeps: its ARN. */
  ANSWER_VISITOR: z.string(),
  /** Where a schedule goes that could not start the machine: the ARN of a queue. */
  DEAD_LETTERS: z.string(),
})

/** A move that AWS did not take. */
const refused = z.object({
  /** The resources that it was about. */
  of: z.array(z.string()),
  error: z.string(),
  cause: z._default(z.string(), ''),
})
export type Refused = z.infer<typeof refused>

/** One look, for the execution that moves things. */
export const event = z.object({
  execution: z.string(),
  /** When it began: ISO 8601. What came to rest since then is not read at every look. */
  began: z.optional(z.string()),
  /** Looks that the execution has taken before. */
  looks: z.number(),
  /** What became of the moves since the look before. */
  refused: z.array(refused),
  /** A visitor has come through a rule that was left before something that is up. */
  left: z._default(z.boolean(), false),
})
export type Look = z.infer<typeof event>
