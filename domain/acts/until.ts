import { dayAfter, instantOf, localTime } from '../local-time.ts'
import { sayLocal, weekdayOf } from '../say-time.ts'

/** When it is, and whose clock is meant. */
export type Clock = {
  now: Date
  timeZone: string
  /** The writer's own zone, where Slack says it: when something sleeps is meant in it. */
  own?: string | undefined
}

/** `used`: how many of the words belong to the time; the rest is something else. */
export type ReadTime = { until: Date; used: number } | { problem: string }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const UNITS: Record<string, number> = { m: MINUTE, h: HOUR, d: DAY }
const UNIT = /^(m|min|mins|minutes?|h|hrs?|hours?|d|days?)$/
const WEEKDAY = /^(mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?$/

/** What is stopped until then must not be forgotten. */
const MOST_DAYS = 92

const EXAMPLES = '`18:00`, `tomorrow 9:00`, `friday 9:00`, `2026-03-03 09:00` or `2h`'

/** A time of day that was read (`18:0`), and how many words it took. */
type TimeOfDay = { text: string; used: number }

/**
 * Reads until when, as somebody types it: a time of day (the next one), a day and a time, a date
 * and a time, or a length. A time that is past is not guessed at.
 *
 * @param words of which the first may be `until` or `for`; quotes around them are no matter.
 */
export function readUntil(words: readonly string[], clock: Clock): ReadTime {
  const plain = words.map((word) => word.toLowerCase().replaceAll(/^["'`(]+|["'`),]+$/g, ''))
  const lead = /^(until|till?|for)$/.test(plain[0] ?? '') ? 1 : 0
  const rest = plain.slice(lead)
  if (rest[0] === undefined || rest[0] === '') return { problem: `until when? Write ${EXAMPLES}` }
  const read = lengthIn(rest, clock) ?? exactIn(rest) ?? dayIn(rest, clock) ?? timeIn(rest, clock)
  if (read === undefined) {
    return { problem: `"${rest.slice(0, 3).join(' ')}" is no time I can read. Write ${EXAMPLES}` }
  }
  if ('problem' in read) return read
  const said = rest.slice(0, read.used).join(' ')
  const shown = sayLocal(clock.now, clock.timeZone, clock.now)
  if (read.until <= clock.now) {
    return { problem: `"${said}" is past: it is ${shown} now. Which time do you mean?` }
  }
  if (read.until.getTime() - clock.now.getTime() > MOST_DAYS * DAY) {
    return { problem: `"${said}" is more than ${MOST_DAYS} days away; name an earlier time` }
  }
  return { until: read.until, used: read.used + lead }
}

/** A day without a time: `until tomorrow`. */
export function readDay(
  words: readonly string[],
  clock: Clock,
): { date: string; used: number } | undefined {
  const plain = words.map((word) => word.toLowerCase().replaceAll(/^["'`(]+|["'`),]+$/g, ''))
  const lead = /^(until|till?)$/.test(plain[0] ?? '') ? 1 : 0
  const date = dateOf(plain[lead] ?? '', clock)
  const isToCome = date !== undefined && date !== 'none'
  return isToCome ? { date, used: lead + 1 } : undefined
}

/** `2h`, `90 min`, `1h 30m`, `1h30m`. */
function lengthIn(words: readonly string[], { now }: Clock): ReadTime | undefined {
  let total = 0
  let used = 0
  while (used < words.length) {
    const word = words[used] ?? ''
    const both = /^(\d{1,4})h(\d{1,2})m?(?:in)?$/.exec(word)
    const [, count, unit] = /^(\d{1,4})([a-z]+)$/.exec(word) ?? []
    const apart = /^\d{1,4}$/.test(word) ? words[used + 1] : undefined
    if (both !== null) total += Number(both[1]) * HOUR + Number(both[2]) * MINUTE
    else if (count !== undefined && UNIT.test(unit ?? '')) total += amount(count, unit)
    else if (apart !== undefined && UNIT.test(apart)) {
      total += amount(word, apart)
      used++
    } else break
    used++
  }
  return used === 0 ? undefined : { until: new Date(now.getTime() + total), used }
}

const amount = (count: string, unit = ''): number => Number(count) * (UNITS[unit.charAt(0)] ?? 0)

/** `2026-03-03T09:00Z`: an instant that says its own zone. */
function exactIn([word = '']: readonly string[]): ReadTime | undefined {
  if (!/^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})$/.test(word)) {
    return undefined
  }
  const at = new Date(word.toUpperCase())
  if (Number.isNaN(at.getTime())) return { problem: `"${word}" is no date` }
  return { until: at, used: 1 }
}

/** `today 18:00`, `tomorrow 9:00`, `friday at 9:00`, `2026-03-03 09:00`, `2026-03-03T09:00`. */
function dayIn(words: readonly string[], clock: Clock): ReadTime | undefined {
  const [first = '', ...after] = words
  const [day = '', joined] = /^\d{4}-/.test(first) ? first.split('t') : [first]
  const date = dateOf(day, clock)
  if (date === undefined) return undefined
  if (date === 'none') return { problem: `"${day}" is no date` }
  const at = after[0] === 'at' ? 1 : 0
  const time = joined === undefined ? timeOfDay(after.slice(at)) : timeOfDay([joined])
  if (time === undefined) return { problem: `at what time ${day}? Write \`${day} 9:00\`` }
  const used = joined === undefined ? 1 + at + time.used : 1
  const until = instantOf(date, time.text, clock.timeZone)
  // A weekday is the next one that is to come, today's own included.
  const isPast = until <= clock.now && WEEKDAY.test(day)
  return { until: isPast ? instantOf(dayAfter(date, 7), time.text, clock.timeZone) : until, used }
}

/** The day that is named; `none` for a date that no calendar has. */
function dateOf(word: string, { now, timeZone }: Clock): string | undefined {
  const today = localTime(now, timeZone).date
  if (word === 'today' || word === 'tonight') return today
  if (word === 'tomorrow') return dayAfter(today)
  if (WEEKDAY.test(word)) {
    const days = [0, 1, 2, 3, 4, 5, 6].map((count) => dayAfter(today, count))
    return days.find((date) => weekdayOf(date).toLowerCase() === word.slice(0, 3))
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(word)) return undefined
  const read = new Date(`${word}T00:00:00Z`)
  return Number.isNaN(read.getTime()) || !read.toISOString().startsWith(word) ? 'none' : word
}

/** A time of day: the next one; or the one of the day that is named behind it. */
function timeIn(words: readonly string[], clock: Clock): ReadTime | undefined {
  const time = timeOfDay(words)
  if (time === undefined) return undefined
  const behind = words[time.used]
  if (behind !== undefined && dateOf(behind, clock) !== undefined) {
    const read = dayIn([behind, ...words.slice(0, time.used)], clock)
    return read === undefined || 'problem' in read ? read : { ...read, used: time.used + 1 }
  }
  const today = localTime(clock.now, clock.timeZone).date
  const next = [0, 1, 2]
    .map((days) => instantOf(dayAfter(today, days), time.text, clock.timeZone))
    .find((at) => at > clock.now)
  return next === undefined ? undefined : { until: next, used: time.used }
}

/** `18:00`, `9.30`, `9am`, `9:30 pm`. */
function timeOfDay(words: readonly string[]): TimeOfDay | undefined {
  const [word = '', next = ''] = words
  const [, hours, minutes, joined] =
    /^(\d{1,2})[:.](\d{2})(am|pm)?$/.exec(word) ?? /^(\d{1,2})()(am|pm)$/.exec(word) ?? []
  if (hours === undefined) return undefined
  const apart = joined === undefined && /^(am|pm)$/.test(next) ? next : undefined
  const half = joined ?? apart
  const hour = Number(hours)
  const minute = Number(minutes)
  if (minute > 59 || (half === undefined ? hour > 23 : hour < 1 || hour > 12)) return undefined
  const used = apart === undefined ? 1 : 2
  const of24 = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0)
  return { text: `${of24}:${minute}`, used }
}
