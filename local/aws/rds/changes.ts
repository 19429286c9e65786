import { isDeepStrictEqual } from 'node:util'
import type {
  DBInstance,
  ModifyDBInstanceMessage,
  PendingModifiedValues,
} from '@aws-sdk/client-rds'
import { onlyMembers } from '../members.ts'
import { planBackups } from './backups.ts'
import { duration, type Slow } from './durations.ts'
import { emitInstanceEvent, type Happening } from './events.ts'
import { parameterGroupOf } from './groups.ts'
import { available, beginTransition } from './life.ts'
import { type Databases, type Instance, invalidCombination, wrongState } from './model.ts'
import { instanceShape, shownOf } from './shape.ts'
import type { Status } from './status.ts'
import { checkWindows, nextOpening, readWindow } from './window.ts'

type Changes = Partial<DBInstance>

const STORAGE = ['AllocatedStorage', 'Iops', 'StorageThroughput', 'StorageType']

/**
 * What waits for the maintenance window unless it is to be applied at once.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
 */
const WAITS = [...STORAGE, 'BackupRetentionPeriod', 'DBInstanceClass', 'EngineVersion', 'MultiAZ']

/** What `ModifyDBInstance` can change here. */
export const CHANGEABLE = [
  ...WAITS,
  'AutoMinorVersionUpgrade',
  'CopyTagsToSnapshot',
  'DBParameterGroupName',
  'DeletionProtection',
  'MaxAllocatedStorage',
  'MonitoringInterval',
  'MonitoringRoleArn',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'PromotionTier',
  'PubliclyAccessible',
  'VpcSecurityGroupIds',
]

/** A part of a change, in the order in which they are made. */
type Step = {
  isAbout: (member: string) => boolean
  status: Slow & Status
  takes: Slow
  happening?: Happening
}

const STEPS: readonly Step[] = [
  { isAbout: (member) => member === 'EngineVersion', status: 'upgrading', takes: 'upgrading' },
  {
    isAbout: (member) => member === 'DBInstanceClass',
    status: 'modifying',
    takes: 'changing class',
    happening: 'class changed',
  },
  {
    isAbout: (member) => member.startsWith('Monitoring'),
    status: 'configuring-enhanced-monitoring',
    takes: 'configuring-enhanced-monitoring',
    happening: 'monitoring changed',
  },
  {
    isAbout: (member) => STORAGE.includes(member),
    status: 'modifying',
    takes: 'modifying',
    happening: 'storage changed',
  },
  { isAbout: () => true, status: 'modifying', takes: 'modifying' },
]

/** `ModifyDBInstance`. @throws AwsError as AWS refuses it. */
export function modify(
  databases: Databases,
  input: ModifyDBInstanceMessage,
): { DBInstance: DBInstance } {
  const { DBInstanceIdentifier, ApplyImmediately = false, ...given } = input
  onlyMembers('rds:ModifyDBInstance', given, CHANGEABLE)
  const instance = databases.instance(DBInstanceIdentifier)
  const { shape } = instance
  const asked = differing(shape, shownOf(given))
  refuse(instance, asked)
  checkWindows({
    backup: asked.PreferredBackupWindow ?? shape.PreferredBackupWindow ?? '',
    maintenance: asked.PreferredMaintenanceWindow ?? shape.PreferredMaintenanceWindow ?? '',
  })
  const { DBParameterGroupName } = given
  if (DBParameterGroupName !== undefined) {
    Object.assign(shape, parameterGroupOf(databases, { DBParameterGroupName }))
  }
  const [waiting, atOnce] = [picked(asked, true), picked(asked, false)]
  shape.PendingModifiedValues = {
    ...shape.PendingModifiedValues,
    ...(waiting as PendingModifiedValues),
  }
  // What waited until now goes with what is applied at once.
  const now = ApplyImmediately ? { ...shape.PendingModifiedValues, ...atOnce } : atOnce
  carryOut(databases, instance, now as Changes)
  if (!ApplyImmediately) planMaintenance(databases, instance)
  return { DBInstance: instanceShape(instance) }
}

const differing = (shape: DBInstance, asked: Changes): Changes =>
  Object.fromEntries(
    Object.entries(asked).filter(
      ([member, value]) => !isDeepStrictEqual(shape[member as keyof DBInstance], value),
    ),
  )

const picked = (changes: Changes, waits: boolean): Changes =>
  Object.fromEntries(Object.entries(changes).filter(([member]) => WAITS.includes(member) === waits))

/**
 * A full storage can be enlarged; while storage is optimized, everything else can be changed.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
 */
function refuse({ shape }: Instance, asked: Changes): void {
  const status = shape.DBInstanceStatus
  if (status === 'available') return
  if (status === 'storage-full' && asked.AllocatedStorage !== undefined) return
  if (status !== 'storage-optimization') {
    throw wrongState('Database instance is not in available state.')
  }
  if (!Object.keys(asked).some((member) => STORAGE.includes(member))) return
  throw invalidCombination(
    "You can't currently modify the storage of this DB instance because the previous storage change is being optimized.",
  )
}

/** Makes the changes part by part; each shows when its part is done. */
function carryOut(databases: Databases, instance: Instance, changes: Changes): void {
  const members = Object.keys(changes)
  const step = STEPS.find(({ isAbout }) => members.some(isAbout))
  if (step === undefined) return
  const { isAbout, status, takes, happening } = step
  const pick = (wanted: boolean): Changes =>
    Object.fromEntries(Object.entries(changes).filter(([member]) => isAbout(member) === wanted))
  const [made, rest] = [pick(true), pick(false)]
  const { shape } = instance
  const optimized = optimizedAt(databases, instance, made)
  const done = () => {
    Object.assign(shape, made)
    const pending = Object.entries(shape.PendingModifiedValues ?? {})
    shape.PendingModifiedValues = Object.fromEntries(
      pending.filter(([member]) => !(member in made)),
    )
    if (happening !== undefined) emitInstanceEvent(databases.aws, instance, happening)
    if (instance.cluster === undefined) planBackups(databases, instance)
    settle(databases, instance, optimized)
    carryOut(databases, instance, rest)
  }
  beginTransition(databases, instance, status, done, takes)
}

/** Until when storage is optimized after this part: as before, or from its end on. */
function optimizedAt({ aws: { world } }: Databases, instance: Instance, made: Changes): number {
  const changesStorage = Object.keys(made).some((member) => STORAGE.includes(member))
  if (changesStorage) return world.now + duration(world, 'storage-optimization')
  const { shape, next } = instance
  return shape.DBInstanceStatus === 'storage-optimization' ? (next?.at ?? 0) : 0
}

function settle(databases: Databases, instance: Instance, optimized: number): void {
  const { world } = databases.aws
  if (optimized <= world.now) {
    available(databases, instance)
    return
  }
  instance.shape.DBInstanceStatus = 'storage-optimization'
  instance.next = world.at(optimized, `RDS: storage of ${instance.id} is optimized`, () =>
    available(databases, instance),
  )
}

/** What waits is done in the first maintenance window in which the instance is available. */
export function planMaintenance(databases: Databases, instance: Instance): void {
  const { world } = databases.aws
  const { shape } = instance
  instance.maintenance?.cancel()
  delete instance.maintenance
  if (Object.keys(shape.PendingModifiedValues ?? {}).length === 0) return
  const window = readWindow(shape.PreferredMaintenanceWindow ?? '', 'maintenance')
  const opens = nextOpening(window, world.now)
  instance.maintenance = world.at(opens, `RDS: maintenance window of ${instance.id}`, () => {
    if (shape.DBInstanceStatus !== 'available') return planMaintenance(databases, instance)
    carryOut(databases, instance, shape.PendingModifiedValues as Changes)
  })
}
