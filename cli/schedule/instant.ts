import { instantOf } from '../../domain/local-time.ts'
import { dayOf } from '../../domain/schedule/calendar.ts'

const ZONED = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/
const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d))?$/

/**
 * An instant that says its zone, or a local date with or without a time: `2026-03-29T01:30:00Z`,
 * `2026-03-29 02:30`, `2026-03-29` (midnight). Undefined for anything else.
 */
export function readInstant(text: string, timeZone: string): Date | undefined {
  if (ZONED.test(text)) {
    const at = new Date(text.replace(' ', 'T'))
    return Number.isNaN(at.getTime()) ? undefined : at
  }
  const [, date = '', hours = '00', minutes = '00'] = LOCAL.exec(text) ?? []
  return dayOf(date) === undefined ? undefined : instantOf(date, `${hours}:${minutes}`, timeZone)
}
