import { createHash } from 'node:crypto'
import type { AwsEvent } from '../aws.ts'
import {
  type Contributor,
  type MetricAlarm,
  type Point,
  type RealPoint,
  type Threshold,
  timestamp,
} from './alarm.ts'
import { eventTags } from './alarm-tags.ts'
import { muteDetail, shortConfiguration } from './events.ts'
import type { Group } from './insights.ts'
import type { Mute } from './mute-rules.ts'
import { compared, double, minute, real } from './reason.ts'
import { breachOf, evaluateThreshold } from './threshold.ts'

/** Sixteen digits that follow from the attributes. */
const idOf = (attributes: Group['attributes']): string =>
  createHash('sha256').update(JSON.stringify(attributes)).digest('hex').slice(0, 16)

/**
 * What a time series is now.
 *
 * @param before what it was; undefined for a new one, which is OK.
 * @returns the same object when its state has not changed.
 */
export function contributorOf(
  threshold: Threshold,
  { attributes }: Group,
  points: readonly Point[],
  { before, at }: { before: Contributor | undefined; at: Date },
): Contributor {
  const state = evaluateThreshold(threshold, points)?.value ?? before?.value
  const value = state === 'ALARM' ? 'ALARM' : 'OK'
  if (before !== undefined && before.value === value) return before
  const reason = reasonOf(threshold, value, points)
  return { id: idOf(attributes), attributes, value, reason, at }
}

/** `Threshold Crossed: 1 datapoint was less than the threshold (1.0). The most recent …` */
function reasonOf(
  threshold: Threshold,
  value: Contributor['value'],
  points: readonly Point[],
): string {
  const breaches = breachOf(threshold)
  const counted = real(points)
    .slice(-threshold.evaluationPeriods)
    .filter((point) => breaches(point) === (value === 'ALARM'))
  const latest: RealPoint | undefined = counted.at(-1)
  const count = counted.length
  const shown = latest && `[${double(latest.value)} (${minute(latest.at)})]`
  return [
    `Threshold Crossed: ${count} ${count === 1 ? 'datapoint was' : 'datapoints were'}`,
    `${value === 'ALARM' ? '' : 'not '}${compared(threshold)}`,
    `the threshold (${double(threshold.value ?? 0)}).`,
    ...(shown === undefined
      ? []
      : [`The most recent datapoint which crossed the threshold: ${shown}.`]),
  ].join(' ')
}

/** How many of the time series are red, as the state of the alarm itself says it. */
export function summaryOf(contributors: readonly Contributor[]): {
  value: Contributor['value']
  reason: string
} {
  const red = contributors.filter(({ value }) => value === 'ALARM').length
  const value = red > 0 ? 'ALARM' : 'OK'
  const count = red > 0 ? red : contributors.length
  return {
    value,
    reason: `${count} out of ${contributors.length} time series evaluated to ${value}`,
  }
}

/** `CloudWatch Alarm Contributor State Change`: without the state before. */
export function contributorChange(
  alarm: MetricAlarm,
  { id, attributes, value, reason, at }: Contributor,
  mute: Mute | undefined,
): AwsEvent {
  return {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm Contributor State Change',
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      alarmContributor: { id, attributes },
      state: { value, reason, timestamp: timestamp(at) },
      configuration: shortConfiguration(alarm),
      ...muteDetail(mute),
      ...eventTags(alarm),
    },
    delivery: 'durable',
  }
}
