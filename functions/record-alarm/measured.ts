import { cut } from '../../domain/text.ts'
import type { AlarmChanged } from '../../events/alarm-changed.ts'
import type { Noticed } from '../shared/alarms/noticed.ts'

type Configuration = NonNullable<AlarmChanged['detail']['configuration']>

/** What an alarm measures, and how: its kind is what its configuration has. */
export function measured(
  { metrics, alarmRule }: Configuration,
  most: number,
): Pick<Noticed['detail'], 'type' | 'metric' | 'expression'> {
  if (alarmRule) return { type: 'composite', expression: cut(alarmRule, most) }
  if (metrics == null || metrics.length === 0) return { type: 'log' }
  const expressions = metrics.flatMap(({ expression }) => expression ?? [])
  const isBand = expressions.some((one) => one.includes('ANOMALY_DETECTION_BAND'))
  const watched = metrics.find(({ returnData, metricStat }) => returnData !== false && metricStat)
  const { metricStat } = watched ?? metrics.find((one) => one.metricStat != null) ?? {}
  const expression = metrics.find((one) => one.expression && one.returnData !== false)?.expression
  return {
    type: isBand ? 'anomaly' : expressions.length > 0 ? 'math' : 'metric',
    ...(expression && { expression: cut(expression, most) }),
    ...(metricStat && {
      metric: {
        namespace: metricStat.metric.namespace,
        name: metricStat.metric.name,
        dimensions: metricStat.metric.dimensions ?? {},
        statistic: metricStat.stat,
        period: metricStat.period,
      },
    }),
  }
}
