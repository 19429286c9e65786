import type { ComparisonOperator, StateValue } from '@aws-sdk/client-cloudwatch'
import { NotImplemented } from '../errors.ts'
import type { Point, RealPoint, Threshold } from './alarm.ts'
import { missingText, real as realPoints, thresholdText } from './reason.ts'

/** The state that data mean, and why. */
type NewState = { value: StateValue; reason(): string }

type Comparison = (value: number, threshold: number) => boolean

const COMPARISONS: Partial<Record<ComparisonOperator, Comparison>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
}

/** @throws NotImplemented for the operators of anomaly detection. */
export function comparisonOf(operator: ComparisonOperator): Comparison {
  const comparison = COMPARISONS[operator]
  if (comparison === undefined) throw new NotImplemented(`the comparison ${operator} of CloudWatch`)
  return comparison
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
  const compare = comparisonOf(threshold.comparison)
  const real = realPoints(points).slice(-evaluationPeriods)
  const breaching = real.filter(({ value }) => compare(value, threshold.value))
  const missing = evaluationPeriods - real.length
  const byData = (value: 'ALARM' | 'OK'): NewState => {
    const counted = value === 'ALARM' ? breaching : real.filter((one) => !breaching.includes(one))
    return { value, reason: () => thresholdText(threshold, value, counted) }
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
