import { nextCron } from './cron.ts'
import { type Cron, readCron } from './cron-fields.ts'
import { instantOf, wallClock } from './time-zone.ts'

/** A schedule expression, read. */
export type Expression =
  | { kind: 'rate'; milliseconds: number }
  | { kind: 'cron'; cron: Cron }
  /** A wall-clock time (see time-zone.ts). */
  | { kind: 'at'; wall: number }

const UNITS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/**
 * Reads `rate(5 minutes)`, `cron(0 10 * * ? *)` and `at(2026-03-02T09:00:00)`.
 *
 * @returns undefined for anything else.
 */
export function readExpression(text: string): Expression | undefined {
  const [, kind, inner = ''] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? []
  if (kind === 'rate') return readRate(inner)
  if (kind === 'at') return readAt(inner)
  const cron = kind === 'cron' ? readCron(inner) : undefined
  return cron && { kind: 'cron', cron }
}

function readRate(text: string): Expression | undefined {
  const [, value, unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? []
  const length = UNITS[unit]
  if (value === undefined || length === undefined) return undefined
  return { kind: 'rate', milliseconds: Number(value) * length }
}

function readAt(text: string): Expression | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text)) return undefined
  const date = new Date(`${text}Z`)
  // `2026-02-30` would silently become March.
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) return undefined
  return { kind: 'at', wall: date.getTime() }
}

/**
 * The next instant of an expression after `after`, all in milliseconds since the epoch.
 *
 * @param counting what a rate counts from (`since`: the first instant it is due) and the time zone.
 * @returns undefined when there is none any more.
 */
export function nextInstant(
  expression: Expression,
  after: number,
  { since, zone }: { since: number; zone: string },
): number | undefined {
  switch (expression.kind) {
    case 'cron':
      return nextCron(expression.cron, after, zone)
    case 'at': {
      const instant = oneTime(expression.wall, zone)
      return instant > after ? instant : undefined
    }
    case 'rate': {
      if (since > after) return since
      const { milliseconds } = expression
      return since + (Math.floor((after - since) / milliseconds) + 1) * milliseconds
    }
  }
}

/**
 * The instant of `at(…)`. AWS documents only that a cron skips a local time that does not exist;
 * a one-time schedule is taken as late as the clocks were moved, as java.time does.
 */
function oneTime(wall: number, zone: string): number {
  const day = 86_400_000
  const before = wall - day
  return instantOf(wall, zone) ?? wall - (wallClock(before, zone) - before)
}
