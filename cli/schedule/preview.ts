import { clockChange, localTime } from '../../domain/local-time.ts'
import { weekdayOf } from '../../domain/say-time.ts'
import {
  type Edge,
  edgesAfter,
  holidaysBetween,
  type Input,
  type Said,
  type SleptThrough,
  scheduled,
} from '../../domain/schedule/scheduled.ts'

/** The state from which on a schedule is looked at, and what changes after that. */
export type Preview = {
  name: string
  timeZone: string
  from: Date
  now: Said
  edges: (Edge & { sleptThrough: SleptThrough[] })[]
}

/** Somebody may ask for a year; more than that is not read. */
const MOST_EDGES = 5000
const USUAL_EDGES = 10

/** Up to `to`, or the next ten edges. */
export function previewOf(
  name: string,
  input: Input,
  { from, to, timeZone }: { from: Date; to: Date | undefined; timeZone: string },
): Preview {
  const edges: Preview['edges'] = []
  let since = from
  for (const edge of edgesAfter(input, from)) {
    if (to !== undefined && Date.parse(edge.at) >= to.getTime()) break
    if (edges.length === (to === undefined ? USUAL_EDGES : MOST_EDGES)) break
    const at = new Date(edge.at)
    const sleptThrough = edge.state === 'running' ? holidaysBetween(input, since, at) : []
    edges.push({ ...edge, sleptThrough })
    since = at
  }
  return { name, timeZone, from, now: scheduled(input, from), edges }
}

/** The lines of the preview: when, in local time and UTC, what from then on, and by which rule. */
export function previewLines({ name, timeZone, from, now, edges }: Preview): string[] {
  const first = `${name} at ${local(from, timeZone)} ${timeZone}: ${now.state}, ${now.reason}`
  if (edges.length === 0) {
    return [first, now.next === undefined ? 'It stays so.' : 'Nothing changes in this time.']
  }
  const rows = edges.map(({ at, state, reason, sleptThrough }) => {
    const change = changeOn(new Date(at), timeZone)
    const notes = [
      ...(sleptThrough.length === 0 ? [] : [`not on ${sayHolidays(sleptThrough)}`]),
      ...(change === 0 ? [] : [sayChange(change)]),
    ]
    return [
      local(new Date(at), timeZone),
      `${at.slice(0, 16)}Z`,
      state,
      [reason, ...notes].join('; '),
    ]
  })
  return [first, '', ...table([['local time', 'UTC', 'from then on', 'rule'], ...rows])]
}

/** The same for a program to read. */
export function previewJson({ name, timeZone, from, now, edges }: Preview): object {
  return {
    schedule: name,
    timeZone,
    at: from.toISOString(),
    state: now.state,
    reason: now.reason,
    edges: edges.map((edge) => ({
      ...edge,
      local: local(new Date(edge.at), timeZone),
      clocksForwardMinutes: changeOn(new Date(edge.at), timeZone),
    })),
  }
}

/** `Sun 2026-03-29 03:00` */
function local(at: Date, timeZone: string): string {
  const { date, time } = localTime(at, timeZone)
  return `${weekdayOf(date)} ${date} ${time.slice(0, 5)}`
}

const changeOn = (at: Date, timeZone: string): number =>
  clockChange(localTime(at, timeZone).date, timeZone)

const sayHolidays = (holidays: readonly SleptThrough[]): string =>
  holidays.map(({ date, what }) => `${date} (${what})`).join(', ')

const sayChange = (minutes: number): string =>
  `this day clocks are set ${minutes > 0 ? 'forward' : 'back'} by ${Math.abs(minutes)} min`

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
