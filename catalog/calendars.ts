import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Document } from './document.ts'
import { readIcs } from './ics.ts'
import { type Problem, shown } from './problem.ts'
import type { Environment } from './schema.ts'

/**
 * Puts the dates of iCalendar files in the place of their names.
 *
 * @param directory the catalog's, from which the files are named.
 */
export function withCalendars(
  document: Document<Environment>,
  directory: string,
): Document<Environment> {
  const { value, problem } = document
  if (value === undefined) return document
  const problems: Problem[] = []
  const calendars = Object.entries(value.calendars).map(([name, days]) => {
    if (days.ics === undefined) return [name, days]
    const path = join(directory, days.ics)
    if (!existsSync(path)) {
      const allowed = `a file of the catalog, from ${shown('calendars/')} on`
      const remedy = 'add the file, or write the dates'
      problems.push(
        problem(['calendars', name, 'ics'], { found: shown(days.ics), allowed, remedy }),
      )
      return [name, {}]
    }
    const read = readIcs(readFileSync(path, 'utf8'))
    const file = relative(process.cwd(), path)
    problems.push(...read.problems.map((one) => ({ file, ...one })))
    return [name, read.days]
  })
  return {
    ...document,
    value: { ...value, calendars: Object.fromEntries(calendars) },
    problems: [...document.problems, ...problems],
  }
}
