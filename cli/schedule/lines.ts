import * as z from 'zod'
import { checked, type Document } from '../../catalog/document.ts'
import { type Problem, shown } from '../../catalog/problem.ts'
import { calendar, schedule } from '../../catalog/schedule-schema.ts'
import { TIME_ZONE } from '../../catalog/words.ts'
import { type Input, type Override, scheduled } from '../../domain/schedule/scheduled.ts'
import { ALWAYS_ON, type Schedule } from '../../domain/schedule/written.ts'
import { readInstant } from './instant.ts'

/** What the catalog has, for lines that name one of its schedules. */
export type Known = {
  schedules: Record<string, Schedule>
  calendars: Input['calendars']
  timeZone: string
}

/**
 * Answers one line: `{ schedule, calendars, overrides, timeZone, wakeSeconds, at }`, a schedule and
 * calendars as the catalog writes them. Without a zone it is UTC. A schedule may be the name of one
 * of the catalog's; then its calendars and zone are the catalog's. Total: what is wrong with a line
 * is its answer.
 *
 * @returns `{ state, reason, next }`, where `next` is null if it stays so; or `{ error }`.
 */
export function answerLine(line: string, known: Known): string {
  return JSON.stringify(answer(line, known))
}

type Tell = Document<unknown>['problem']
type Path = readonly PropertyKey[]

class LineError extends Error {
  override readonly name = 'LineError'
}

function answer(line: string, known: Known): object {
  try {
    const { at, ...input } = readLine(parsed(line), known)
    const said = scheduled(input, at)
    return { ...said, next: said.next ?? null }
  } catch (error) {
    // Text may be nested more deeply than it can be read or shown.
    const told = error instanceof LineError || error instanceof RangeError
    if (!told) throw error
    return { error: error.message }
  }
}

function parsed(line: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new LineError(`the line: found ${cutShown(line)}, allowed: one JSON object`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new LineError(`the line: found ${shown(value)}, allowed: one JSON object`)
}

const cutShown = (text: string) => shown(text.slice(0, 100))

/** @throws LineError naming each field that cannot be read. */
function readLine(line: Record<string, unknown>, known: Known): Input & { at: Date } {
  const isNamed = typeof line.schedule === 'string'
  const given = line.calendars ?? (isNamed ? known.calendars : {})
  const zone = line.timeZone ?? (isNamed ? known.timeZone : 'UTC')
  const timeZone = readField(['timeZone'], TIME_ZONE, zone)
  const calendars = readField(['calendars'], calendarsOf, given)
  const orders = readField(['overrides'], orderList, line.overrides ?? [])
  const around = { known, calendars, timeZone }
  return {
    schedule: scheduleIn(['schedule'], line.schedule, around),
    calendars,
    overrides: orders.map((order, index) => overrideIn(['overrides', index], order, around)),
    timeZone,
    wakeSeconds: readField(['wakeSeconds'], seconds, line.wakeSeconds) ?? 0,
    at: instantIn(['at'], line.at, timeZone),
  }
}

/** A file is read by the catalog; a line has its dates. */
const dates = calendar
  .refine((days) => days.ics === undefined)
  .describe('dates with what they are, such as "2026-12-25": "Christmas Day"')

const calendarsOf = z.record(z.string(), dates)
const seconds = z.number().min(0).nullish().describe('seconds, from 0')
const orderList = z.array(z.looseObject({}))

/** As the catalog writes it, or as it is compiled. */
const written = schedule.extend({ name: z.string().optional() })

type Around = { known: Known; calendars: Input['calendars']; timeZone: string }

function scheduleIn(field: Path, value: unknown, around: Around): Input['schedule'] {
  if (value === ALWAYS_ON) return ALWAYS_ON
  const { schedules } = around.known
  const named =
    typeof value === 'string' && Object.hasOwn(schedules, value) ? schedules[value] : undefined
  const names = [ALWAYS_ON, ...Object.keys(schedules)].join(', ')
  if (named === undefined && (typeof value !== 'object' || value === null)) {
    refuse(field, value, `a schedule, or one of ${names}`)
  }
  const read = readField(field, written, named ?? value)
  if (read.calendar !== undefined && !Object.hasOwn(around.calendars, read.calendar)) {
    const others = Object.keys(around.calendars).join(', ')
    refuse([...field, 'calendar'], read.calendar, others || 'nothing: there is no calendar')
  }
  return read
}

const KINDS = ['awake', 'asleep', 'replace'] as const
const kinds = z.enum(KINDS).describe(KINDS.join(', '))
const text = z.string().optional().describe('a text')

function overrideIn(field: Path, order: Record<string, unknown>, around: Around): Override {
  const at = (name: string) => [...field, name]
  const kind = readField(at('kind'), kinds, order.kind)
  const needs = kind === 'replace' || order.schedule !== undefined
  return {
    kind,
    from: instantIn(at('from'), order.from, around.timeZone).toISOString(),
    until: instantIn(at('until'), order.until, around.timeZone).toISOString(),
    by: readField(at('by'), text, order.by),
    why: readField(at('why'), text, order.why),
    ...(needs && { schedule: scheduleIn(at('schedule'), order.schedule, around) }),
  }
}

function instantIn(field: Path, value: unknown, timeZone: string): Date {
  const instant = typeof value === 'string' ? readInstant(value, timeZone) : undefined
  return instant ?? refuse(field, value, 'an instant, such as 2026-03-29T01:30:00Z')
}

function refuse(field: Path, value: unknown, allowed: string): never {
  throw new LineError(`${field.join('.')}: found ${shown(value)}, allowed: ${allowed}`)
}

function readField<Schema extends z.ZodType>(
  field: Path,
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const tell: Tell = (path, { found, allowed, remedy }): Problem => ({
    ...{ file: '', line: 1, field: [...field, ...path].join('.') },
    ...{ found, allowed, remedy },
  })
  const { value: read, problems } = checked(schema, value, tell)
  if (problems.length === 0) return read as z.infer<Schema>
  throw new LineError(
    problems
      .map(({ field, found, allowed }) => `${field}: found ${found}, allowed: ${allowed}`)
      .join('; '),
  )
}
