import { DAY, localTime } from '../local-time.ts'
import type { Calendar } from './written.ts'

/** Days, counted from 1 January 1970, with what they are. */
export type Holidays = ReadonlyMap<number, string>

/** A date as the day it is; undefined if there is none such. */
export function dayOf(date: string): number | undefined {
  const at = Date.parse(`${date}T00:00:00Z`)
  const isDate = /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(at)
  return isDate && new Date(at).toISOString().startsWith(date) ? at / DAY : undefined
}

/** Undefined if one of the dates is none. */
export function holidaysOf(calendar: Calendar): Holidays | undefined {
  const found = new Map<number, string>()
  for (const [date, what] of Object.entries(calendar)) {
    const day = dayOf(date)
    if (day === undefined) return undefined
    found.set(day, what)
  }
  return found
}

/** A calendar that says nothing about days that are near lets them pass as working days. */
const WARNED_DAYS = 60

/**
 * Calendars that have no date after the next 60 days, with their last date: undefined for an empty
 * one. Whoever looks after the calendar is told while there is time.
 */
export function endingCalendars(
  calendars: Readonly<Record<string, Calendar>>,
  timeZone: string,
  now: Date,
): { calendar: string; last: string | undefined }[] {
  const today = dayOf(localTime(now, timeZone).date) ?? 0
  return Object.entries(calendars)
    .map(([calendar, days]) => ({ calendar, last: Object.keys(days).toSorted().at(-1) }))
    .filter(({ last }) => last === undefined || (dayOf(last) ?? 0) < today + WARNED_DAYS)
}
