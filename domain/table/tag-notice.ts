import * as z from 'zod/mini'
import { common } from './common.ts'
import { choice } from './sleep-record.ts'
import { version } from './version.ts'

/** What one message says of resources: the step that was taken, or that it is over. */
export const TAG_VERDICTS = ['missing', 'due', 'stopped', 'not-stopped', 'mended', 'gone'] as const

/** One step of the ladder, of one resource or of several of one team. */
export const tagNotice = z.object({
  ...common,
  version,
  kind: z.literal('tag-notice'),
  verdict: z.enum(TAG_VERDICTS),
  /** The resource's name, or how many there are. */
  subject: z.string(),
  detail: z.object({
    step: z.enum(['tell', 'mark', 'stop']),
    /** The first ones, each with what it lacks. */
    resources: z.array(
      z.object({
        name: z.string(),
        left: z.array(z.string()),
        /** Why it is not stopped, where others would be. */
        stays: z.optional(z.string()),
        /** What there is to know besides, and what helps. */
        hints: z.optional(z.array(z.string())),
      }),
    ),
    more: z._default(z.number(), 0),
    /** Who made it, where there is one. */
    by: z.optional(z.string()),
    madeAt: z.optional(z.string()),
    /** Until when there is time: ISO 8601. */
    due: z.optional(z.string()),
    choices: z._default(z.array(choice), []),
  }),
})
export type TagNotice = z.infer<typeof tagNotice>

/** How the tags of what a team owns are, once a week. */
export const tagReport = z.object({
  ...common,
  version,
  kind: z.literal('tag-report'),
  /** The team. */
  subject: z.string(),
  detail: z.object({
    total: z.number(),
    complete: z.number(),
    /** Complete a report before, of those that there were then. */
    before: z.optional(z.object({ complete: z.number(), total: z.number() })),
    /** By key, how many lack it or have it wrong. */
    keys: z.array(z.object({ key: z.string(), count: z.number() })),
    /** The first that are not complete. */
    names: z.array(z.string()),
    /** What would be written, were `features.tags` on `act`. */
    would: z._default(z.number(), 0),
    /** What could not be read, and counts nowhere. */
    unread: z._default(z.array(z.string()), []),
    /** How many belong to no environment; said to the environment's owner alone. */
    nowhere: z._default(z.number(), 0),
    /** US dollars a month at list price of what is not complete, as far as prices are known. */
    usd: z.optional(z.number()),
    /** How many of those have no price that is known, or are paid by use. */
    unpriced: z._default(z.number(), 0),
    /** Until when nothing but reports: ISO 8601. */
    reportsUntil: z.optional(z.string()),
  }),
})
export type TagReport = z.infer<typeof tagReport>
