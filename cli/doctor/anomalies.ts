import { CostExplorerClient, paginateGetAnomalyMonitors } from '@aws-sdk/client-cost-explorer'
import type { Configuration } from '../deploy/account.ts'
import { type Finding, fail, ok } from './finding.ts'

/** A monitor of Cost Anomaly Detection; `dimension` of those that AWS manages. */
export type Monitor = { arn: string; name: string; dimension?: string | undefined }

/** The account's monitors: a request of Cost Explorer costs a cent. */
export async function monitorsIn(configuration: Configuration): Promise<Monitor[]> {
  // Cost Explorer has one endpoint.
  const client = new CostExplorerClient({ ...configuration, region: 'us-east-1' })
  const monitors: Monitor[] = []
  for await (const { AnomalyMonitors = [] } of paginateGetAnomalyMonitors({ client }, {})) {
    for (const { MonitorArn: arn = '', MonitorName: name = '', ...one } of AnomalyMonitors) {
      monitors.push({ arn, name, dimension: one.MonitorDimension })
    }
  }
  return monitors
}

/** What the catalog's own monitors are by, as AWS calls it. */
const DIMENSIONS: Readonly<Record<string, string>> = { owner: 'TAG', service: 'SERVICE' }

/**
 * Whether the monitor that the catalog asks for can be made, or is there. An account has one of each
 * dimension, and CloudFormation says of a second one only that it exists.
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2515
 */
export function judgeAnomalies(
  { monitor }: { monitor: string },
  environment: string,
  monitors: readonly Monitor[],
): Finding {
  const dimension = DIMENSIONS[monitor]
  if (dimension === undefined) {
    const there = monitors.find(({ arn }) => arn === monitor)
    if (there !== undefined) return ok(`Anomalies are found by the monitor ${there.name}`)
    const others = monitors.map(({ arn }) => arn).join(', ') || 'none'
    return fail(`There is no monitor ${monitor}`, `The account has: ${others}.`)
  }
  const taken = monitors.find((one) => one.dimension === dimension)
  if (taken === undefined || taken.name.startsWith(`${environment}-anomalies-by-`)) {
    return ok(`Anomalies are found by ${monitor}`)
  }
  return fail(
    `The account has a monitor by ${monitor} already, ${taken.name}, and AWS allows one`,
    `Write anomalies: { monitor: "${taken.arn}" } in catalog/environment.yaml.`,
  )
}
