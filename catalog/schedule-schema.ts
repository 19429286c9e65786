import * as z from 'zod'
import { dayOf } from '../domain/schedule/calendar.ts'
import { readMonthDays, readMonths, readWeekdays, type Written } from '../domain/schedule/days.ts'
import { END_OF_DAY, isPeriod, TIME_OF_DAY } from '../domain/schedule/written.ts'
import { TIME_ZONE } from './words.ts'

/** A text, a number, or a list of them. */
const days = (read: (written: Written) => unknown, allowed: string) =>
  z
    .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))])
    .refine((written) => read(written) !== undefined)
    .describe(allowed)
    .optional()

/** A part of the week, or of the year. If `to` is not after `from`, it ends the next day. */
const period = z
  .strictObject({
    /** Also `mon#1`, the first of a month, and `friL`, the last. */
    days: days(readWeekdays, 'days and ranges of days, such as mon-fri or mon, wed, sat-sun'),
    monthDays: days(
      readMonthDays,
      'days of the month and ranges of them, such as 1-5, 20-L (to the last), 15W (the weekday nearest to the 15th) or LW (the last weekday)',
    ),
    months: days(readMonths, 'months and ranges of them, such as jan, 3 or nov-feb'),
    from: z.string().regex(TIME_OF_DAY).optional().describe('a local time, such as 08:00'),
    ready: z
      .string()
      .regex(TIME_OF_DAY)
      .optional()
      .describe('a local time, such as 08:00, by which it has woken'),
    to: z
      .string()
      .regex(END_OF_DAY)
      .optional()
      .describe('a local time, such as 20:00; at or before `from` it is the next day’s'),
    timeZone: TIME_ZONE.optional(),
  })
  // Only of a period without other mistakes.
  .refine(isPeriod, { when: ({ issues }) => issues.length === 0 })
  .describe(
    'one of days, monthDays, months, from, ready and to at least, and not both from and ready',
  )

/** When something runs; outside of it, it sleeps. */
export const schedule = z.strictObject({
  running: z
    .array(period)
    .min(1)
    .describe('at least one period of days, from and to in which it runs'),
  timeZone: TIME_ZONE.optional(),
  calendar: z.string().optional().describe('one of calendars'),
  holidays: z
    .enum(['sleep', 'ignore'])
    .optional()
    .describe('sleep or ignore: what it does on the days of its calendar (sleep when absent)'),
})

const FILE = /^calendars\/[a-z0-9][a-z0-9._-]*\.ics$/

/** Dates; or a file of them, which is read in their place. */
export const calendar = z
  .record(
    z
      .string()
      .regex(/^(\d{4}-\d{2}-\d{2}|ics)$/)
      .refine((key) => key === 'ics' || dayOf(key) !== undefined)
      .describe('a date, such as 2026-12-25'),
    z.string().min(1).describe('what the day is, such as Christmas Day'),
  )
  .refine((days) => days.ics === undefined || FILE.test(days.ics))
  .refine((days) => days.ics === undefined || Object.keys(days).length === 1)
  .describe(
    'dates with what they are, such as 2026-12-25: Christmas Day; or only ics: calendars/<name>.ics',
  )
