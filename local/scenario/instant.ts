import * as z from 'zod'
import { instantOf as localInstant } from '../../domain/local-time.ts'

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const
const DURATION = /^(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/

/** `1h30m` in milliseconds; undefined for what is not a duration. */
export function milliseconds(text: string): number | undefined {
  if (text === '' || !DURATION.test(text)) return undefined
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS],
    0,
  )
}

/** A length of simulated time, as milliseconds. */
export const duration = (example: string) =>
  z
    .string()
    .refine((text) => milliseconds(text) !== undefined)
    .transform((text) => milliseconds(text) ?? 0)
    .describe(`a duration: days, hours, minutes, seconds (${example})`)

/** When a step is, in milliseconds: of the start, and of the zone of the environment's people. */
type Moment = (start: number, timeZone: string) => number

/** `+1h` since the start, an instant, or a local time in the environment's zone. */
export const moment = z
  .string()
  .refine((text) => momentOf(text) !== undefined)
  .transform((text): Moment => momentOf(text) ?? ((start) => start))
  .describe(
    '+<duration> since the start (+1h30m), an instant (2026-03-02T18:00:00Z), or a local time (2026-03-02T18:00)',
  )

const LOCAL = /^(\d{4}-\d\d-\d\d)T(([01]\d|2[0-3]):[0-5]\d)$/

function momentOf(text: string): Moment | undefined {
  const [, date = '', time = ''] = LOCAL.exec(text) ?? []
  if (date !== '' && !Number.isNaN(Date.parse(`${date}T00:00:00Z`))) {
    return (_, timeZone) => localInstant(date, time, timeZone).getTime()
  }
  if (text.startsWith('+')) {
    const after = milliseconds(text.slice(1))
    return after === undefined ? undefined : (start) => start + after
  }
  const at = instantOf(text)
  return at === undefined ? undefined : () => at
}

/** An instant with its zone; the YAML reader gives it as text. */
export const instant = z
  .string()
  .refine((text) => instantOf(text) !== undefined)
  .transform((text) => new Date(text))
  .describe('an instant such as 2026-03-02T09:00:00Z')

function instantOf(text: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
