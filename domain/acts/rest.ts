import { localTime } from '../local-time.ts'
import { sayLength, sayLocal } from '../say-time.ts'
import { cut } from '../text.ts'
import { bare, sentence } from './typed.ts'
import { type Clock, readDay, readUntil } from './until.ts'

/** How `keep`, `wake` and `sleep` are typed: what it is about, until when, and why. */

export const DESPITE_KEEP = '--despite-keep'
const REASON_CHARACTERS = 200
const LEAD = /^(until|till?|for)$/i
/** A time of day that has passed, and is further away than this tomorrow, is asked for. */
const FAR_MS = 12 * 60 * 60_000

type Read = Record<string, unknown> | string

/** What is named: `orders`, `team storefront`, `service orders`, `environment`. */
export function namedIn(words: readonly string[]): Read {
  const [first, second, ...more] = words.map((word) => bare(word).toLowerCase())
  if (first === undefined) return 'it names no service, team or environment'
  if (/^--?[a-z]/.test(first)) return `"${first}" is no option of it`
  if (second === undefined) return { what: first }
  if (more.length > 0) return `"${more.join(' ')}" is left over`
  if (first === 'team') return { team: second }
  if (first === 'service') return { service: second }
  return `"${second}" is left over`
}

/** What is named, then until when, then why; without a time only what is named and why. */
export function restIn(words: readonly string[], clock: Clock): Read {
  const at = words.findIndex((word) => LEAD.test(bare(word)))
  const before = at < 0 ? words : words.slice(0, at)
  const named = namedIn(at < 0 ? before.slice(0, wordsOfName(before)) : before)
  if (typeof named === 'string') return named
  if (at < 0) return reasoned(named, before.slice(wordsOfName(before)))
  const own = { now: clock.now, timeZone: clock.own ?? clock.timeZone }
  const time = readUntil(words.slice(at), own)
  if ('until' in time) {
    const asked = askedFor(words.slice(at, at + time.used), time.until, own)
    if (asked !== undefined) return asked
    const until = time.until.toISOString()
    return reasoned({ ...named, until }, words.slice(at + time.used))
  }
  const day = readDay(words.slice(at), own)
  if (day === undefined) return time.problem
  return reasoned({ ...named, morning: day.date }, words.slice(at + day.used))
}

const wordsOfName = ([first = '']: readonly string[]): number =>
  /^(team|service)$/i.test(bare(first)) ? 2 : 1

function reasoned(read: Record<string, unknown>, words: readonly string[]): Read {
  const option = words.map(bare).find((word) => /^--?[a-z]/i.test(word))
  if (option !== undefined) return `"${option}" is no option of it`
  return { ...read, reason: cut(sentence(words), REASON_CHARACTERS) }
}

/** A time of day that has passed today may mean tomorrow, or another zone: that is asked. */
function askedFor(words: readonly string[], until: Date, { now, timeZone }: Clock) {
  const said = words.map(bare).filter((word) => !LEAD.test(word))
  const isTimeOfDay = said.every((word) => /^\d{1,2}([:.]\d{2})?(am|pm)?$|^(am|pm)$/i.test(word))
  const away = until.getTime() - now.getTime()
  const isToday = localTime(until, timeZone).date === localTime(now, timeZone).date
  if (!isTimeOfDay || isToday || away <= FAR_MS) return undefined
  const time = said.join(' ')
  return `${time} has passed today (it is ${sayLocal(now, timeZone, now)}), and tomorrow's is ${sayLength(away)} away. Write \`tomorrow ${time}\` if you mean that, or how long: \`for 2h\``
}
