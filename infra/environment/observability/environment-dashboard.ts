import { Duration, Stack } from 'aws-cdk-lib'
import {
  Color,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import {
  type ApplicationLoadBalancer,
  HttpCodeTarget,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import { environmentOf, named } from '../../names.ts'

const THIRD = 8
const FIVE_MINUTES = Duration.minutes(5)

export type EnvironmentDashboardProps = {
  services: readonly Service[]
  balancer: ApplicationLoadBalancer
}

/**
 * The dashboard `<environment>-environment`: all services in the same graphs, by searches, so that it does not
 * change as services come and go; only its links do.
 */
export function environmentDashboard(scope: Construct, props: EnvironmentDashboardProps): void {
  const { services, balancer } = props
  const ofServices = (metric: string) =>
    ['frontend', 'backend'].map((cluster) =>
      search(
        `{AWS/ECS,ClusterName,ServiceName} ClusterName="${named(scope, cluster)}" MetricName="${metric}"`,
        Stats.AVERAGE,
      ),
    )
  const graph = (title: string, left: IMetric[]) =>
    new GraphWidget({ title, left, width: THIRD, height: 7, leftYAxis: { min: 0 } })
  new Dashboard(scope, 'dashboard', {
    dashboardName: named(scope, 'environment'),
    widgets: [
      [new TextWidget({ markdown: links(scope, services), width: 24, height: 2 })],
      [
        graph('CPU of services, percent', ofServices('CPUUtilization')),
        graph('Memory of services, percent', ofServices('MemoryUtilization')),
        graph('Requests and 5xx', [
          balancer.metrics.requestCount({ period: FIVE_MINUTES }),
          balancer.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, {
            period: FIVE_MINUTES,
            color: Color.RED,
          }),
        ]),
      ],
      [
        graph('CPU of databases, percent', [databases(scope, 'CPUUtilization')]),
        graph('Connections of databases', [databases(scope, 'DatabaseConnections')]),
        graph('Tasks that ended by themselves', [
          search(
            `{AWS/Events,RuleName} ${environmentOf(scope)} stopped MetricName="TriggeredRules"`,
            Stats.SUM,
          ),
        ]),
      ],
    ],
  })
}

const databases = (scope: Construct, metric: string): MathExpression =>
  search(
    `{AWS/RDS,DBInstanceIdentifier} ${environmentOf(scope)} MetricName="${metric}"`,
    Stats.AVERAGE,
  )

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
const search = (terms: string, statistic: string): MathExpression =>
  new MathExpression({
    expression: `SEARCH('${terms}', '${statistic}', ${FIVE_MINUTES.toSeconds()})`,
    label: '',
    period: FIVE_MINUTES,
  })

function links(scope: Construct, services: readonly Service[]): string {
  const { region } = Stack.of(scope)
  const to = ({ name }: Service) =>
    `[${name}](https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${named(scope, name)})`
  return services.map(to).join(' · ')
}
