import type { Idle, Sleeper } from '../table/sleeper.ts'
import type { Seen } from './resource.ts'
import { NOTICE_MS } from './times.ts'

/** How one metric shows use. */
export type Signal = {
  /** So much in a period, or more, is use; absent: it only proves that metrics flow. */
  use?: number | undefined
  /**
   * AWS publishes it in every period in which the resource is up: a period without it proves
   * nothing. Of what is only published when something happens, absence says that nothing did.
   */
  always: boolean
}

/** What CloudWatch says of one resource, by periods of one length. */
export type Measured = {
  /** When the first period begins, and how long each is, in milliseconds. */
  from: number
  period: number
  signals: readonly (Signal & {
    /** By the period's place; undefined where there is no data. */
    values: readonly (number | undefined)[]
  })[]
}

/** CloudWatch may get data some minutes late: so recent a period without any is no gap. */
const LATE_MS = 10 * 60_000
const SHORTEST_SECONDS = 60 * 60
const LONGEST_SECONDS = 14 * 24 * 60 * 60
const UNITS: Readonly<Record<string, number>> = { m: 60, h: 60 * 60, d: 24 * 60 * 60 }

/** What `idle` and its tag may say. */
export const WINDOWS = 'a length of 1h to 14d, such as 90m, 4h or 2d, or off'

/**
 * The seconds without use that `idle` or `caretaker:idle` says.
 *
 * @returns undefined for `off`, and what was found where it cannot be read.
 */
export function idleOf(text = 'off'): number | { unread: string } | undefined {
  if (text === 'off') return undefined
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? []
  const seconds = Number(count) * (UNITS[unit] ?? Number.NaN)
  return seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS ? seconds : { unread: text }
}

/**
 * Since when nobody has used a resource, as far as that is proved: since the end of the last period
 * with use, and of the last of which nothing proves that metrics flow. Without a metric that always
 * flows nothing is proved at all.
 *
 * @param from when it came up, or was last known to be used: nothing before counts.
 */
export function unusedSince({ from: first, period, signals }: Measured, from: Date, now: Date) {
  const proofs = signals.filter(({ always }) => always)
  if (proofs.length === 0) return now
  const periods = Math.max(...signals.map(({ values }) => values.length))
  let since = from.getTime()
  for (let place = 0; place < periods; place++) {
    const end = first + (place + 1) * period
    const isUsed = signals.some(
      ({ use = Number.POSITIVE_INFINITY, values }) => (values[place] ?? 0) >= use,
    )
    const isGap = proofs.some(({ values }) => values[place] === undefined)
    if (isUsed || (isGap && end <= now.getTime() - LATE_MS)) since = Math.max(since, end)
  }
  return new Date(Math.min(since, now.getTime()))
}

/** Looks at metrics are at whole and half hours, so that many are read together. */
const GRID_MS = 30 * 60_000
const MINUTE_MS = 60_000

/** Since when its use counts: since it is up, was deployed, or was last seen to be used. */
export function countsFrom({ deployed }: Pick<Seen, 'deployed'>, { since, idle }: Sleeper): Date {
  const instants = [since, deployed, idle?.used].flatMap((at) => Date.parse(at ?? '') || [])
  return new Date(Math.max(...instants))
}

/**
 * When it is looked at whether anybody uses it: half an hour before it may sleep, and when it is to
 * sleep by what people were told. Undefined for what never sleeps by idleness.
 */
export function idleLook(seen: Pick<Seen, 'idle' | 'deployed'>, kept: Sleeper): Date | undefined {
  if (typeof seen.idle !== 'number') return undefined
  if (kept.idle?.sleeps !== undefined) return new Date(kept.idle.sleeps)
  const at = countsFrom(seen, kept).getTime() + seen.idle * 1000 - NOTICE_MS
  return new Date(Math.ceil(at / GRID_MS) * GRID_MS)
}

/** What follows from a look. `used`: its time begins anew, and what was told is over. */
export type IdleStep = { do: 'used' | 'announce' | 'sleep'; idle: Idle }

/**
 * @param seconds without use, after which it sleeps.
 * @param since nobody has used it, as `unusedSince` says.
 * @param what is not there, such as `no request`.
 */
export function idleStep(
  before: Idle | undefined,
  { seconds, since, what }: { seconds: number; since: Date; what: string },
  now: Date,
): IdleStep {
  const used = since.toISOString()
  const left = since.getTime() + seconds * 1000 - now.getTime()
  const sleeps = before?.sleeps
  if (left > (sleeps === undefined ? NOTICE_MS : MINUTE_MS)) return { do: 'used', idle: { used } }
  const why = `${what} since ${used}`
  if (sleeps !== undefined) return { do: 'sleep', idle: { used, sleeps, why } }
  // The minute that people are told, and that other looks fall on.
  const at = Math.floor((now.getTime() + NOTICE_MS) / MINUTE_MS) * MINUTE_MS
  return { do: 'announce', idle: { used, sleeps: new Date(at).toISOString(), why } }
}
