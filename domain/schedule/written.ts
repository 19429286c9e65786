import * as z from 'zod/mini'
import { isTimeZone } from '../say-time.ts'
import { readMonthDays, readMonths, readWeekdays } from './days.ts'

/** Of something that is never put to sleep. */
export const ALWAYS_ON = 'always-on'
/** Of a data store: it sleeps while nothing that needs it is awake. */
export const WHEN_NEEDED = 'when-needed'

export const TIME_OF_DAY = /^([01]?\d|2[0-3]):[0-5]\d$/
/** Midnight at the end of the day has a name of its own. */
export const END_OF_DAY = /^([01]?\d|2[0-3]):[0-5]\d$|^24:00$/

const words = z.union([z.string(), z.number()])
const days = (read: (written: string | number | (string | number)[]) => unknown) =>
  z.optional(
    z.union([words, z.array(words)]).check(z.refine((written) => read(written) !== undefined)),
  )
const timeZone = z.optional(z.string().check(z.refine(isTimeZone)))

/**
 * Days, and the time from which and to which it runs on them. All that is named must hold: `days:
 * mon` with `monthDays: 1-7` is the first Monday. It belongs to the day on which it starts.
 */
const period = z.strictObject({
  /** Days of the week. */
  days: days(readWeekdays),
  monthDays: days(readMonthDays),
  months: days(readMonths),
  /** Local times. Without a begin it may run before the end, without an end until midnight. */
  from: z.optional(z.string().check(z.regex(TIME_OF_DAY))),
  /** Instead of `from`: it starts as much earlier as a wake takes. */
  ready: z.optional(z.string().check(z.regex(TIME_OF_DAY))),
  to: z.optional(z.string().check(z.regex(END_OF_DAY))),
  timeZone,
})
export type Period = z.infer<typeof period>

const mentions = [
  'days',
  'monthDays',
  'months',
  'from',
  'ready',
  'to',
] as const satisfies (keyof Period)[]

/** A period that says nothing would be always-on; two begins contradict each other. */
export const isPeriod = (one: Partial<Record<keyof Period, unknown>>): boolean =>
  mentions.some((name) => one[name] !== undefined) &&
  !(one.from !== undefined && one.ready !== undefined)

/** When something runs, as the catalog says it; outside of the periods it sleeps. */
export const schedule = z.strictObject({
  /** Its name in the catalog; what is told of it begins with that. */
  name: z.optional(z.string()),
  running: z.array(period.check(z.refine(isPeriod))).check(z.minLength(1)),
  timeZone,
  /** The name of a calendar. */
  calendar: z.optional(z.string()),
  /** What it does on the calendar's days: nothing runs that starts on them, or as on any day. */
  holidays: z.optional(z.enum(['sleep', 'ignore'])),
})
export type Schedule = z.infer<typeof schedule>

/** Dates (`2026-12-25`) with what they are (`Christmas Day`). */
export const calendar = z.record(z.string(), z.string())
export type Calendar = z.infer<typeof calendar>

/** The schedule of a name: undefined for one that the catalog does not have. */
export function scheduleNamed(
  schedules: Readonly<Record<string, Schedule>>,
  name: string,
): Schedule | typeof ALWAYS_ON | undefined {
  if (name === ALWAYS_ON) return ALWAYS_ON
  return Object.hasOwn(schedules, name) ? schedules[name] : undefined
}
