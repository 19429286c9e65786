import * as z from 'zod/mini'
import { common } from './common.ts'
import { choice } from './sleep-record.ts'
import { version } from './version.ts'

/** What is told once, each in a message of its own. */
export const FACTS = [
  'schedule-unknown',
  'started-by-hand',
  'stopped-by-hand',
  'refuses',
  'not-moved',
  'not-hibernated',
  'put-back',
  'held',
  'resized',
  'no-backup',
  'untagged',
  'keep-ends',
  'keep-ended',
  'no-page',
  /** Nobody uses it: it sleeps soon, would sleep, sleeps, and no longer. */
  'idle-soon',
  'idle-would',
  'idle-asleep',
  'idle-over',
] as const

/** One fact about something that carries a schedule, or about what somebody asked for. */
export const sleepFact = z.object({
  ...common,
  version,
  kind: z.literal('sleep-fact'),
  verdict: z.enum(FACTS),
  /** What it is about: a resource's name, or what is kept awake. */
  subject: z.string(),
  detail: z.object({
    /** Who is asked or told: `T…/U…`, or a name where Slack does not know them. */
    to: z.optional(z.string()),
    /** Who did it. */
    by: z.optional(z.string()),
    /** Until when it holds: ISO 8601. */
    until: z.optional(z.string()),
    choices: z._default(z.array(choice), []),
  }),
})
export type SleepFact = z.infer<typeof sleepFact>
