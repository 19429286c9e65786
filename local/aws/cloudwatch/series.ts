import type { Dimension } from '@aws-sdk/client-cloudwatch'

/** Which metric: its dimensions are part of its name. */
export type MetricId = {
  namespace: string
  name: string
  dimensions: Readonly<Record<string, string>>
}

/** What was measured, once or many times, in the minute that begins at `at` (milliseconds). */
export type Datum = {
  at: number
  unit: string
  count: number
  sum: number
  minimum: number
  maximum: number
  /** Each value and how often; absent when only statistics were given. */
  values?: readonly (readonly [value: number, count: number])[]
}

export const MINUTE = 60_000

/** The data of one metric, oldest first. */
class Series {
  readonly id: MetricId
  readonly #data: Datum[] = []

  constructor(id: MetricId) {
    this.id = id
  }

  /** The minute of the newest data, or undefined when there is none. */
  get newest(): number | undefined {
    return this.#data.at(-1)?.at
  }

  add(datum: Datum): void {
    const data = this.#data
    const at = Math.floor(datum.at / MINUTE) * MINUTE
    const own = { ...datum, at }
    if (at >= (this.newest ?? at)) data.push(own)
    else data.splice(this.#from(at + MINUTE), 0, own)
  }

  /** The data from `start` until before `end`. */
  between(start: number, end: number): readonly Datum[] {
    return this.#data.slice(this.#from(start), this.#from(end))
  }

  /** The position of the first datum that is not before `at`. */
  #from(at: number): number {
    let [low, high] = [0, this.#data.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#data[middle] as Datum).at < at) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** One value measured once. */
export const single = (at: number, value: number, unit = 'None'): Datum => ({
  at,
  unit,
  count: 1,
  sum: value,
  minimum: value,
  maximum: value,
  values: [[value, 1]],
})

export function metricId(
  namespace = '',
  name = '',
  dimensions: readonly Dimension[] = [],
): MetricId {
  return {
    namespace,
    name,
    dimensions: Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value])),
  }
}

export function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, ...Object.entries(dimensions).sort()])
}

export const dimensionList = (dimensions: MetricId['dimensions']): Dimension[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))

/** What a query computes from. */
export type Readable = {
  find(key: string): { between(start: number, end: number): readonly Datum[] } | undefined
  all: readonly Series[]
}

/**
 * Data that never came, of a namespace or of one of its metrics. `partial`: what came is answered, and
 * that it is not all.
 */
type Silence = { namespace: string; name?: string; from: number; until: number; partial?: boolean }

/** All metrics by key. All data is added here, from every source. */
export class Metrics {
  readonly #series = new Map<string, Series>()
  readonly #silences: Silence[] = []
  /** The data of metrics that are not kept by the minute, from `start` until before `end`. */
  reckon: (id: MetricId, start: number, end: number) => readonly Datum[] = () => []
  /** Called after each new datum, with the metric's key. */
  onData: (key: string, at: number) => void = () => {}

  get all(): readonly Series[] {
    return [...this.#series.values()]
  }

  find(key: string): Series | undefined {
    return this.#series.get(key)
  }

  /** Nothing of these minutes reaches whoever reads, whatever was measured. */
  silence(silence: Silence): void {
    this.#silences.push(silence)
  }

  /** Whether an answer about these instants lacks something, and says so. */
  isPartial({ namespace, name }: MetricId, start: number, end: number): boolean {
    return this.#silences.some(
      (one) => one.partial && isOf(one, namespace, name) && one.from < end && start < one.until,
    )
  }

  /** As whoever reads gets them: with what is only reckoned, without what never came. */
  get read(): Readable {
    return { all: this.all, find: (key) => ({ between: (...span) => this.#whole(key, ...span) }) }
  }

  #whole(key: string, start: number, end: number): readonly Datum[] {
    const [namespace, name, ...dimensions] = JSON.parse(key === '' ? '["",""]' : key)
    const id = { namespace, name, dimensions: Object.fromEntries(dimensions) }
    const silences = this.#silences.filter((one) => !one.partial && isOf(one, namespace, name))
    return [...this.reckon(id, start, end), ...(this.find(key)?.between(start, end) ?? [])].filter(
      ({ at }) => !silences.some(({ from, until }) => from <= at && at < until),
    )
  }

  put(id: MetricId, datum: Datum): void {
    const key = keyOf(id)
    this.putUnchanged(id, datum, key)
    this.onData(key, datum.at)
  }

  /** Data with the same value as before: they cause no evaluation of alarms. */
  putUnchanged(id: MetricId, datum: Datum, key = keyOf(id)): void {
    const series = this.#series.get(key) ?? new Series(id)
    this.#series.set(key, series)
    series.add(datum)
  }
}

const isOf = (silence: Silence, namespace: string, name: string): boolean =>
  silence.namespace === namespace && (silence.name ?? name) === name
