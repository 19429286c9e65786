import type { Random } from './random.ts'

/** How often an event goes wrong on its way to the bus, each from 0 (never) to 1 (always). */
type EventRates = { lose: number; duplicate: number; delay: number; reorder: number }

/**
 * How often a call of a function or a machine goes wrong: AWS is busy and refuses it (`busy`), it is
 * done and its answer is lost (`unanswered`), a read fails (`unread`) or answers in part (`partial`),
 * a function dies before it, or after it (`kill`).
 */
type CallRates = { busy: number; unanswered: number; unread: number; partial: number; kill: number }

/**
 * - `stale`: how often a change of an ECS service is not seen at once by whoever reads it.
 * - `unseen`: how often a new instance of EC2 is not shown at once by whoever reads it.
 * - `unfired`: how often a one-time schedule is due and its target is not called.
 */
export type FaultRates = EventRates & CallRates & { stale: number; unseen: number; unfired: number }

/** What was done to one event, or to the firing of a schedule (by its ARN). */
type FaultRecord = { at: number; eventId: string; kind: keyof EventRates | 'unfired' }

/** How one event is carried: when each copy arrives (milliseconds from now); none if it is lost. */
type Arrivals = { copies: number[]; faults: (keyof EventRates)[] }

/** For how many milliseconds reads answer as if a change had not been made yet; 0: not at all. */
export type Staleness = { described: number; listed: number }

/**
 * Of which instance type a zone has none left, or of which capacity of Fargate's (`FARGATE`,
 * `FARGATE_SPOT`), and until when (milliseconds since the epoch). Without a zone: in all of them.
 */
type Shortage = { instanceType: string; zone?: string | undefined; until: number }

/**
 * When a service of AWS is down, by the name of its SDK client, or Caretaker itself (`caretaker`):
 * milliseconds since the epoch.
 */
export type Outage = { service: string; from: number; until: number }

const NO_EVENT: EventRates = { lose: 0, duplicate: 0, delay: 0, reorder: 0 }
const NO_CALL: CallRates = { busy: 0, unanswered: 0, unread: 0, partial: 0, kill: 0 }
const NONE: FaultRates = { ...NO_EVENT, ...NO_CALL, stale: 0, unseen: 0, unfired: 0 }
const MINUTE = 60_000
/** AWS gives no number; "a couple of seconds" is where it says that waiting begins. */
const LONGEST_DESCRIBED = 8_000
const LONGEST_LISTED = 30_000
const LONGEST_UNSEEN = 20_000

/**
 * What AWS's delivery levels allow to happen to events, and its eventual consistency to reads, made
 * to happen.
 *
 * Only best-effort events (ECR's) can be lost; any can be repeated, late or overtaken.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html
 */
export class Faults {
  readonly #random: Random
  readonly log: FaultRecord[] = []
  rates: FaultRates
  #shortages: Shortage[] = []
  /** What was down, from the first on. */
  readonly outages: Outage[] = []

  constructor(random: Random, rates: Partial<FaultRates> = {}) {
    this.#random = random
    this.rates = { ...NONE, ...rates }
  }

  /** Changes some of the rates from now on. */
  set(rates: Partial<FaultRates>): void {
    this.rates = { ...this.rates, ...rates }
  }

  /** From now on, until an instant, there is no capacity for this type in this zone. */
  shortage(shortage: Shortage): void {
    this.#shortages.push(shortage)
  }

  /** A service answers no call of a function or a machine then. */
  down(outage: Outage): void {
    this.outages.push(outage)
  }

  isDown(service: string, now: number): boolean {
    return this.outages.some((one) => one.service === service && one.from <= now && now < one.until)
  }

  /** Whether a zone lacks capacity for a type. */
  lacks(instanceType: string, zone: string, now: number): boolean {
    return this.#shortages.some(
      (one) => one.instanceType === instanceType && (one.zone ?? zone) === zone && now < one.until,
    )
  }

  /** Whether any zone does. */
  isShort(instanceType: string, now: number): boolean {
    return this.#shortages.some((one) => one.instanceType === instanceType && now < one.until)
  }

  /** Decides when the copies of an event arrive. */
  carry(eventId: string, delivery: 'best-effort' | 'durable', now: number): Arrivals {
    const kinds = Object.keys(NO_EVENT) as (keyof EventRates)[]
    const faults = kinds.filter((kind) => this.happens(kind))
    const happens = faults.filter((kind) => kind !== 'lose' || delivery === 'best-effort')
    for (const kind of happens) this.log.push({ at: now, eventId, kind })
    if (happens.includes('lose')) return { copies: [], faults: ['lose'] }
    const first =
      (happens.includes('delay') ? this.#delay() : 0) +
      (happens.includes('reorder') ? this.#hold() : 0)
    const extra = happens.includes('duplicate') ? this.#copies() : []
    return { copies: [first, ...extra.map((later) => first + later)], faults: happens }
  }

  /**
   * Decides how long a change of an ECS service stays unseen: by reads of the service, and by lists
   * of its deployments.
   *
   * "The result of an API command you run that affects your Amazon ECS resources might not be
   * immediately visible to all subsequent commands you run."
   * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
   */
  staleness(): Staleness {
    const length = (what: string, most: number) =>
      this.happens('stale') ? Math.round(most * this.#random.next(`faults/stale/${what}`)) : 0
    return {
      described: length('described', LONGEST_DESCRIBED),
      listed: length('listed', LONGEST_LISTED),
    }
  }

  /**
   * For how many milliseconds a new instance is not there for whoever reads it. "The Amazon EC2 API
   * follows an eventual consistency model … might not be immediately visible".
   * https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
   */
  unseenFor(): number {
    if (!this.happens('unseen')) return 0
    return Math.round(LONGEST_UNSEEN * this.#random.next('faults/unseen/length'))
  }

  /**
   * Decides whether a one-time schedule that is due calls nobody. AWS promises "at least once"; that
   * it can fail all the same is what whoever relies on it must survive.
   */
  leavesUnfired(scheduleArn: string, now: number): boolean {
    if (!this.happens('unfired')) return false
    this.log.push({ at: now, eventId: scheduleArn, kind: 'unfired' })
    return true
  }

  /** A number from 0 to one less than `count`. */
  some(count: number): number {
    return Math.floor(this.#random.next('faults/partial/length') * count)
  }

  /** Whether something goes wrong this time. */
  happens(kind: keyof FaultRates): boolean {
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
