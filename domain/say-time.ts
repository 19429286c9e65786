import { localTime } from './local-time.ts'

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** The day of the week of a date: `Tue` of `2026-03-03`. */
export const weekdayOf = (date: string): string =>
  WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? ''

/** Whether this is a zone of the tz database that can be read here. */
export function isTimeZone(text: string): boolean {
  try {
    return localTime(new Date(0), text).date !== ''
  } catch {
    return false
  }
}

/** `Tue 3 Mar 09:00 Europe/Berlin`; with the year where it is not this one. */
export function sayLocal(at: Date, timeZone: string, now: Date): string {
  const { date, time } = localTime(at, timeZone)
  const [year = '', month, day] = date.split('-')
  const years = localTime(now, timeZone).date.startsWith(year) ? '' : ` ${year}`
  const named = `${Number(day)} ${MONTHS[Number(month) - 1]}${years}`
  return `${weekdayOf(date)} ${named} ${time.slice(0, 5)} ${timeZone}`
}

/**
 * A text in which instants stand in UTC, as people of a zone read it. Commands in it (between
 * backticks) are typed again as they are, and keep theirs.
 */
export const sayLocalIn = (text: string, timeZone: string, now: Date): string =>
  text.replaceAll(/`[^`]*`|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, (found) =>
    found.startsWith('`') ? found : sayLocal(new Date(found), timeZone, now),
  )

/** `45 s`, `12 min`, `11 h 30 min`, `6 days`, `6 days 2 h`. */
export function sayLength(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) {
    return [`${hours} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(' ')
  }
  return [`${Math.floor(hours / 24)} days`, hours % 24 && `${hours % 24} h`]
    .filter(Boolean)
    .join(' ')
}
