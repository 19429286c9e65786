import type { Aws } from '../aws.ts'

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
const EVENTS = {
  restarted: ['RDS-EVENT-0006', 'availability', 'DB instance restarted.'],
  created: ['RDS-EVENT-0005', 'creation', 'DB instance created.'],
  deleted: ['RDS-EVENT-0003', 'deletion', 'DB instance deleted.'],
  stopped: ['RDS-EVENT-0087', 'notification', 'DB instance stopped.'],
  started: ['RDS-EVENT-0088', 'notification', 'DB instance started.'],
  'started by AWS': [
    'RDS-EVENT-0154',
    'notification',
    'DB instance is being started due to it exceeding the maximum allowed time being stopped.',
  ],
  'backing up': ['RDS-EVENT-0001', 'backup', 'Backing up DB instance.'],
  'backed up': ['RDS-EVENT-0002', 'backup', 'Finished DB instance backup.'],
  'class changed': [
    'RDS-EVENT-0014',
    'configuration change',
    'Finished applying modification to DB instance class.',
  ],
  'storage changed': [
    'RDS-EVENT-0017',
    'configuration change',
    'Finished applying modification to allocated storage.',
  ],
  'monitoring changed': [
    'RDS-EVENT-0078',
    'configuration change',
    'Finished updating Enhanced Monitoring configuration.',
  ],
  'storage full': ['RDS-EVENT-0007', 'low storage', 'The allocated storage has been exhausted.'],
} as const satisfies Record<string, readonly [id: string, category: string, message: string]>

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html */
const CLUSTER_EVENTS = {
  created: ['RDS-EVENT-0170', 'creation', 'DB cluster created.'],
  deleted: ['RDS-EVENT-0171', 'deletion', 'DB cluster deleted.'],
  stopped: ['RDS-EVENT-0150', 'notification', 'DB cluster stopped.'],
  started: ['RDS-EVENT-0151', 'notification', 'DB cluster started.'],
  'stop failed': ['RDS-EVENT-0152', 'notification', 'DB cluster stop failed.'],
  'started by AWS': [
    'RDS-EVENT-0153',
    'notification',
    'DB cluster is being started due to it exceeding the maximum allowed time being stopped.',
  ],
} as const satisfies Record<string, readonly [id: string, category: string, message: string]>

export type ClusterHappening = keyof typeof CLUSTER_EVENTS

export type Happening = keyof typeof EVENTS

type Named = { arn: string; id: string }

/**
 * `RDS DB Instance Event`, best effort.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html
 */
export function emitInstanceEvent(aws: Aws, instance: Named, happening: Happening): void {
  emit(aws, instance, 'Instance', EVENTS[happening])
}

/** `RDS DB Cluster Event`, best effort. */
export function emitClusterEvent(aws: Aws, cluster: Named, happening: ClusterHappening): void {
  emit(aws, cluster, 'Cluster', CLUSTER_EVENTS[happening])
}

function emit(
  aws: Aws,
  { arn, id }: Named,
  kind: 'Instance' | 'Cluster',
  [eventId, category, message]: readonly [string, string, string],
): void {
  aws.emit({
    source: 'aws.rds',
    detailType: `RDS DB ${kind} Event`,
    resources: [arn],
    detail: {
      EventCategories: [category],
      SourceType: kind === 'Cluster' ? 'CLUSTER' : 'DB_INSTANCE',
      SourceArn: arn,
      Date: aws.world.date.toISOString(),
      Message: message,
      SourceIdentifier: id,
      EventID: eventId,
    },
    delivery: 'best-effort',
  })
}
