import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  type Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { alarmTopicArn } from './alarm-topic.ts'
import { named } from './names.ts'

export type RunbookAlarmProps = {
  /** What it is called after its environment: `orders-errors`. */
  name: string
  /** With its statistic and period. */
  metric: IMetric
  /** One sentence; the runbook is named after it. */
  meaning: string
  /** The alarm is raised at this value or above. */
  threshold: number
  /** Raises the alarm at the threshold or below, instead. */
  below?: boolean
  /** Periods in a row; one when absent. */
  periods?: number
}

/**
 * An alarm whose description names its runbook, and which tells the topic of `alarm-topic.ts`.
 *
 * @param runbook the file in `docs/runbooks/`, of which several alarms may have the same.
 */
export function runbookAlarm(scope: Construct, runbook: string, props: RunbookAlarmProps): Alarm {
  const { name, metric, meaning, threshold, below = false, periods = 1 } = props
  const alarm = new Alarm(scope, runbook, {
    alarmName: named(scope, name),
    alarmDescription: `${meaning} What to do: docs/runbooks/${runbook}.md`,
    metric,
    threshold,
    comparisonOperator: below
      ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    // There is no data while nothing happens, and none of what sleeps: neither is a failure.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    // A percentile of a few requests means nothing.
    ...(isPercentile(metric) && { evaluateLowSampleCountPercentile: 'ignore' }),
  })
  // An alarm that tells nobody is only a colour in a console.
  alarm.addAlarmAction({ bind: () => ({ alarmActionArn: alarmTopicArn(scope) }) })
  return alarm
}

/**
 * An alarm on anything that should not happen at all: one within five minutes raises it.
 *
 * @param runbook the alarm's name without its environment, and the file in `docs/runbooks/` that
 *   says what to do.
 */
export function neverAlarm(
  scope: Construct,
  runbook: string,
  {
    metric,
    meaning,
    statistic = Stats.SUM,
  }: { metric: Metric; meaning: string; statistic?: string },
): Alarm {
  return runbookAlarm(scope, runbook, {
    name: runbook,
    metric: metric.with({ statistic, period: Duration.minutes(5) }),
    meaning,
    threshold: 1,
  })
}

const isPercentile = (metric: IMetric): boolean =>
  /^p\d/.test(metric.toMetricConfig().metricStat?.statistic ?? '')
