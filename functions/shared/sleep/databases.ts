import {
  type DBCluster,
  type DBInstance,
  DescribeDBInstancesCommand,
  type RDSClient,
} from '@aws-sdk/client-rds'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { isOfEnvironment, TAGS, tagsIn } from '../../../domain/tags.ts'
import { commonOf } from './tags.ts'

/**
 * In which phase a status is; one that is not listed is up, and waited for: it can be neither
 * stopped nor started.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 */
const PHASES: Readonly<Record<string, Seen['phase']>> = {
  available: 'up',
  creating: 'rising',
  starting: 'rising',
  // AWS works on it and takes no connections; it becomes available by itself.
  maintenance: 'rising',
  rebooting: 'rising',
  upgrading: 'rising',
  stopping: 'falling',
  stopped: 'down',
}

/** Those in which a call is taken, or would change nothing. */
const SETTLED = ['available', 'stopped', 'starting', 'stopping']

/** What a status of RDS's means for whoever needs the database. */
export const phaseOf = (status: string): Pick<Seen, 'phase' | 'waits'> => ({
  phase: PHASES[status] ?? 'up',
  waits: SETTLED.includes(status) ? undefined : status,
})

/**
 * The RDS instances that carry a schedule; a page of the API has a hundred.
 *
 * @param named this one alone, also without a schedule.
 * @throws DBInstanceNotFoundFault where there is none of this name.
 */
export async function seeDatabases(
  rds: RDSClient,
  environment: string,
  named?: string,
): Promise<Seen[]> {
  const seen: Seen[] = []
  let Marker: string | undefined
  do {
    const page = await rds.send(
      new DescribeDBInstancesCommand({ Marker, DBInstanceIdentifier: named }),
    )
    for (const instance of page.DBInstances ?? []) {
      const tags = tagsIn(instance.TagList)
      if (named === undefined && !(TAGS.schedule in tags)) continue
      if (!isOfEnvironment(tags, environment)) continue
      seen.push(databaseOf(instance, tags))
    }
    Marker = page.Marker
  } while (Marker !== undefined)
  return seen
}

/** An RDS instance as it is now, whatever it carries. */
export function databaseOf(instance: DBInstance, tags: Record<string, string>): Seen {
  const { DBInstanceIdentifier: name = '', DBInstanceStatus = '' } = instance
  return {
    id: `database/${name}`,
    kind: 'database',
    name,
    ...commonOf(tags),
    ...phaseOf(DBInstanceStatus),
    refuses: refusalOf(instance),
    runs: runsOf(instance),
    windows: windowsOf(instance),
  }
}

/** When AWS backs it up, unless it keeps no backups, and maintains it. */
export function windowsOf(
  one: Pick<
    DBInstance & DBCluster,
    'BackupRetentionPeriod' | 'PreferredBackupWindow' | 'PreferredMaintenanceWindow'
  >,
): Seen['windows'] {
  const isBackedUp = (one.BackupRetentionPeriod ?? 0) > 0
  return {
    backup: isBackedUp ? one.PreferredBackupWindow : undefined,
    maintenance: one.PreferredMaintenanceWindow,
  }
}

/** A standby in another zone is paid as the database itself. */
function runsOf({ DBInstanceClass, Engine = '', MultiAZ, AllocatedStorage = 0 }: DBInstance) {
  if (DBInstanceClass === undefined) return undefined
  const zones = MultiAZ === true ? 2 : 1
  const classes = Array.from({ length: zones }, () => DBInstanceClass)
  return { of: 'database', classes, engine: Engine, gigabytes: zones * AllocatedStorage } as const
}

/**
 * Why AWS does not stop it.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 */
function refusalOf(instance: DBInstance): string | undefined {
  const { DBClusterIdentifier: cluster, Engine = '', MultiAZ } = instance
  const { ReadReplicaSourceDBInstanceIdentifier: source } = instance
  if (cluster !== undefined) {
    return `it belongs to the cluster ${cluster}, which is stopped and started as a whole: tag that`
  }
  if (source !== undefined) return `it is a read replica of ${source}, which AWS does not stop`
  if ((instance.ReadReplicaDBInstanceIdentifiers ?? []).length > 0) {
    return 'it has a read replica, and AWS does not stop it before that is gone'
  }
  const isMirrored = Engine.startsWith('sqlserver') && MultiAZ === true
  return isMirrored ? 'AWS does not stop SQL Server in several zones' : undefined
}
