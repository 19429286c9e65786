import * as z from 'zod/mini'
import { WATCHED_TYPES } from '../tagging/types.ts'
import { itemKey } from './common.ts'
import { version } from './version.ts'

/** A step of the ladder that was taken, and the record that tells of it. */
const step = z.object({ at: z.string(), notice: itemKey })

/** Who has made something, and when. */
const creator = z.object({
  kind: z.enum(['person', 'role', 'stack', 'service', 'group', 'instance', 'unknown']),
  name: z.string(),
  role: z.optional(z.string()),
  /** Of a role: the id of the session's access key, and the repository whose pipeline it was. */
  key: z.optional(z.string()),
  repository: z.optional(z.string()),
  at: z.string(),
})

/** A session that a pipeline has begun. */
export const ciSession = z.object({
  version,
  /** `acme/orders` */
  repository: z.string(),
  at: z.string(),
  expires: z.number(),
})
export type CiSession = z.infer<typeof ciSession>

/** Who has made a stack of CloudFormation: whose what it makes is, where nothing else says it. */
export const stackMaker = z.object({
  version,
  /** The stack's ARN. */
  stack: z.string(),
  creator,
  expires: z.number(),
})
export type StackMaker = z.infer<typeof stackMaker>

/** What is kept of something that is watched: who made it, what was written, how far the ladder went. */
export const tagCase = z.object({
  version,
  id: z.string(),
  arn: z.string(),
  type: z.enum(WATCHED_TYPES),
  name: z.string(),
  /** The team that is told: the environment's owner where nobody better is known. */
  owner: z._default(z.string(), ''),
  /** Who made it, by CloudTrail. A person is named here and never in a tag. */
  creator: z.optional(creator),
  /** Whose somebody has said it is. */
  given: z.optional(z.object({ team: z.string(), by: z.string(), at: z.string() })),
  /** How often each key was written: what is taken off twice is not written again. */
  wrote: z._default(z.record(z.string(), z.number()), {}),
  /** AWS has refused its tags so often, the last time with these words. */
  refused: z.optional(z.object({ times: z.number(), error: z.string() })),
  /** The same of our mark. */
  markRefused: z.optional(z.object({ times: z.number(), error: z.string() })),
  /** What people have to see to, in words; empty when nothing is left. */
  left: z._default(z.array(z.string()), []),
  /** Since when something is left: ISO 8601. */
  since: z.optional(z.string()),
  tell: z.optional(step),
  mark: z.optional(step),
  stop: z.optional(step),
  /** Until when it has time: ISO 8601, set once, with the mark. */
  due: z.optional(z.string()),
  /** Why it is not stopped, whatever happens: as last read. */
  stays: z.optional(z.string()),
  /** Its own service has shown it stopped after we asked for that. */
  stopped: z.optional(z.boolean()),
  /** Somebody has started it again: nothing is done until then. */
  answeredUntil: z.optional(z.string()),
  ended: z.optional(z.object({ at: z.string(), how: z.enum(['mended', 'gone']) })),
  expires: z.optional(z.number()),
})
export type TagCase = z.infer<typeof tagCase>

/** What the sweeps of tags keep. */
export const tagState = z.object({
  version,
  /** The first sweep: 14 days from it nothing but reports. */
  since: z.string(),
  /** The Monday, or the first day, of the last report: `2026-03-02`. */
  reported: z.optional(z.string()),
  /** The keys that the organisation's tag policies require, by type, as last read. */
  company: z._default(z.record(z.string(), z.array(z.string())), {}),
  /** How many of how many were complete then, by team. */
  teams: z._default(
    z.record(z.string(), z.object({ complete: z.number(), total: z.number() })),
    {},
  ),
})
export type TagState = z.infer<typeof tagState>
