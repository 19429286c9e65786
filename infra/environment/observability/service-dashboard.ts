import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { named } from '../../names.ts'
import type { ServiceMetrics } from './service-metrics.ts'

export type ServiceDashboardProps = {
  service: Service
  alarms: Alarm[]
  /** Undefined for a job, of which nothing runs between its runs. */
  metrics: ServiceMetrics | undefined
  logGroup: ILogGroup
}

/** A dashboard has 24 columns. */
const WHOLE = 24
const THIRD = 8

/** The dashboard `<environment>-<service>`: its alarms, its load, its errors. */
export function serviceDashboard(scope: Construct, props: ServiceDashboardProps): void {
  const { service, alarms, metrics, logGroup } = props
  new Dashboard(scope, 'dashboard', {
    dashboardName: named(scope, service.name),
    widgets: [
      [new AlarmStatusWidget({ title: service.name, alarms, width: WHOLE, height: 3 })],
      metrics === undefined ? [] : graphs(metrics),
      [
        new LogQueryWidget({
          title: 'Errors in its log',
          logGroupNames: [logGroup.logGroupName],
          queryLines: [
            'fields @timestamp, @message',
            'filter @message like /(?i)(error|exception|panic|fatal)/',
            'sort @timestamp desc',
            'limit 50',
          ],
          width: WHOLE,
          height: 6,
        }),
      ],
    ],
  })
}

function graphs({
  cpu,
  memory,
  restarts,
  missing,
  unhealthy,
  requests,
}: ServiceMetrics): IWidget[] {
  const graph = (title: string, metrics: (IMetric | undefined)[]) =>
    new GraphWidget({
      title,
      left: metrics.flatMap((metric) => metric ?? []),
      width: THIRD,
      leftYAxis: { min: 0 },
    })
  return [
    graph('CPU and memory, percent', [cpu, memory]),
    graph('Tasks that are missing, unhealthy or ended', [missing, unhealthy, restarts]),
    ...(requests === undefined
      ? []
      : [
          graph('Requests and 5xx', [requests.count, requests.errors]),
          graph('Seconds to answer, 95th percentile', [requests.latency]),
        ]),
  ]
}
