import type { Aws } from '../aws.ts'
import type { Timer } from '../world.ts'
import type { AlarmState, MetricAlarm, Point } from './alarm.ts'
import type { Alarms } from './alarms.ts'
import { answer, metricsOf } from './query.ts'
import { reasonData } from './reason.ts'
import { type Metrics, MINUTE } from './series.ts'
import { EXTRA_PERIODS, evaluateThreshold } from './threshold.ts'

/**
 * Evaluates alarms at the beginning of each minute, over periods that end there.
 *
 * Only alarms whose state can still change are evaluated: those with data in the periods they
 * evaluate, and those just put or set by hand. When there are none, no timer runs.
 */
export class Evaluator {
  readonly #aws: Aws
  readonly #metrics: Metrics
  readonly #alarms: Alarms
  /** Metric key -> the alarms that evaluate it. */
  readonly #byMetric = new Map<string, Set<MetricAlarm>>()
  /** Alarms to evaluate, each until a moment (milliseconds). */
  readonly #evaluatedUntil = new Map<MetricAlarm, number>()
  /** Alarms without data at the last evaluation, and their states then. */
  readonly #quiet = new WeakMap<MetricAlarm, AlarmState>()
  #tick: Timer | undefined
  #evaluatedAt = Number.NEGATIVE_INFINITY
  /** Called in every minute with an evaluation, before the alarms are evaluated. */
  beforeMinute: (minute: number) => void = () => {}

  constructor(aws: Aws, metrics: Metrics, alarms: Alarms) {
    this.#aws = aws
    this.#metrics = metrics
    this.#alarms = alarms
    metrics.onData = (key, at) => this.#dataCame(key, at)
  }

  /** The moment of the last evaluation. */
  get evaluatedAt(): number {
    return this.#evaluatedAt
  }

  /** Whether an evaluation is already planned. */
  get isPlanned(): boolean {
    return this.#tick !== undefined
  }

  /** Keys of the metrics that alarms evaluate. */
  get watched(): Iterable<string> {
    return this.#byMetric.keys()
  }

  /** Looks at an alarm from the next minute on, for as long as it has data. */
  watch(alarm: MetricAlarm): void {
    this.#quiet.delete(alarm)
    for (const key of metricsOf(alarm.queries)) {
      const alarms = this.#byMetric.get(key) ?? new Set()
      this.#byMetric.set(key, alarms.add(alarm))
      const newest = this.#metrics.find(key)?.newest
      if (newest !== undefined) this.#keepEvaluating(alarm, newest)
    }
    this.#keepEvaluating(alarm, this.#aws.world.now)
  }

  forget(alarm: MetricAlarm): void {
    this.#evaluatedUntil.delete(alarm)
    for (const [key, alarms] of this.#byMetric) {
      alarms.delete(alarm)
      if (alarms.size === 0) this.#byMetric.delete(key)
    }
  }

  /** Plans an evaluation at the next full minute. */
  plan(): void {
    const { world } = this.#aws
    const next = (Math.floor(world.now / MINUTE) + 1) * MINUTE
    this.#tick ??= world.at(next, 'CloudWatch evaluates alarms', () => this.#evaluateDue())
  }

  #dataCame(key: string, at: number): void {
    for (const alarm of this.#byMetric.get(key) ?? []) this.#keepEvaluating(alarm, at)
  }

  /** Data of the minute `at` count until the last evaluated period is after them. */
  #keepEvaluating(alarm: MetricAlarm, at: number): void {
    const periods = alarm.threshold.evaluationPeriods + EXTRA_PERIODS + 1
    const until = at + periods * alarm.period * 1000
    this.#evaluatedUntil.set(alarm, Math.max(until, this.#evaluatedUntil.get(alarm) ?? 0))
    this.plan()
  }

  #evaluateDue(): void {
    this.#tick = undefined
    const { now } = this.#aws.world
    this.#evaluatedAt = now
    this.beforeMinute(now)
    for (const [alarm, until] of this.#evaluatedUntil) {
      this.#evaluate(alarm)
      if (until <= now) this.#evaluatedUntil.delete(alarm)
    }
    if (this.#evaluatedUntil.size > 0) this.plan()
  }

  #evaluate(alarm: MetricAlarm): void {
    const { date } = this.#aws.world
    // Without data the last evaluation gave this state already; so would this one.
    if (!this.#hasData(alarm)) {
      if (this.#quiet.get(alarm) === alarm.state) return
      this.#quiet.set(alarm, alarm.state)
    } else this.#quiet.delete(alarm)
    const points = this.#points(alarm)
    const newState = evaluateThreshold(alarm.threshold, points)
    if (newState === undefined || newState.value === alarm.state.value) return
    const { Stat: statistic, Unit: unit } = alarm.queries[0]?.MetricStat ?? {}
    const math = alarm.queries.length > 1
    const about = math ? {} : { statistic, unit }
    this.#alarms.set(alarm, {
      value: newState.value,
      reason: newState.reason(),
      data: reasonData(alarm.threshold, points, { at: date, period: alarm.period, ...about }),
      at: date,
    })
  }

  /** Whether there is anything in the periods that are evaluated. */
  #hasData({ queries, period, threshold }: MetricAlarm): boolean {
    const count = threshold.evaluationPeriods + EXTRA_PERIODS
    const first = this.#aws.world.now - count * period * 1000
    return metricsOf(queries).some(
      (key) => (this.#metrics.find(key)?.newest ?? Number.NEGATIVE_INFINITY) >= first,
    )
  }

  #points({ queries, watched, period, threshold }: MetricAlarm): Point[] {
    const length = period * 1000
    const count = threshold.evaluationPeriods + EXTRA_PERIODS
    const first = this.#aws.world.now - count * length
    const starts = Array.from({ length: count }, (_, index) => first + index * length)
    const values = answer(this.#metrics, queries, { starts, length })(watched)
    return starts.map((at, index) => ({ at, value: values[index] }))
  }
}
