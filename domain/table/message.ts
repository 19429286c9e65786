import * as z from 'zod/mini'
import { version } from './version.ts'

/**
 * Where the Slack message of a record is: claimed before it is posted, so that it is never posted
 * twice. `ts` is there once Slack has answered.
 */
export const messagePlace = z.object({
  version,
  channel: z.string(),
  claimedAt: z.string(),
  ts: z.optional(z.string()),
  /** Ids of the intents behind its buttons, by what each does. */
  offers: z.optional(z.record(z.string(), z.string())),
  /** People were notified by it: not of what was over before it could be said. */
  notified: z.optional(z.boolean()),
})

/**
 * What Slack takes at the moment: absent while it takes everything. `until` is when one call is
 * tried again; the function that sets it further does that.
 */
export const slackState = z.object({
  version,
  since: z.string(),
  until: z.string(),
  reason: z.string(),
  /** The fallback has spoken. */
  toldAt: z.optional(z.string()),
})
export type SlackState = z.infer<typeof slackState>

/** A record whose message waits: for Slack, or for the end of quiet hours. */
export const heldMessage = z.object({
  version,
  record: z.object({ pk: z.string(), sk: z.string() }),
  because: z.enum(['slack', 'quiet']),
  since: z.string(),
  expires: z.optional(z.number()),
})
export type HeldMessage = z.infer<typeof heldMessage>
export type MessagePlace = z.infer<typeof messagePlace>

/** A request of Slack's that was taken: each signature counts once. */
export const signature = z.object({ version, at: z.string(), expires: z.optional(z.number()) })
