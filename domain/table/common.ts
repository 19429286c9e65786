import * as z from 'zod/mini'
import { VERBS } from '../acts/verbs.ts'

/** Records are kept half a year: long enough to ask why, short enough to stay cheap. */
export const KEPT_SECONDS = 180 * 24 * 60 * 60

/** Names an item of the table, as an attribute of another. */
export const itemKey = z.object({ pk: z.string(), sk: z.string() })

/**
 * A sentence told once in the thread of a record's message, and never edited. `id` makes it one:
 * adding a note of the same id again changes nothing.
 */
export const note = z.object({
  id: z.string(),
  at: z.string(),
  text: z.string(),
  /** Shown in the channel too, so that it notifies people. */
  notifies: z._default(z.boolean(), false),
})
export type Note = z.infer<typeof note>

/** Notes of one record, at most; the oldest goes first. */
export const NOTES = 40

/** Why a record that is worth a message has none yet; `until` when that is known. */
export const held = z.object({
  because: z.enum(['suppressed', 'muted', 'asleep', 'actions-disabled', 'child-of-composite']),
  /** Who or what holds it: a name or an ARN. */
  by: z.optional(z.string()),
  until: z.optional(z.string()),
  /** Of what sleeps: since when, and by which rule or whom. */
  since: z.optional(z.string()),
  rule: z.optional(z.string()),
})
export type Held = z.infer<typeof held>

/** A button of the record's message was pressed: its buttons give way to who did what, and when. */
const acted = z.object({ verb: z.enum(VERBS), by: z.string(), at: z.string(), receipt: z.string() })
export type Acted = z.infer<typeof acted>

/** What every record has, whatever it is about; each kind adds its `verdict`, `kind` and `detail`. */
export const common = {
  pk: z.string(),
  sk: z.string(),
  /** The team whose business it is; it chooses the Slack channel. */
  owner: z._default(z.string(), ''),
  /** When what it is about happened: ISO 8601, whole seconds. */
  at: z.string(),
  reason: z._default(z.string(), ''),
  execution: z._default(z.string(), ''),
  startedAt: z.optional(z.string()),
  endedAt: z.optional(z.string()),
  /** The record in whose thread this one is told; its first word there notifies people. */
  thread: z.optional(itemKey),
  notes: z.optional(z.array(note)),
  held: z.optional(held),
  acted: z.optional(acted),
  /** Slack takes no message about it, and will not however often it is asked. */
  refused: z.optional(z.object({ channel: z.string(), error: z.string(), at: z.string() })),
  /** Why its message is not there yet, when Slack does not say whether it is. */
  waits: z.optional(z.object({ because: z.string(), at: z.string() })),
  /** Epoch seconds after which DynamoDB forgets it. */
  expires: z.optional(z.number()),
}
