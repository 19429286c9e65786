import { Duration } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { Environment } from '../../../catalog/schema.ts'
import { runbookAlarm } from '../../alarm.ts'

export type Thresholds = Environment['alarms']

const GIBIBYTE = 2 ** 30

/**
 * Alarms `<environment>-<name>-cpu`, `-storage` and `-connections` of a database server.
 *
 * @param name the server's without its environment.
 */
export function databaseAlarms(
  scope: Construct,
  { name, identifier, thresholds }: { name: string; identifier: string; thresholds: Thresholds },
): void {
  const { databaseCpu, databaseStorage, databaseConnections } = thresholds
  const group = new Construct(scope, 'alarms')
  const metric = of('AWS/RDS', { DBInstanceIdentifier: identifier })
  runbookAlarm(group, 'database-cpu', {
    name: `${name}-cpu`,
    metric: metric('CPUUtilization', Stats.AVERAGE),
    meaning: `The database server ${name} uses ${databaseCpu} percent of its CPU or more.`,
    missing: 'unknown',
    threshold: databaseCpu,
    periods: 3,
  })
  runbookAlarm(group, 'database-storage', {
    name: `${name}-storage`,
    metric: metric('FreeStorageSpace', Stats.MINIMUM),
    meaning: `The database server ${name} has ${databaseStorage} GiB left or less.`,
    missing: 'unknown',
    threshold: databaseStorage * GIBIBYTE,
    below: true,
  })
  runbookAlarm(group, 'database-connections', {
    name: `${name}-connections`,
    metric: metric('DatabaseConnections', Stats.MAXIMUM),
    meaning: `The database server ${name} has ${databaseConnections} connections or more.`,
    missing: 'unknown',
    threshold: databaseConnections,
  })
}

/** Alarms `<environment>-cache-cpu` and `-memory` of the cache's only node. */
export function cacheAlarms(
  scope: Construct,
  { replicationGroup, thresholds }: { replicationGroup: string; thresholds: Thresholds },
): void {
  const { cacheCpu, cacheMemory } = thresholds
  const group = new Construct(scope, 'alarms')
  // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
  const metric = of('AWS/ElastiCache', { CacheClusterId: `${replicationGroup}-001` })
  runbookAlarm(group, 'cache-cpu', {
    name: 'cache-cpu',
    metric: metric('EngineCPUUtilization', Stats.AVERAGE),
    meaning: `The cache uses ${cacheCpu} percent of the one CPU it can use, or more.`,
    missing: 'unknown',
    threshold: cacheCpu,
    periods: 3,
  })
  runbookAlarm(group, 'cache-memory', {
    name: 'cache-memory',
    metric: metric('DatabaseMemoryUsagePercentage', Stats.MAXIMUM),
    meaning: `The cache is ${cacheMemory} percent full or more.`,
    missing: 'unknown',
    threshold: cacheMemory,
    periods: 3,
  })
}

const of =
  (namespace: string, dimensionsMap: Record<string, string>) =>
  (metricName: string, statistic: string): Metric =>
    new Metric({ namespace, metricName, dimensionsMap, statistic, period: Duration.minutes(5) })
