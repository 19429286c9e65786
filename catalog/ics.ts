import ICAL from 'ical.js'
import type { Calendar } from '../domain/schedule/written.ts'
import { cut } from '../domain/text.ts'

/** What is wrong in which line of a file. */
export type IcsProblem = {
  line: number
  field: string
  found: string
  allowed: string
  remedy: string
}

/** Of one event; a rule of birthdays, say, is no calendar of holidays. */
const MOST_DAYS = 1000

/**
 * The days of an iCalendar file (RFC 5545), such as public holidays are published in: each event
 * of whole days, with its summary. Cancelled events are left out. What is not a whole day, and what
 * goes on for ever, is a problem: it is not guessed at.
 */
export function readIcs(text: string): { days: Calendar; problems: IcsProblem[] } {
  const found = eventsIn(text)
  if (found === undefined) {
    const allowed = 'an iCalendar file, BEGIN:VCALENDAR to END:VCALENDAR'
    const problem = { line: 1, field: 'the file', found: 'something else', allowed }
    return { days: {}, problems: [{ ...problem, remedy: 'export it again' }] }
  }
  const days: Record<string, string> = {}
  const problems: IcsProblem[] = []
  for (const { event, line } of found) {
    const what = cut(event.summary || 'a holiday', 100)
    const read = daysOf(event)
    if ('found' in read) problems.push({ line, field: what, ...read })
    else for (const date of read.dates) days[date] ??= what
  }
  if (problems.length === 0 && Object.keys(days).length === 0) {
    const problem = { line: 1, field: 'the file', found: 'no event of whole days' }
    problems.push({ ...problem, allowed: 'at least one', remedy: 'export it again' })
  }
  return { days: Object.fromEntries(Object.entries(days).toSorted()), problems }
}

/** Events that are not cancelled, with the lines they begin in. Undefined for another format. */
function eventsIn(text: string): { event: ICAL.Event; line: number }[] | undefined {
  const lines = text.split(/\r?\n/)
  const begins = lines.flatMap((line, index) =>
    /^BEGIN:VEVENT\s*$/i.test(line) ? [index + 1] : [],
  )
  return componentsIn(text)
    ?.map((component, index) => ({
      event: new ICAL.Event(component),
      line: begins[index] ?? 1,
      status: component.getFirstPropertyValue('status'),
    }))
    .filter(({ status }) => status !== 'CANCELLED')
}

function componentsIn(text: string): ICAL.Component[] | undefined {
  try {
    const file = new ICAL.Component(ICAL.parse(text))
    return file.name === 'vcalendar' ? file.getAllSubcomponents('vevent') : undefined
  } catch {
    // Whatever the library says: it is not the format.
    return undefined
  }
}

type Read = { dates: string[] } | Pick<IcsProblem, 'found' | 'allowed' | 'remedy'>

function daysOf(event: ICAL.Event): Read {
  const start: ICAL.Time | null = event.startDate
  if (start?.isDate !== true) {
    const found = start === null ? 'no DTSTART' : `DTSTART ${start}`
    const allowed = 'events of whole days (DTSTART;VALUE=DATE:20261225)'
    return { found, allowed, remedy: 'make it one, or remove it' }
  }
  const unusable = unusableRule(event)
  if (unusable !== undefined) {
    const allowed = 'dates, and rules with COUNT or UNTIL'
    return { found: unusable, allowed, remedy: 'give it an end, or write each date' }
  }
  const length = event.endDate.subtractDate(start).toSeconds() / (24 * 60 * 60)
  const dates: string[] = []
  const all = event.iterator()
  for (let begin = all.next(); begin && dates.length <= MOST_DAYS; begin = all.next()) {
    for (let day = 0; day < Math.max(1, length) && dates.length <= MOST_DAYS; day++) {
      const date = begin.clone()
      date.adjust(day, 0, 0, 0)
      dates.push(date.toString())
    }
  }
  if (dates.length <= MOST_DAYS) return { dates }
  const allowed = `at most ${MOST_DAYS} days`
  return { found: 'more of them', allowed, remedy: 'give it an earlier end' }
}

function unusableRule(event: ICAL.Event): string | undefined {
  if (event.isRecurrenceException()) return 'a change of one day of a rule'
  if (event.component.hasProperty('rdate')) return 'a list of further dates'
  const rules = event.component
    .getAllProperties('rrule')
    .flatMap((property) => property.getValues() as ICAL.Recur[])
  return rules.every((rule) => rule.isFinite()) ? undefined : 'a rule without an end'
}
