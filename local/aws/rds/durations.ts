import type { World } from '../world.ts'

const MINUTE = 60_000

/**
 * How long things take in RDS, in milliseconds, as a range that the seed draws from, for a small
 * instance. AWS promises none of these: "stop up to an hour, start minutes to hours", and "several
 * minutes to several hours" for the optimization of storage.
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.StorageTypes.html
 */
const RANGES = {
  creating: [4 * MINUTE, 7 * MINUTE],
  starting: [4 * MINUTE, 9 * MINUTE],
  stopping: [2 * MINUTE, 6 * MINUTE],
  rebooting: [0.5 * MINUTE, 1.5 * MINUTE],
  modifying: [2 * MINUTE, 5 * MINUTE],
  /** Another class is another machine. */
  'changing class': [10 * MINUTE, 45 * MINUTE],
  upgrading: [10 * MINUTE, 30 * MINUTE],
  'configuring-enhanced-monitoring': [1 * MINUTE, 3 * MINUTE],
  'storage-optimization': [20 * MINUTE, 360 * MINUTE],
  'backing-up': [2 * MINUTE, 25 * MINUTE],
  maintenance: [5 * MINUTE, 20 * MINUTE],
  deleting: [2 * MINUTE, 4 * MINUTE],
  /** From the word that AWS will start an instance until its status says so. */
  'announced start': [0.5 * MINUTE, 2 * MINUTE],
  /** From the end of a start until the backup that was missed. */
  'missed backup': [0.2 * MINUTE, 3 * MINUTE],
} as const satisfies Record<string, readonly [number, number]>

/** What takes its time. */
export type Slow = keyof typeof RANGES

export function duration(world: World, slow: Slow): number {
  const [low, high] = RANGES[slow]
  return Math.round(world.random.between(`rds/${slow}`, low, high))
}

/**
 * AWS starts what has been stopped for so long, so that it does not miss maintenance.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 */
export const LONGEST_STOP_MILLISECONDS = 7 * 24 * 60 * MINUTE

/**
 * How likely a backup whose window was missed follows the next start. AWS says only that there are
 * no backups while an instance is stopped; people see `backing-up` right after the start, not always.
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html
 * - https://github.com/base2Services/cfn-start-stop-stack/issues/25
 */
export const MISSED_BACKUP_FOLLOWS = 0.5
