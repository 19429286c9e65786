import type { Random } from './random.ts'

/** How often an event goes wrong on its way to the bus, each from 0 (never) to 1 (always). */
export type FaultRates = { lose: number; duplicate: number; delay: number; reorder: number }

/** What was done to one event. */
type FaultRecord = { at: number; eventId: string; kind: keyof FaultRates }

/** How one event is carried: when each copy arrives (milliseconds from now); none if it is lost. */
type Arrivals = { copies: number[]; faults: (keyof FaultRates)[] }

const NONE: FaultRates = { lose: 0, duplicate: 0, delay: 0, reorder: 0 }
const MINUTE = 60_000

/**
 * What AWS's delivery levels allow to happen to events, made to happen.
 *
 * Only best-effort events (ECR's) can be lost; any can be repeated, late or overtaken.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html
 */
export class Faults {
  readonly #random: Random
  readonly log: FaultRecord[] = []
  rates: FaultRates

  constructor(random: Random, rates: Partial<FaultRates> = {}) {
    this.#random = random
    this.rates = { ...NONE, ...rates }
  }

  /** Changes some of the rates from now on. */
  set(rates: Partial<FaultRates>): void {
    this.rates = { ...this.rates, ...rates }
  }

  /** Decides when the copies of an event arrive. */
  carry(eventId: string, delivery: 'best-effort' | 'durable', now: number): Arrivals {
    const faults = (Object.keys(NONE) as (keyof FaultRates)[]).filter((kind) => this.#happens(kind))
    const happens = faults.filter((kind) => kind !== 'lose' || delivery === 'best-effort')
    for (const kind of happens) this.log.push({ at: now, eventId, kind })
    if (happens.includes('lose')) return { copies: [], faults: ['lose'] }
    const first =
      (happens.includes('delay') ? this.#delay() : 0) +
      (happens.includes('reorder') ? this.#hold() : 0)
    const extra = happens.includes('duplicate') ? this.#copies() : []
    return { copies: [first, ...extra.map((later) => first + later)], faults: happens }
  }

  #happens(kind: keyof FaultRates): boolean {
    return this.rates[kind] > 0 && this.#random.chance(`faults/${kind}`, this.rates[kind])
  }

  /** Seconds to a quarter of an hour, mostly seconds. */
  #delay(): number {
    return Math.round(1000 * 900 ** this.#random.next('faults/delay/length'))
  }

  /** Long enough for the next event of a burst to overtake it. */
  #hold(): number {
    return Math.round(this.#random.between('faults/reorder/length', 5_000, MINUTE))
  }

  /** One to three copies: most within a minute, some hours later. */
  #copies(): number[] {
    const count = 1 + Math.floor(this.#random.next('faults/duplicate/count') * 3)
    return Array.from({ length: count }, () => {
      const late = this.#random.chance('faults/duplicate/late', 0.1)
      const [low, high] = late ? [MINUTE, 360 * MINUTE] : [10, MINUTE]
      return Math.round(this.#random.between('faults/duplicate/length', low, high))
    })
  }
}
