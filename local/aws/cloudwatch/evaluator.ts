import type { Aws } from '../aws.ts'
import type { Timer } from '../world.ts'
import type { AlarmState, MetricAlarm, Point } from './alarm.ts'
import type { Alarms } from './alarms.ts'
import { bandsOf } from './band.ts'
import { contributorOf, summaryOf } from './contributors.ts'
import { groupsOf, type Insights, isAsked } from './insights.ts'
import { answer, metricsOf, type Periods } from './query.ts'
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
  /** Alarms that evaluate whatever metrics their query finds. */
  readonly #insights = new Set<MetricAlarm>()
  /** Alarms to evaluate, each until a moment (milliseconds). */
  readonly #evaluatedUntil = new Map<MetricAlarm, number>()
  /** Alarms without data at the last evaluation, and their states then. */
  readonly #quiet = new WeakMap<MetricAlarm, AlarmState>()
  #tick: Timer | undefined
  #hasEvaluated = false
  /** Called in every minute with an evaluation, before the alarms are evaluated. */
  beforeMinute: (minute: number) => void = () => {}

  constructor(aws: Aws, metrics: Metrics, alarms: Alarms) {
    this.#aws = aws
    this.#metrics = metrics
    this.#alarms = alarms
    metrics.onData = (key, at) => this.#dataCame(key, at)
  }

  /** Whether there was an evaluation since this was last asked. */
  hasEvaluated(): boolean {
    const has = this.#hasEvaluated
    this.#hasEvaluated = false
    return has
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
    if (alarm.insights !== undefined) this.#insights.add(alarm)
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
    this.#insights.delete(alarm)
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
    if (this.#insights.size === 0) return
    const id = this.#metrics.find(key)?.id
    for (const alarm of this.#insights) {
      if (id && alarm.insights && isAsked(alarm.insights, id)) this.#keepEvaluating(alarm, at)
    }
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
    this.#hasEvaluated = true
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
    if (alarm.insights !== undefined && alarm.insights.groupBy.length > 0) {
      this.#evaluateEach(alarm, alarm.insights)
      return
    }
    const points = this.#points(alarm)
    const newState = evaluateThreshold(alarm.threshold, points)
    if (newState === undefined || newState.value === alarm.state.value) return
    const { Stat: statistic, Unit: unit } = alarm.queries[0]?.MetricStat ?? {}
    const math = alarm.queries.length > 1 || alarm.insights !== undefined
    const about = math ? {} : { statistic, unit }
    this.#alarms.set(alarm, {
      value: newState.value,
      reason: newState.reason(),
      data: reasonData(alarm.threshold, points, { at: date, period: alarm.period, ...about }),
      at: date,
    })
  }

  /** Evaluates the time series of an alarm one by one: it is red while any of them is. */
  #evaluateEach(alarm: MetricAlarm, insights: Insights): void {
    const { date: at } = this.#aws.world
    const { starts, length } = this.#periods(alarm)
    const contributors = groupsOf(this.#metrics, insights).map((group) => {
      const points = starts.map((from) => ({ at: from, value: group.value(from, from + length) }))
      const before = alarm.contributors.find(({ attributes }) => same(attributes, group.attributes))
      return contributorOf(alarm.threshold, group, points, { before, at })
    })
    this.#alarms.setContributors(alarm, contributors)
    const summary = summaryOf(contributors)
    if (contributors.length === 0 || summary.value === alarm.state.value) return
    this.#alarms.set(alarm, { ...summary, at })
  }

  /** Whether there is anything in the periods that are evaluated. */
  #hasData({ queries, period, threshold, insights }: MetricAlarm): boolean {
    const count = threshold.evaluationPeriods + EXTRA_PERIODS
    const first = this.#aws.world.now - count * period * 1000
    if (insights !== undefined) {
      return groupsOf(this.#metrics, insights).some(({ newest }) => newest >= first)
    }
    return metricsOf(queries).some(
      (key) => (this.#metrics.find(key)?.newest ?? Number.NEGATIVE_INFINITY) >= first,
    )
  }

  #points(alarm: MetricAlarm): Point[] {
    const { queries, watched, band } = alarm
    const periods = this.#periods(alarm)
    const values = answer(this.#metrics, queries, periods)(watched)
    const bands = band === undefined ? [] : bandsOf(this.#metrics, queries, band, periods)
    return periods.starts.map((at, index) => {
      if (band === undefined) return { at, value: values[index] }
      // What is not expected to be anything is not compared.
      const expected = bands[index]
      return { at, value: expected && values[index], band: expected }
    })
  }

  #periods({ period, threshold }: MetricAlarm): Periods {
    const length = period * 1000
    const count = threshold.evaluationPeriods + EXTRA_PERIODS
    const first = this.#aws.world.now - count * length
    const starts = Array.from({ length: count }, (_, index) => first + index * length)
    return { starts, length }
  }
}

type Attributes = Readonly<Record<string, string>>

const same = (one: Attributes, other: Attributes): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value)
