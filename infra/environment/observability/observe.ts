import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Service } from '../../../catalog/schema.ts'
import type { Running } from '../services/service.ts'
import type { SharedResources } from '../shared-resources.ts'
import { jobAlarms, serviceAlarms } from './service-alarms.ts'
import { serviceDashboard } from './service-dashboard.ts'
import { serviceMetrics } from './service-metrics.ts'

export type ObserveProps = {
  service: Service
  shared: SharedResources
  /** Undefined for a job. */
  running: Running | undefined
  logGroup: ILogGroup
}

/** What is measured of a service, what raises an alarm, and where it is looked at. */
export function observe(
  scope: Construct,
  { service, shared, running, logGroup }: ObserveProps,
): void {
  const { containerInsights, dashboards } = shared.environment.parts
  const metrics = running && serviceMetrics(scope, service, { ...running, containerInsights })
  const alarms =
    metrics === undefined ? jobAlarms(scope, service) : serviceAlarms(scope, service, metrics)
  if (dashboards) serviceDashboard(scope, { service, alarms, metrics, logGroup })
}
