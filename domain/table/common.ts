import * as z from 'zod/mini'

/** Records are kept half a year: long enough to ask why, short enough to stay cheap. */
export const KEPT_SECONDS = 180 * 24 * 60 * 60

/** What every record has, whatever it is about. */
export const common = {
  pk: z.string(),
  sk: z.string(),
  /** The team whose business it is; it chooses the Slack channel. */
  owner: z._default(z.string(), ''),
  /** When what it is about happened: ISO 8601, whole seconds. */
  at: z.string(),
  reason: z._default(z.string(), ''),
  execution: z._default(z.string(), ''),
  /** Slack takes no message about it, and will not however often it is asked. */
  refused: z.optional(z.object({ channel: z.string(), error: z.string(), at: z.string() })),
  /** Epoch seconds after which DynamoDB forgets it. */
  expires: z.optional(z.number()),
}
