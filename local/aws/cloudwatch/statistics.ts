import { AwsError, NotImplemented } from '../errors.ts'
import type { Datum } from './series.ts'

/** One number out of all data of a period; undefined when there is none. */
type Statistic = (data: readonly Datum[]) => number | undefined

const total = (data: readonly Datum[], of: 'count' | 'sum'): number =>
  data.reduce((sum, datum) => sum + datum[of], 0)

const SIMPLE: Readonly<Record<string, Statistic>> = {
  SampleCount: (data) => total(data, 'count'),
  Sum: (data) => total(data, 'sum'),
  Average: (data) => total(data, 'sum') / total(data, 'count'),
  Minimum: (data) => Math.min(...data.map(({ minimum }) => minimum)),
  Maximum: (data) => Math.max(...data.map(({ maximum }) => maximum)),
}

/**
 * `Average`, `p99.9`… Trimmed and winsorized means, `PR`, `TC`, `TS` and `IQM` are not simulated.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 *
 * @param unit only data of this unit count, when given.
 * @throws NotImplemented, or AwsError InvalidParameterValue for what is no statistic.
 */
export function statistic(name: string, unit?: string): Statistic {
  const compute = SIMPLE[name] ?? percentileOf(name)
  return (data) => {
    const counted = unit === undefined ? data : data.filter((datum) => datum.unit === unit)
    return counted.length === 0 ? undefined : compute(counted)
  }
}

function percentileOf(name: string): Statistic {
  const [, text] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name) ?? []
  if (text === undefined) {
    if (/^(tm|wm|tc|ts|IQM|TM|WM|PR|TC|TS)/.test(name)) {
      throw new NotImplemented(`the statistic ${name} of CloudWatch`)
    }
    throw new AwsError(
      'InvalidParameterValueException',
      `The value ${name} for parameter Stat is invalid.`,
    )
  }
  return (data) => percentile(data, Number(text))
}

/** The smallest value that is at least as large as `percent` of all; none without single values. */
function percentile(data: readonly Datum[], percent: number): number | undefined {
  const values = data.flatMap((datum) => datum.values ?? constant(datum))
  if (values.length < data.length) return undefined
  const sorted = values.toSorted(([a], [b]) => a - b)
  const wanted = (total(data, 'count') * percent) / 100
  let seen = 0
  for (const [value, count] of sorted) {
    seen += count
    if (seen >= wanted) return value
  }
  return sorted.at(-1)?.[0]
}

/** Statistics of equal values say what the values were. */
const constant = ({ count, minimum, maximum }: Datum): [number, number][] =>
  minimum === maximum ? [[minimum, count]] : []
