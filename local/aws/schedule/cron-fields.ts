/** A calendar day; `month` is 1 to 12. */
type Day = { year: number; month: number; day: number }

/** A cron expression, read: which values each field takes. */
export type Cron = {
  minutes: readonly number[]
  hours: readonly number[]
  months: ReadonlySet<number>
  years: ReadonlySet<number>
  takesDay(day: Day): boolean
}

type Field = { low: number; high: number; names?: readonly string[] }

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ')

const MINUTE: Field = { low: 0, high: 59 }
const HOUR: Field = { low: 0, high: 23 }
const DAY_OF_MONTH: Field = { low: 1, high: 31 }
const MONTH: Field = { low: 1, high: 12, names: MONTHS }
/** 1 is Sunday. */
const DAY_OF_WEEK: Field = { low: 1, high: 7, names: WEEKDAYS }
const YEAR: Field = { low: 1970, high: 2199 }

/**
 * Reads the fields of AWS's cron: minutes, hours, day of month, month, day of week and year. One
 * of the two days must be `?`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 *
 * @returns undefined for what is not a cron expression.
 */
export function readCron(text: string): Cron | undefined {
  const [minute, hour, dayOfMonth, month, dayOfWeek, year, ...rest] = text.trim().split(/\s+/)
  if (dayOfWeek === undefined || rest.length > 0) return undefined
  const minutes = values(minute, MINUTE)
  const hours = values(hour, HOUR)
  const months = values(month, MONTH)
  const years = values(year ?? '*', YEAR)
  const takesDay = readDay(dayOfMonth ?? '', dayOfWeek)
  if (!minutes || !hours || !months || !years || !takesDay) return undefined
  return { minutes, hours, months: new Set(months), years: new Set(years), takesDay }
}

type DayTest = (day: Day) => boolean

function readDay(dayOfMonth: string, dayOfWeek: string): DayTest | undefined {
  if (dayOfMonth === '?' && dayOfWeek !== '?') return weekdayTest(dayOfWeek)
  if (dayOfWeek === '?' && dayOfMonth !== '?') return monthDayTest(dayOfMonth)
  return undefined
}

/** `L` is the last day of the month, `15W` the weekday nearest to the 15th. */
function monthDayTest(text: string): DayTest | undefined {
  if (text === 'L') return (at) => at.day === lengthOfMonth(at)
  const near = /^(\d+)W$/.exec(text)?.[1]
  if (near !== undefined) {
    const day = Number(near)
    return day >= 1 && day <= 31 ? (at) => at.day === nearestWeekday({ ...at, day }) : undefined
  }
  const days = values(text, DAY_OF_MONTH)
  return days && ((at) => days.includes(at.day))
}

/** `L` is Saturday, `6L` the last Friday of the month, `6#2` the second one. */
function weekdayTest(text: string): DayTest | undefined {
  if (text === 'L') return (at) => weekday(at) === DAY_OF_WEEK.high
  const [, name = '', which] = /^(\w+?)(L|#[1-5])$/.exec(text) ?? []
  if (which === undefined) {
    const days = values(text, DAY_OF_WEEK)
    return days && ((at) => days.includes(weekday(at)))
  }
  const wanted = single(name, DAY_OF_WEEK)
  if (wanted === undefined) return undefined
  if (which === 'L') return (at) => weekday(at) === wanted && at.day > lengthOfMonth(at) - 7
  const count = Number(which.slice(1))
  return (at) => weekday(at) === wanted && Math.ceil(at.day / 7) === count
}

/** The values of a field in ascending order: `*`, `1,5`, `1-5`, `MON-FRI`, `0/15`, `0-30/10`. */
function values(text: string | undefined, field: Field): number[] | undefined {
  const lists = (text ?? '').split(',').map((part) => partValues(part, field))
  if (lists.includes(undefined)) return undefined
  return [...new Set(lists.flatMap((list) => list ?? []))].toSorted((a, b) => a - b)
}

function partValues(text: string, field: Field): number[] | undefined {
  const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(text) ?? []
  const by = Number(step ?? 1)
  const bounds = boundsOf(range, step !== undefined, field)
  if (bounds === undefined || by < 1) return undefined
  const [low, high] = bounds
  return Array.from({ length: Math.floor((high - low) / by) + 1 }, (_, index) => low + index * by)
}

function boundsOf(text: string, stepped: boolean, field: Field): [number, number] | undefined {
  if (text === '*') return [field.low, field.high]
  const [from = '', to, ...rest] = text.split('-')
  const low = single(from, field)
  const high = to === undefined ? low : single(to, field)
  if (low === undefined || high === undefined || low > high || rest.length > 0) return undefined
  // `5/15` goes on to the end of the field.
  return [low, stepped && to === undefined ? field.high : high]
}

function single(text: string, { low, high, names = [] }: Field): number | undefined {
  const named = names.indexOf(text.toUpperCase())
  if (named >= 0) return named + 1
  const value = Number(text)
  return /^\d+$/.test(text) && value >= low && value <= high ? value : undefined
}

function weekday({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1
}

export function lengthOfMonth({ year, month }: { year: number; month: number }): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Within the month: the Friday before a Saturday, the Monday after a Sunday, unless that leaves it. */
function nearestWeekday(at: Day): number {
  const last = lengthOfMonth(at)
  if (at.day > last) return Number.NaN
  switch (weekday(at)) {
    case 7:
      return at.day === 1 ? 3 : at.day - 1
    case 1:
      return at.day === last ? at.day - 2 : at.day + 1
    default:
      return at.day
  }
}
