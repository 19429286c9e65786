import { CfnWorkspace } from 'aws-cdk-lib/aws-aps'
import type { Construct } from 'constructs'
import { named } from '../../names.ts'

/** Where metrics go, and what a role must name to send them. */
export type Prometheus = { endpoint: string; arn: string }

/** `parts.prometheus`: Amazon Managed Service for Prometheus, $0.90 for ten million samples. */
export function prometheusWorkspace(scope: Construct): Prometheus {
  const workspace = new CfnWorkspace(scope, 'prometheus', { alias: named(scope, 'metrics') })
  return { endpoint: workspace.attrPrometheusEndpoint, arn: workspace.attrArn }
}
