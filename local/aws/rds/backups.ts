import { duration, MISSED_BACKUP_FOLLOWS } from './durations.ts'
import { emitInstanceEvent } from './events.ts'
import type { Databases, Instance } from './model.ts'
import { nextOpening, readWindow } from './window.ts'

/** Within the first half of the window a backup begins. */
const LATEST_MILLISECONDS = 15 * 60_000

/**
 * Automated backups: daily in the backup window, of an instance that is available then; of any other
 * there is none.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
 */
export function planBackups(databases: Databases, instance: Instance): void {
  const { world } = databases.aws
  instance.backup?.cancel()
  delete instance.backup
  const { BackupRetentionPeriod: days = 0, PreferredBackupWindow: window = '' } = instance.shape
  if (days === 0) return
  const opens = nextOpening(readWindow(window, 'backup'), world.now)
  const late = Math.floor(world.random.between(`rds/backup/${instance.id}`, 0, LATEST_MILLISECONDS))
  instance.backup = world.at(opens + late, `RDS: backup of ${instance.id}`, () => {
    planBackups(databases, instance)
    if (instance.shape.DBInstanceStatus === 'available') backUp(databases, instance)
    else instance.missedBackup = true
  })
}

/** An instance that has become available may get the backup it missed, if it stays so. */
export function catchUpBackup(databases: Databases, instance: Instance): void {
  const { world } = databases.aws
  if (!instance.missedBackup) return
  delete instance.missedBackup
  if (!world.random.chance('rds/missed backup follows', MISSED_BACKUP_FOLLOWS)) return
  world.after(duration(world, 'missed backup'), `RDS: missed backup of ${instance.id}`, () => {
    if (instance.shape.DBInstanceStatus === 'available') backUp(databases, instance)
  })
}

function backUp(databases: Databases, instance: Instance): void {
  const { aws } = databases
  instance.next?.cancel()
  instance.shape.DBInstanceStatus = 'backing-up'
  emitInstanceEvent(aws, instance, 'backing up')
  const takes = duration(aws.world, 'backing-up')
  instance.next = aws.world.after(takes, `RDS: backup of ${instance.id} is done`, () => {
    instance.shape.DBInstanceStatus = 'available'
    instance.shape.LatestRestorableTime = aws.world.date
    emitInstanceEvent(aws, instance, 'backed up')
  })
}
