/**
 * Days as people write them: days of the week, days of the month, months. A list is separated by
 * commas or is a list of YAML; a range may have a step (`1-15/2`).
 */
export type Written = string | number | readonly (string | number)[]

/** As far as its days go: how many, and the day of the week of the first (0 is Monday). */
export type Month = { length: number; first: number }

/** The days of a month, a bit each: 1 for the first, 2 for the second, 4 for the third. */
export type Rule = (month: Month) => number

/** What is meant, and how it is said in a sentence. */
export type Read<Meaning> = { means: Meaning; says: string }

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const WEEKDAY = /^(mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?$/
const MONTH =
  /^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)$/
const NTH = ['first', 'second', 'third', 'fourth', 'fifth']

/** Values of a circle or a line, from 0: how one is written, how many there are. */
type Unit = {
  size: number
  wraps: boolean
  index(word: string): number
  say(index: number): string
}

const whole = (word: string): number => (/^\d{1,2}$/.test(word) ? Number(word) : Number.NaN)

const weekdays: Unit = {
  size: 7,
  wraps: true,
  // As in cron: 1 is Monday, and Sunday is 7 or 0.
  index: (word) => {
    if (!WEEKDAY.test(word)) return word === '0' ? 6 : whole(word) - 1
    return WEEKDAYS.findIndex((name) => word.startsWith(name.toLowerCase()))
  },
  say: (index) => WEEKDAYS[index] ?? '',
}

const months: Unit = {
  size: 12,
  wraps: true,
  index: (word) => {
    if (!MONTH.test(word)) return whole(word) - 1
    return MONTHS.findIndex((name) => word.startsWith(name.toLowerCase()))
  },
  say: (index) => MONTHS[index] ?? '',
}

/** A range does not go on in the next month: months differ in length. */
const monthDays: Unit = {
  size: 31,
  wraps: false,
  index: (word) => whole(word) - 1,
  say: (index) => String(index + 1),
}

/** `mon-fri, sat#1, sunL`: the days of each month. Undefined if it cannot be read. */
export function readWeekdays(written: Written): Read<Rule> | undefined {
  return all(written, (word) => nthIn(word) ?? lastIn(word) ?? weekly(word))
}

/** `1, 10-15, 20-L, 15W, LW`. Undefined if it cannot be read. */
export function readMonthDays(written: Written): Read<Rule> | undefined {
  return all(written, (word) => nearestIn(word) ?? toTheLast(word) ?? monthly(word))
}

/** `nov-feb, 6`: a bit each, 1 for January. Undefined if it cannot be read. */
export function readMonths(written: Written): Read<number> | undefined {
  const read = all(written, (word) => {
    const found = valuesIn(word, months)
    return found && { means: () => bits(found.means), says: found.says }
  })
  return read && { means: read.means({ length: 31, first: 0 }), says: read.says }
}

/** Each word of a list; undefined when one cannot be read, or there is none. */
function all(written: Written, read: (word: string) => Read<Rule> | undefined) {
  const text = [written].flat().join(',').toLowerCase()
  const words = text
    .trim()
    .replaceAll(/\s*([-/#])\s*/g, '$1')
    .split(/\s*,\s*|\s+/)
  // A line of a catalog has a few; what is longer is no list of days.
  if (words.length > 100) return undefined
  const found: Read<Rule>[] = []
  for (const word of words) {
    const one = read(word)
    if (one === undefined) return undefined
    found.push(one)
  }
  return {
    means: (month: Month) => found.reduce((days, { means }) => days | means(month), 0),
    says: found.map(({ says }) => says).join(', '),
  }
}

/** `*`, `mon`, `mon-fri`, `fri-mon`, `mon-fri/2`, `tue/2` (to the end). */
function valuesIn(word: string, unit: Unit): Read<number[]> | undefined {
  const { size, wraps, index, say } = unit
  const [, range = '', stepText] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(word) ?? []
  const step = stepText === undefined ? 1 : Number(stepText)
  const every = range === '*' || range === '?'
  const [first = '', last, ...more] = every ? [] : range.split('-')
  const begin = every ? 0 : index(first)
  const end = last === undefined ? (every || stepText ? size - 1 : begin) : index(last)
  const inside = [begin, end].every((value) => value >= 0 && value < size)
  if (!inside || step < 1 || more.length > 0) return undefined
  // `0-7` would be one day or all.
  if (last !== undefined && begin === end && first !== last) return undefined
  if (end < begin && !wraps) return undefined
  const count = Math.floor(((end - begin + size) % size) / step) + 1
  const means = Array.from({ length: count }, (_, at) => (begin + at * step) % size)
  const says = begin === end ? say(begin) : `${say(begin)}-${say(end)}`
  return { means, says: step === 1 ? says : `every ${step} of ${says}` }
}

const bits = (values: readonly number[]): number =>
  values.reduce((found, value) => found | (1 << value), 0)

/** Those of a month in which each day is kept for which `keep` says so. */
function daysWhere(month: Month, keep: (day: number, weekday: number) => boolean): number {
  let found = 0
  for (let day = 1; day <= month.length; day++) {
    if (keep(day, (month.first + day - 1) % 7)) found |= 1 << (day - 1)
  }
  return found
}

function weekly(word: string): Read<Rule> | undefined {
  const found = valuesIn(word, weekdays)
  if (found === undefined) return undefined
  const wanted = bits(found.means)
  return {
    means: (month) => daysWhere(month, (_, weekday) => ((wanted >> weekday) & 1) === 1),
    says: found.says,
  }
}

/** `mon#1` to `mon#5`. */
function nthIn(word: string): Read<Rule> | undefined {
  const [, name = '', count] = /^(\w+)#([1-5])$/.exec(word) ?? []
  const wanted = weekdays.index(name)
  if (count === undefined || !(wanted >= 0 && wanted < 7)) return undefined
  const nth = Number(count)
  return {
    means: (month) =>
      daysWhere(month, (day, weekday) => weekday === wanted && Math.ceil(day / 7) === nth),
    says: `${NTH[nth - 1]} ${weekdays.say(wanted)}`,
  }
}

/** `friL` is the last Friday of the month; `L` alone is the last day of the week, Sunday. */
function lastIn(word: string): Read<Rule> | undefined {
  if (word === 'l') return weekly('sun')
  const [, name] = /^(\w+)l$/.exec(word) ?? []
  const wanted = name === undefined ? -1 : weekdays.index(name)
  if (!(wanted >= 0 && wanted < 7)) return undefined
  return {
    means: (month) =>
      daysWhere(month, (day, weekday) => weekday === wanted && day + 7 > month.length),
    says: `last ${weekdays.say(wanted)}`,
  }
}

/** `L`, `20-L`, `3-L/2`. */
function toTheLast(word: string): Read<Rule> | undefined {
  if (word === 'l') {
    return { means: ({ length }) => 1 << (length - 1), says: 'the last day' }
  }
  const [, first = '', step = '1'] = /^(\d{1,2})-l(?:\/(\d{1,2}))?$/.exec(word) ?? []
  const begin = Number(first)
  if (first === '' || begin < 1 || begin > 31 || Number(step) < 1) return undefined
  const fits = (day: number) => day >= begin && (day - begin) % Number(step) === 0
  const says = `days ${begin} to the last`
  return {
    means: (month) => daysWhere(month, fits),
    says: step === '1' ? says : `every ${step} of ${says}`,
  }
}

/** `15W` is the day from Monday to Friday that is nearest to the 15th, in the same month. */
function nearestIn(word: string): Read<Rule> | undefined {
  if (word === 'lw') {
    return { means: (month) => nearest(month.length, month), says: 'the last weekday' }
  }
  const [, day] = /^(\d{1,2})w$/.exec(word) ?? []
  const wanted = Number(day)
  if (!(wanted >= 1 && wanted <= 31)) return undefined
  return {
    means: (month) => (wanted > month.length ? 0 : nearest(wanted, month)),
    says: `the weekday nearest to day ${wanted}`,
  }
}

function nearest(day: number, { length, first }: Month): number {
  const weekday = (first + day - 1) % 7
  let moved = day
  if (weekday === 5) moved = day === 1 ? day + 2 : day - 1
  if (weekday === 6) moved = day === length ? day - 2 : day + 1
  return 1 << (moved - 1)
}

function monthly(word: string): Read<Rule> | undefined {
  const found = valuesIn(word, monthDays)
  if (found === undefined) return undefined
  const wanted = bits(found.means)
  return {
    means: (month) => daysWhere(month, (day) => ((wanted >> (day - 1)) & 1) === 1),
    says: `${found.means.length === 1 ? 'day' : 'days'} ${found.says}`,
  }
}
