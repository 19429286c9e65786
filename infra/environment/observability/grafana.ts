import { Stack } from 'aws-cdk-lib'
import { CfnWorkspace } from 'aws-cdk-lib/aws-grafana'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { acknowledge } from '../../nag.ts'
import { environmentOf, named } from '../../names.ts'
import type { Prometheus } from './prometheus.ts'

/** What Grafana's sources ask of CloudWatch, its logs and X-Ray: reads that know no resources. */
const READS = [
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
  'ec2:DescribeRegions',
  'logs:DescribeLogGroups',
  'logs:GetLogEvents',
  'logs:GetQueryResults',
  'logs:StartQuery',
  'logs:StopQuery',
  'tag:GetResources',
  'xray:BatchGetTraces',
  'xray:GetServiceGraph',
  'xray:GetTraceSummaries',
]

/**
 * `parts.grafana`: Amazon Managed Grafana over CloudWatch, X-Ray and, if it is on, Prometheus.
 * People sign in with IAM Identity Center, which the account must have; who may sign in is set in
 * Grafana's console.
 */
export function grafanaWorkspace(scope: Construct, prometheus: Prometheus | undefined): void {
  const role = new Role(scope, 'grafana-role', {
    roleName: named(scope, 'grafana'),
    assumedBy: new ServicePrincipal('grafana.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  })
  role.addToPolicy(new PolicyStatement({ actions: READS, resources: ['*'] }))
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Metrics, queries and traces know no resources; all of these only read.',
  )
  if (prometheus !== undefined) {
    role.addToPolicy(
      new PolicyStatement({
        actions: ['aps:GetLabels', 'aps:GetMetricMetadata', 'aps:GetSeries', 'aps:QueryMetrics'],
        resources: [prometheus.arn],
      }),
    )
  }
  new CfnWorkspace(scope, 'grafana', {
    name: named(scope, 'grafana'),
    description: `Services of ${environmentOf(scope)}`,
    accountAccessType: 'CURRENT_ACCOUNT',
    authenticationProviders: ['AWS_SSO'],
    permissionType: 'CUSTOMER_MANAGED',
    dataSources: ['CLOUDWATCH', 'XRAY', ...(prometheus ? ['PROMETHEUS'] : [])],
    roleArn: role.roleArn,
  })
}
