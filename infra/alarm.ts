import { Duration, Tags } from 'aws-cdk-lib'
import {
  Alarm,
  type CfnAlarm,
  ComparisonOperator,
  type IMetric,
  type Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { Severity } from '../domain/alarms.ts'
import { TAGS } from '../domain/tags.ts'
import { alarmTopicArn } from './alarm-topic.ts'
import { named, runbookAt } from './names.ts'

/**
 * What it means that there are no data.
 *
 * - `fine`: nothing happened, as when nobody asks (errors) or nothing was counted (events).
 * - `unknown`: nobody knows, as when a task or a server that is measured does not run. An alarm
 *   that was red is then INSUFFICIENT_DATA, which is no recovery.
 * - `same`: it is as it was, as with a queue that AWS does not look at while nobody uses it.
 */
export type MissingData = 'fine' | 'unknown' | 'same'

const TREATED: Record<MissingData, TreatMissingData> = {
  fine: TreatMissingData.NOT_BREACHING,
  unknown: TreatMissingData.MISSING,
  same: TreatMissingData.IGNORE,
}

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
  missing: MissingData
  /** `look` when absent. */
  severity?: Severity
  /** A service's circuit opens when it turns red (`functions/start-circuit`). */
  opensCircuit?: boolean
  /** `mail`: it is about what tells the others, and goes to the e-mail topic too. */
  tellsBy?: 'mail'
}

/**
 * An alarm whose description names its runbook. Its events carry its tags, by which
 * `functions/record-alarm` knows whose it is; no action is needed for that.
 *
 * @param runbook the file in `docs/runbooks/`, of which several alarms may have the same.
 */
export function runbookAlarm(scope: Construct, runbook: string, props: RunbookAlarmProps): Alarm {
  const { name, metric, meaning, threshold, below = false, periods = 1 } = props
  const alarmName = named(scope, name)
  const alarm = new Alarm(scope, runbook, {
    alarmName,
    alarmDescription: `${meaning} What to do: ${runbookAt(scope, runbook, alarmName)}`,
    metric,
    threshold,
    comparisonOperator: below
      ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: TREATED[props.missing],
    // A percentile of a few requests means nothing.
    ...(isPercentile(metric) && { evaluateLowSampleCountPercentile: 'ignore' }),
  })
  Tags.of(alarm).add(TAGS.severity, props.severity ?? 'look')
  if (props.opensCircuit) Tags.of(alarm).add(TAGS.circuit, 'opens')
  const resource = alarm.node.defaultChild as CfnAlarm
  resource.actionConfiguration = {
    alarmTagsPropagation: { enabled: true, includedTagKeys: HANDED },
  }
  if (props.tellsBy === 'mail') {
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: alarmTopicArn(scope) }) })
  }
  return alarm
}

/** The tags that an alarm's events carry. */
const HANDED = [TAGS.service, TAGS.owner, TAGS.environment, TAGS.severity, TAGS.circuit]

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
    statistic = Stats.SUM,
    missing = 'fine',
    ...props
  }: Pick<RunbookAlarmProps, 'meaning' | 'severity' | 'tellsBy'> & {
    metric: Metric
    statistic?: string
    missing?: MissingData
  },
): Alarm {
  return runbookAlarm(scope, runbook, {
    ...props,
    name: runbook,
    metric: metric.with({ statistic, period: Duration.minutes(5) }),
    missing,
    threshold: 1,
  })
}

const isPercentile = (metric: IMetric): boolean =>
  /^p\d/.test(metric.toMetricConfig().metricStat?.statistic ?? '')
