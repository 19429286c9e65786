import * as z from 'zod/mini'
import { sayLocal } from '../say-time.ts'
import { cut } from '../text.ts'
import type { Stand, Timeline } from './timeline.ts'
import { ALWAYS_ON, schedule } from './written.ts'

/** What a person has asked for, from one instant (ISO 8601, with its zone) to another. */
export const override = z.object({
  /** Kept awake, put to sleep, or by another schedule. */
  kind: z.enum(['awake', 'asleep', 'replace']),
  from: z.string(),
  until: z.string(),
  by: z.optional(z.string()),
  why: z.optional(z.string()),
  /** Of `replace`: by what. */
  schedule: z.optional(z.union([z.literal(ALWAYS_ON), schedule])),
})
export type Override = z.infer<typeof override>

/** The same with its instants, in milliseconds since 1970, and the schedule as it is asked. */
export type Order = {
  kind: Override['kind']
  from: number
  until: number
  by: string
  why: string
  instead: Timeline | undefined
}

/** Longer is a decision for the catalog. */
export const LONGEST_KEEP_SECONDS = 7 * 24 * 60 * 60
/** Stopping and starting again takes a part of less. */
export const SHORTEST_SLEEP_SECONDS = 30 * 60

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/**
 * An override, which has been checked, with its schedule as a timeline. Undefined if its instants
 * cannot be read. One that ends before it begins never holds.
 */
export function readOrder(
  { kind, from, until, by = '', why = '' }: Override,
  instead: Timeline | undefined,
): Order | undefined {
  const [begin = Number.NaN, end = Number.NaN] = [from, until].map((text) =>
    INSTANT.test(text) ? Date.parse(text) : Number.NaN,
  )
  if (Number.isNaN(begin) || Number.isNaN(end)) return undefined
  if (kind === 'replace' && instead === undefined) return undefined
  return { kind, from: begin, until: end, by: cut(by, 100), why: cut(why, 200), instead }
}

/**
 * A schedule under what people have asked for. The layers, each over the one before: the schedule,
 * another schedule in its place, sleep, being kept awake. So keeping awake beats sleep whoever came
 * first: losing somebody's work costs more than hours of compute. Of several that keep awake, the
 * latest end counts; what has ended counts as absent.
 */
export class Overlay implements Timeline {
  readonly #own: Timeline
  readonly #orders: readonly Order[]
  readonly #zone: string

  constructor(own: Timeline, orders: readonly Order[], timeZone: string) {
    this.#own = own
    this.#orders = orders.filter(({ from, until }) => from < until)
    this.#zone = timeZone
  }

  at(instant: number): Stand {
    const below = this.#scheduleAt(instant)
    const order = this.#holding('awake', instant) ?? this.#holding('asleep', instant)
    if (order === undefined) return below.at(instant)
    const state = order.kind === 'awake' ? 'running' : 'stopped'
    const stand = below.at(instant)
    // What would be so anyway, and for as long, does not need the order.
    const isSo = stand.state === state && below.changeAfter(instant) >= order.until
    if (isSo) return stand
    return { state, reason: this.#sayOrder(order, instant) }
  }

  changeAfter(instant: number): number {
    const { state } = this.at(instant)
    let next = instant
    do {
      next = this.#boundaryAfter(next)
    } while (next < Number.POSITIVE_INFINITY && this.at(next).state === state)
    return next
  }

  /** Until when nothing can change: an order begins or ends, or the schedule below changes. */
  #boundaryAfter(instant: number): number {
    const awake = this.#holding('awake', instant)
    if (awake !== undefined) return awake.until
    const asleep = this.#holding('asleep', instant)
    const begins = this.#orders
      .filter(({ kind, from }) => from > instant && (asleep === undefined || kind === 'awake'))
      .map(({ from }) => from)
    if (asleep !== undefined) return Math.min(asleep.until, ...begins)
    return Math.min(this.#scheduleAt(instant).changeAfter(instant), ...begins)
  }

  /** Of the orders of a kind that hold, the one with the latest end. */
  #holding(kind: Order['kind'], instant: number): Order | undefined {
    return this.#orders
      .filter((order) => order.kind === kind && order.from <= instant && instant < order.until)
      .reduce<Order | undefined>(
        (last, order) => (last === undefined || order.until > last.until ? order : last),
        undefined,
      )
  }

  /** The schedule that holds: the one that was put in its place last, or its own. */
  #replacing(instant: number): Order | undefined {
    return this.#orders
      .filter((one) => one.kind === 'replace' && one.from <= instant && instant < one.until)
      .reduce<Order | undefined>(
        (last, order) => (last === undefined || order.from >= last.from ? order : last),
        undefined,
      )
  }

  #scheduleAt(instant: number): Timeline {
    const order = this.#replacing(instant)
    const instead = order?.instead
    if (order === undefined || instead === undefined) return this.#own
    return {
      at: (then) => {
        const { state, reason } = instead.at(then)
        return { state, reason: `${this.#sayOrder(order, then)}: ${reason}` }
      },
      changeAfter: (then) => Math.min(instead.changeAfter(then), order.until),
    }
  }

  #sayOrder({ kind, until, by, why }: Order, instant: number): string {
    const what = {
      awake: 'kept awake',
      asleep: 'put to sleep',
      replace: 'another schedule, set',
    }[kind]
    const end = sayLocal(new Date(until), this.#zone, new Date(instant))
    const asked = by === '' ? '' : ` by ${by}`
    return `${what}${asked} until ${end}${why === '' ? '' : ` (${why})`}`
  }
}
