import { dateAndTime, localTime } from '../../domain/local-time.ts'
import { weekdayOf } from '../../domain/say-time.ts'
import type { Says } from './notice.ts'

/** `07:00`, and `Mon 7 Dec 07:00` on another day. */
export function when(at: string, { timeZone }: Says, beside: string): string {
  const { date, time } = localTime(new Date(at), timeZone)
  if (date === localTime(new Date(beside), timeZone).date) return time.slice(0, 5)
  return `${weekdayOf(date)} ${dateAndTime(at, timeZone)}`
}

/** Reasons that this application gives say instants as UTC: people read them in their zone. */
export const localized = (text: string, { timeZone }: Says, beside: string): string =>
  text.replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, (at) =>
    when(at, { timeZone }, beside),
  )
