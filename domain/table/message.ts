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
  /** The parent of the thread it is in. */
  thread: z.optional(z.string()),
  /** What it said last, as a hash: the same is not said again. */
  said: z.optional(z.string()),
  /** Nothing was posted under this claim: it may be taken at once, without looking for a message. */
  free: z.optional(z.boolean()),
  /** The summary in which it was a line, in place of a message of its own. */
  folded: z.optional(z.string()),
  /** Somebody deleted the message, and nothing takes its place. */
  gone: z.optional(z.boolean()),
  /** Said above it: for which channel it is, or that an earlier message was deleted. */
  heading: z.optional(z.string()),
  /** The block of its chart or picture, as JSON. */
  chart: z.optional(z.string()),
  /** Its notes, claimed and posted each in the same way, by their ids. */
  notes: z.optional(
    z.record(z.string(), z.object({ claimedAt: z.string(), ts: z.optional(z.string()) })),
  ),
})
export type MessagePlace = z.infer<typeof messagePlace>

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

/** What Slack was found to refuse lately, while other things go through. */
export const slackRefusals = z.object({
  version,
  /** Methods that are not called before an instant: a rate limit holds for one method alone. */
  methods: z._default(z.record(z.string(), z.string()), {}),
  /** Channels in which nothing can be posted: Slack's word for why, and the day it was told. */
  channels: z._default(z.record(z.string(), z.string()), {}),
  /** Since when it is known that the workspace takes no chart as a block. */
  charts: z.optional(z.string()),
})
export type SlackRefusals = z.infer<typeof slackRefusals>

/** A record whose message waits: for Slack, or for the end of quiet hours. */
export const heldMessage = z.object({
  version,
  record: z.object({ pk: z.string(), sk: z.string() }),
  because: z.enum(['slack', 'quiet']),
  since: z.string(),
  expires: z.optional(z.number()),
})
export type HeldMessage = z.infer<typeof heldMessage>

/** A request of Slack's that was taken: each signature counts once, and each event. */
export const signature = z.object({
  version,
  at: z.string(),
  /** Of an event: when a request last took it, and whether that was handed on. */
  claimedAt: z.optional(z.string()),
  handedOn: z.optional(z.boolean()),
  expires: z.optional(z.number()),
})
