import { DAY, instantOfWall } from '../local-time.ts'
import { type Rule, readMonthDays, readMonths, readWeekdays } from './days.ts'
import type { Period } from './written.ts'

/**
 * What a period says from one instant to another: it runs, or has no opinion. Instants are
 * milliseconds since 1970, days are counted from 1 January 1970.
 */
export type Stretch = { begin: number; end: number; state: 'running' | 'any' }

/** A period that can be asked. */
export type Reading = Days & {
  zone: string
  /** `Mon-Fri 07:00-20:00 (Europe/Berlin)` */
  says: string
  /** What it says of a day on which it starts, given how many milliseconds a wake takes. */
  stretches(day: number, wake: number): Stretch[]
  /** From midnight to midnight. */
  isWholeDay: boolean
  isReadyBy: boolean
}

/** On which days a period starts, holidays aside. */
type Days = {
  /** Each week is as the one before: no month and no day of a month is left out. */
  isWeekly: boolean
  startsOn(day: number): boolean
  /** The first from `day` to `last`. */
  nextStart(day: number, last: number): number | undefined
}

/** Makes a period, which has been checked, one that can be asked. */
export function readPeriod(period: Period, zone: string): Reading {
  const { from, ready, to } = period
  const begin = minutesOf(from ?? ready)
  const end = minutesOf(to)
  return {
    zone,
    says: `${sayPeriod(period)} (${zone})`,
    ...daysOf(period),
    stretches: (day, wake) =>
      stretchesOf(day, zone, { begin, end, early: ready === undefined ? 0 : wake }),
    isWholeDay: begin === undefined && end === undefined,
    isReadyBy: ready !== undefined,
  }
}

type Hours = { begin: number | undefined; end: number | undefined; early: number }

/** Minutes since midnight. */
function minutesOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** The wall clock decides, except for how much earlier what must be ready is started. */
function stretchesOf(day: number, zone: string, { begin, end, early }: Hours): Stretch[] {
  const at = (minutes: number) => instantOfWall(day * DAY + minutes * 60_000, zone)
  const midnight = 24 * 60
  // An end at or before the begin is the next day's.
  const isNextDay = begin !== undefined && end !== undefined && end <= begin
  const runs = { begin: begin === undefined ? at(0) : at(begin) - early, end: at(midnight) }
  if (end !== undefined) runs.end = at(isNextDay ? end + midnight : end)
  if (begin !== undefined && end !== undefined) return [{ ...runs, state: 'running' }]
  if (end !== undefined) return [{ ...runs, state: 'any' }]
  return [
    { begin: at(0), end: runs.begin, state: 'any' },
    { ...runs, state: 'running' },
  ]
}

const everyDay: Rule = ({ length }) => 2 ** length - 1

const EVERY_MONTH = 2 ** 12 - 1

/** However long the month is, and whatever it begins with. */
const isEveryDay = (rule: Rule): boolean =>
  rule === everyDay ||
  [28, 29, 30, 31].every((length) =>
    [0, 1, 2, 3, 4, 5, 6].every((first) => rule({ length, first }) === everyDay({ length, first })),
  )

function daysOf(period: Period): Days {
  const weekdays = period.days === undefined ? everyDay : meaning(readWeekdays(period.days))
  const monthDays =
    period.monthDays === undefined ? everyDay : meaning(readMonthDays(period.monthDays))
  const months = period.months === undefined ? EVERY_MONTH : (readMonths(period.months)?.means ?? 0)
  const words = [period.days ?? ''].flat().join()
  const known = new Map<number, number>()
  /** The days of a month on which it starts, a bit each; months are counted from January 1970. */
  const startsIn = (month: number): number => {
    const isNamed = ((months >> modulo(month, 12)) & 1) === 1
    if (!isNamed) return 0
    const found = known.get(month)
    if (found !== undefined) return found
    const shape = { length: firstOf(month + 1) - firstOf(month), first: weekdayOf(firstOf(month)) }
    const made = weekdays(shape) & monthDays(shape) & everyDay(shape)
    if (known.size > 1000) known.clear()
    known.set(month, made)
    return made
  }
  const isWeekly = months === EVERY_MONTH && isEveryDay(monthDays) && !/[#l]/i.test(words)
  return {
    isWeekly,
    startsOn: (day) => {
      const { month, date } = monthOf(day)
      return ((startsIn(month) >> (date - 1)) & 1) === 1
    },
    nextStart: (from, last) => {
      let { month, date } = monthOf(from)
      for (; firstOf(month) <= last; month++, date = 1) {
        const left = startsIn(month) >>> (date - 1)
        if (left === 0) continue
        const day = firstOf(month) + date - 1 + trailingZeros(left)
        return day <= last ? day : undefined
      }
      return undefined
    },
  }
}

/** What cannot be read never reaches this; it would mean no day. */
const meaning = (read: { means: Rule } | undefined): Rule => read?.means ?? (() => 0)

const trailingZeros = (bits: number): number => 31 - Math.clz32(bits & -bits)

const modulo = (value: number, by: number): number => ((value % by) + by) % by

/** 0 is Monday; 1 January 1970 was a Thursday. */
const weekdayOf = (day: number): number => modulo(day + 3, 7)

function monthOf(day: number): { month: number; date: number } {
  const date = new Date(day * DAY)
  return {
    month: (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth(),
    date: date.getUTCDate(),
  }
}

const firstOf = (month: number): number => Date.UTC(1970, month, 1) / DAY

/** `Mon-Fri 07:00-20:00`, `first Mon in Jan`, `days 1-15 of Jan-Mar from 08:00`. */
function sayPeriod({ days, monthDays, months, from, ready, to }: Period): string {
  const [week, month, year] = [
    days === undefined ? undefined : readWeekdays(days)?.says,
    monthDays === undefined ? undefined : readMonthDays(monthDays)?.says,
    months === undefined ? undefined : readMonths(months)?.says,
  ]
  const date = [
    week,
    month && `${week === undefined ? '' : 'on '}${month}`,
    year && `${month === undefined ? (week === undefined ? '' : 'in ') : 'of '}${year}`,
  ]
  return [...date, sayHours(from, ready, to)].filter(Boolean).join(' ')
}

function sayHours(from?: string, ready?: string, to?: string): string {
  const begin = ready === undefined ? from : `ready ${ready}`
  if (begin !== undefined && to !== undefined) return `${begin}${ready ? ' to ' : '-'}${to}`
  if (to !== undefined) return `to ${to}`
  if (begin === undefined) return ''
  return ready === undefined ? `from ${begin}` : begin
}
