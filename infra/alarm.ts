import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { named } from './names.ts'

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
  return new Alarm(scope, runbook, {
    alarmName: named(scope, runbook),
    alarmDescription: `${meaning} What to do: docs/runbooks/${runbook}.md`,
    metric: metric.with({ statistic, period: Duration.minutes(5) }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    // These metrics have no data while nothing happens.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  })
}
