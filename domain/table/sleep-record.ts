import * as z from 'zod/mini'
import { common } from './common.ts'
import { version } from './version.ts'

/** What a resource of the night does, where that needs a word: its name and why. */
const named = z.object({ name: z.string(), why: z.string() })
export type NamedWhy = z.infer<typeof named>

/** A choice that the message gives, as it is shown: the time that a button means is on it. */
export const choice = z.object({
  verb: z.enum(['keep', 'wake', 'sleep', 'own']),
  input: z.record(z.string(), z.unknown()),
  label: z.string(),
  /** What tells it from the same verb of another moment. */
  key: z.string(),
})
export type Choice = z.infer<typeof choice>

/** How a night is going; `would`: the catalog lets it only be told. */
export const NIGHT = [
  'announced',
  'would',
  'kept',
  'falling',
  'asleep',
  'waking',
  'not-awake',
  'awake',
] as const

/** One night of what a team owns: from the announcement until it is awake again. */
export const sleepRecord = z.object({
  ...common,
  version,
  kind: z.literal('sleep'),
  verdict: z.enum(NIGHT),
  /** The team. */
  subject: z.string(),
  /** Rises with every write: two looks at once do not undo each other. */
  revision: z._default(z.number(), 0),
  detail: z.object({
    /** When it sleeps by its schedule, and when it next starts; absent: never. */
    edge: z.string(),
    wake: z.optional(z.string()),
    /** Holidays that it sleeps through. */
    because: z._default(z.array(z.string()), []),
    schedules: z._default(z.array(z.string()), []),
    /** Names: what is to sleep, goes to sleep, sleeps, wakes. */
    sleeps: z._default(z.array(z.string()), []),
    falling: z._default(z.array(z.string()), []),
    asleep: z._default(z.array(z.string()), []),
    waking: z._default(z.array(z.string()), []),
    awake: z._default(z.array(z.string()), []),
    /** What is awake against the schedule, and what is asleep against it. */
    stays: z._default(z.array(named), []),
    off: z._default(z.array(named), []),
    /** What is not where it should be at its deadline. */
    failed: z._default(z.array(named), []),
    asleepSince: z.optional(z.string()),
    awakeSince: z.optional(z.string()),
    /** Of the wake: what was the last. */
    slowest: z.optional(z.string()),
    /** Minutes by which its edge was carried out late. */
    late: z.optional(z.number()),
    /** What a button keeps beside what sleeps, and what has no price that is known. */
    with: z._default(z.array(z.string()), []),
    unpriced: z._default(z.array(z.string()), []),
    choices: z._default(z.array(choice), []),
  }),
})
export type SleepRecord = z.infer<typeof sleepRecord>
export type NightVerdict = SleepRecord['verdict']
