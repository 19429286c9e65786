import * as z from 'zod/mini'
import { VERBS } from '../acts/verbs.ts'
import { itemKey } from './common.ts'
import { version } from './version.ts'

/**
 * What a button stands for. The button carries the item's id alone; whoever presses must belong to
 * `team` or to the operators, and one press uses it up.
 */
export const intent = z.object({
  version,
  /** A verb of `domain/acts` and its input. */
  verb: z.enum(VERBS),
  input: z.record(z.string(), z.unknown()),
  team: z.string(),
  /** What a press is held against: the digest that runs, or `red` for an alarm. */
  expected: z._default(z.string(), ''),
  /** The record whose message has the button. */
  record: itemKey,
  createdAt: z.string(),
  /** ISO 8601; the item itself stays a while longer, so that a late press can be answered. */
  until: z.string(),
  used: z.optional(z.object({ by: z.string(), at: z.string(), receipt: z.string() })),
  expires: z.optional(z.number()),
})
export type Intent = z.infer<typeof intent>

/** What the receipt of an act says. */
export const receipt = z.object({
  version,
  id: z.string(),
  verb: z.enum(VERBS),
  /** Who: an e-mail address, a Slack user, a role's ARN; and by which way. */
  by: z.string(),
  via: z.enum(['slack', 'iam']),
  at: z.string(),
  subject: z.string(),
  from: z._default(z.string(), ''),
  to: z._default(z.string(), ''),
  reason: z._default(z.string(), ''),
  /** The command that undoes it. */
  undo: z._default(z.string(), ''),
  outcome: z.enum(['done', 'started', 'refused']),
  said: z.string(),
  expires: z.optional(z.number()),
})
export type Receipt = z.infer<typeof receipt>
