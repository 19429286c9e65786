import type { ComparisonOperator, StateValue } from '@aws-sdk/client-cloudwatch'
import { NotImplemented } from '../errors.ts'
import type { Point, RealPoint, Threshold } from './alarm.ts'
import type { Band } from './band.ts'
import { bandText, missingText, real as realPoints, thresholdText } from './reason.ts'

/** The state that data mean, and why. */
type NewState = { value: StateValue; reason(): string }

type Comparison = (value: number, threshold: number) => boolean

const COMPARISONS: Partial<Record<ComparisonOperator, Comparison>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
}

type OutOfBand = (value: number, band: Band) => boolean

const BAND_COMPARISONS: Partial<Record<ComparisonOperator, OutOfBand>> = {
  LessThanLowerOrGreaterThanUpperThreshold: (value, { lower, upper }) =>
    value < lower || value > upper,
  LessThanLowerThreshold: (value, { lower }) => value < lower,
  GreaterThanUpperThreshold: (value, { upper }) => value > upper,
}

export const isBandComparison = (operator: ComparisonOperator): boolean =>
  BAND_COMPARISONS[operator] !== undefined

/** Whether a point breaches. @throws NotImplemented for an operator that is not known. */
export function breachOf({
  comparison,
  value: threshold,
}: Threshold): (point: RealPoint) => boolean {
  const outOfBand = BAND_COMPARISONS[comparison]
  if (outOfBand !== undefined) {
    return ({ value, band }) => band !== undefined && outOfBand(value, band)
  }
  const compare = COMPARISONS[comparison]
  if (compare === undefined) throw new NotImplemented(`the comparison ${comparison} of CloudWatch`)
  return ({ value }) => compare(value, threshold ?? 0)
}

/**
 * Periods that are read besides those that count, so that late data are still seen. AWS does
 * not say how many; its examples have two.
 */
export const EXTRA_PERIODS = 2

/**
 * The state that the points of an alarm give.
 *
 * Enough real data decide by themselves, even from the extra periods. Missing ones are filled in
 * only up to the number that counts.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 *
 * @param points oldest first: the periods that count, preceded by the extra ones.
 * @returns undefined when the state stays as it is.
 */
export function evaluateThreshold(
  threshold: Threshold,
  points: readonly Point[],
): NewState | undefined {
  const { evaluationPeriods, datapointsToAlarm, missingData } = threshold
  const real = realPoints(points).slice(-evaluationPeriods)
  const breaching = real.filter(breachOf(threshold))
  const missing = evaluationPeriods - real.length
  const byData = (value: 'ALARM' | 'OK'): NewState => {
    const counted = value === 'ALARM' ? breaching : real.filter((one) => !breaching.includes(one))
    const text = threshold.value === undefined ? bandText : thresholdText
    return { value, reason: () => text(threshold, value, counted) }
  }
  if (breaching.length >= datapointsToAlarm) return byData('ALARM')
  if (missing === 0) return byData('OK')
  if (missingData === 'breaching' || missingData === 'notBreaching') {
    const filled = breaching.length + (missingData === 'breaching' ? missing : 0)
    const value = filled >= datapointsToAlarm ? 'ALARM' : 'OK'
    return { value, reason: () => missingText(real.length, evaluationPeriods, missingData) }
  }
  if (breaching.length < real.length) return byData('OK')
  if (missingData === 'ignore') return undefined
  if (real.length === 0) return insufficient(evaluationPeriods)
  return isOldEnough(breaching[0] as RealPoint, points, datapointsToAlarm)
    ? byData('ALARM')
    : undefined
}

/** All there is breaches, and the oldest of it is as old as the data that an alarm needs. */
function isOldEnough({ at }: RealPoint, points: readonly Point[], needed: number): boolean {
  return points.length - points.findIndex((point) => point.at === at) >= needed
}

function insufficient(count: number): NewState {
  const reason = `Insufficient Data: ${count} datapoint${count === 1 ? ' was' : 's were'} unknown.`
  return { value: 'INSUFFICIENT_DATA', reason: () => reason }
}
