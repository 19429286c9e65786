import { type Point, type RealPoint, type Threshold, timestamp } from './alarm.ts'

/** Numbers as CloudWatch writes them: `1.0`. */
export const double = (value: number): string =>
  Number.isInteger(value) ? `${value}.0` : String(value)

const COMPARED: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
}

/** `greater than or equal to` */
export const compared = ({ comparison }: Threshold): string => COMPARED[comparison] ?? comparison

/** `was`, or `were` for several. */
const be = (count: number): string => (count === 1 ? 'was' : 'were')
const plural = (count: number, noun: string): string => `${noun}${count === 1 ? '' : 's'}`

/**
 * `Threshold Crossed: 1 out of the last 1 datapoints [99.5 (02/10/19 16:59:00)] was greater than
 * the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition).`
 */
export function thresholdText(
  threshold: Threshold,
  to: 'ALARM' | 'OK',
  counted: readonly RealPoint[],
): string {
  const not = to === 'ALARM' ? '' : ' not'
  return [
    `Threshold Crossed: ${shownText(threshold, counted)}${not} ${compared(threshold)}`,
    `the threshold (${double(threshold.value ?? 0)}) ${leastText(threshold, to)}`,
  ].join(' ')
}

/** `Thresholds Crossed: … was less than the lower thresholds [1.0] or greater than the upper …` */
export function bandText(
  threshold: Threshold,
  to: 'ALARM' | 'OK',
  counted: readonly RealPoint[],
): string {
  const not = to === 'ALARM' ? '' : 'not '
  const { comparison } = threshold
  const newest = counted.toReversed()
  const edges = (of: 'lower' | 'upper') =>
    `[${newest.map(({ band }) => double(band?.[of] ?? 0)).join(', ')}]`
  const below = `${not}less than the lower thresholds ${edges('lower')}`
  const above = `${not}greater than the upper thresholds ${edges('upper')}`
  const sides = [
    ...(comparison === 'GreaterThanUpperThreshold' ? [] : [below]),
    ...(comparison === 'LessThanLowerThreshold' ? [] : [above]),
  ]
  return `Thresholds Crossed: ${shownText(threshold, counted)} ${sides.join(' or ')} ${leastText(threshold, to)}`
}

/** `1 out of the last 1 datapoints [99.5 (02/10/19 16:59:00)] was` */
function shownText({ evaluationPeriods }: Threshold, counted: readonly RealPoint[]): string {
  const shown = counted.toReversed().map((point) => `${double(point.value)} (${minute(point.at)})`)
  return [
    `${counted.length} out of the last ${evaluationPeriods} datapoints`,
    `[${shown.join(', ')}] ${be(counted.length)}`,
  ].join(' ')
}

/** `(minimum 1 datapoint for OK -> ALARM transition).` */
function leastText(
  { evaluationPeriods, datapointsToAlarm }: Threshold,
  to: 'ALARM' | 'OK',
): string {
  const alarm = to === 'ALARM'
  const least = alarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1
  const change = alarm ? 'OK -> ALARM' : 'ALARM -> OK'
  return `(minimum ${least} ${plural(least, 'datapoint')} for ${change} transition).`
}

/** `Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was …` */
export function missingText(
  received: number,
  periods: number,
  treated: 'breaching' | 'notBreaching',
): string {
  const count = received === 0 ? 'no' : String(received)
  const missing = periods - received
  return [
    `Threshold Crossed: ${count} ${plural(received, 'datapoint')} ${be(received)} received for`,
    `${periods} ${plural(periods, 'period')} and ${missing} missing`,
    `${plural(missing, 'datapoint')} ${be(missing)} treated as`,
    `[${treated === 'breaching' ? 'Breaching' : 'NonBreaching'}].`,
  ].join(' ')
}

/** `02/03/26 09:00:00` */
export function minute(at: number): string {
  const [, year, month, day, time] =
    /^..(..)-(..)-(..)T(.{8})/.exec(new Date(at).toISOString()) ?? []
  return `${day}/${month}/${year} ${time}`
}

/**
 * The reason as JSON, as CloudWatch writes it: all numbers but the period have decimals.
 *
 * @param about when it was asked, and the metric's statistic and unit; metric math has neither.
 */
export function reasonData(
  threshold: Threshold,
  points: readonly Point[],
  about: { at: Date; period: number; statistic?: string | undefined; unit?: string | undefined },
): string {
  const counted = real(points).slice(-threshold.evaluationPeriods)
  const { at, period, statistic, unit } = about
  const edges = (of: 'lower' | 'upper') => list(counted.map(({ band }) => double(band?.[of] ?? 0)))
  const members = {
    version: '"1.0"',
    queryDate: instant(at.getTime()),
    startDate: counted[0] && instant(counted[0].at),
    unit: unit && JSON.stringify(unit),
    statistic: statistic && JSON.stringify(statistic),
    period: String(period),
    recentDatapoints: list(counted.map(({ value }) => double(value))),
    ...(threshold.value === undefined
      ? { recentLowerThresholds: edges('lower'), recentUpperThresholds: edges('upper') }
      : {
          threshold: double(threshold.value),
          evaluatedDatapoints: list(evaluated(points, counted, threshold)),
        }),
  }
  const given = Object.entries(members).filter(([, text]) => text !== undefined)
  return `{${given.map(([name, text]) => `"${name}":${text}`).join(',')}}`
}

/** Newest first; a period without data has no value. */
function evaluated(
  points: readonly Point[],
  counted: readonly RealPoint[],
  { evaluationPeriods }: Threshold,
): string[] {
  const shown: readonly Point[] = counted.length > 0 ? counted : points.slice(-evaluationPeriods)
  return shown.toReversed().map(({ at, value }) => {
    const measured = value === undefined ? '' : `,"value":${double(value)}`
    return `{"timestamp":${instant(at)}${measured}}`
  })
}

/** The periods that have data. */
export const real = (points: readonly Point[]): RealPoint[] =>
  points.filter((point): point is RealPoint => point.value !== undefined)

const instant = (at: number): string => JSON.stringify(timestamp(new Date(at)))
const list = (texts: readonly string[]): string => `[${texts.join(',')}]`
