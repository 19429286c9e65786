import type {
  RebootDBInstanceMessage,
  StartDBInstanceMessage,
  StopDBInstanceMessage,
} from '@aws-sdk/client-rds'
import { onlyMembers } from '../members.ts'
import { catchUpBackup } from './backups.ts'
import { refuseMember } from './cluster/members.ts'
import { planPauses } from './cluster/serverless.ts'
import { duration, LONGEST_STOP_MILLISECONDS, type Slow } from './durations.ts'
import { emitInstanceEvent, type Happening } from './events.ts'
import { type Databases, type Instance, requireState, wrongState } from './model.ts'
import { instanceShape } from './shape.ts'
import type { Status } from './status.ts'

/** Stopping, starting and rebooting a database. */
export function lifeOperations(databases: Databases) {
  return {
    StartDBInstance: ({ DBInstanceIdentifier }: StartDBInstanceMessage) => {
      const instance = databases.instance(DBInstanceIdentifier)
      refuseMember(instance)
      requireState(instance, 'stopped', 'inaccessible-encryption-credentials-recoverable')
      start(databases, instance)
      return { DBInstance: instanceShape(instance) }
    },
    StopDBInstance: (input: StopDBInstanceMessage) => {
      onlyMembers('rds:StopDBInstance', input, ['DBInstanceIdentifier'])
      const instance = databases.instance(input.DBInstanceIdentifier)
      refuseMember(instance)
      requireState(instance, 'available')
      refuseToStop(instance)
      beginTransition(databases, instance, 'stopping', () => stopped(databases, instance))
      return { DBInstance: instanceShape(instance) }
    },
    RebootDBInstance: (input: RebootDBInstanceMessage) => {
      onlyMembers('rds:RebootDBInstance', input, ['DBInstanceIdentifier'])
      const instance = databases.instance(input.DBInstanceIdentifier)
      requireState(instance, 'available')
      beginTransition(databases, instance, 'rebooting', () =>
        available(databases, instance, 'restarted'),
      )
      return { DBInstance: instanceShape(instance) }
    },
  }
}

/**
 * What can never be stopped. That AWS refuses it is documented, with which words it does is not; the
 * first are from https://github.com/base2Services/cfn-start-stop-stack/pull/65.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 */
function refuseToStop({ id, shape }: Instance): void {
  if (shape.ReadReplicaSourceDBInstanceIdentifier !== undefined) {
    throw wrongState('Cannot stop or start a Read-Replica instance')
  }
  if (shape.ReadReplicaDBInstanceIdentifiers?.length) {
    throw wrongState(`Cannot stop or start the instance ${id}, which has Read-Replica instances`)
  }
  if (shape.MultiAZ && shape.Engine?.startsWith('sqlserver')) {
    throw wrongState(`Cannot stop or start the SQL Server Multi-AZ instance ${id}`)
  }
}

/** Brings an instance into a transitional state; `done` runs at its end. */
export function beginTransition(
  { aws: { world } }: Databases,
  instance: Instance,
  transition: Slow & Status,
  done: () => void,
  takes: Slow = transition,
): void {
  instance.next?.cancel()
  instance.shape.DBInstanceStatus = transition
  const what = `RDS: ${instance.id} is ${transition}`
  instance.next = world.after(duration(world, takes), what, done)
}

/** It takes connections. */
export function available(databases: Databases, instance: Instance, happening?: Happening): void {
  instance.shape.DBInstanceStatus = 'available'
  instance.shape.Endpoint = instance.endpoint
  if (happening !== undefined) emitInstanceEvent(databases.aws, instance, happening)
  if (instance.cluster !== undefined) planPauses(databases, instance.cluster)
  else catchUpBackup(databases, instance)
}

function start(databases: Databases, instance: Instance): void {
  delete instance.shape.AutomaticRestartTime
  beginTransition(databases, instance, 'starting', () => available(databases, instance, 'started'))
}

/** Until a caller starts it, or AWS does. */
function stopped(databases: Databases, instance: Instance): void {
  const { aws } = databases
  const restart = aws.world.now + LONGEST_STOP_MILLISECONDS
  instance.shape.DBInstanceStatus = 'stopped'
  instance.shape.AutomaticRestartTime = new Date(restart)
  instance.next = aws.world.at(restart, `RDS: AWS starts ${instance.id}`, () =>
    startByAws(databases, instance),
  )
  emitInstanceEvent(aws, instance, 'stopped')
}

/**
 * The event comes first, while the instance still reads `stopped`; once started, the instance gets
 * the maintenance for which AWS started it, and only then it is there.
 *
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 * - https://github.com/sqlxpert/step-stay-stopped-aws-rds-aurora
 */
function startByAws(databases: Databases, instance: Instance): void {
  const { aws } = databases
  emitInstanceEvent(aws, instance, 'started by AWS')
  const said = duration(aws.world, 'announced start')
  instance.next = aws.world.after(said, `RDS: AWS starts ${instance.id}`, () => {
    delete instance.shape.AutomaticRestartTime
    beginTransition(databases, instance, 'starting', () =>
      beginTransition(databases, instance, 'maintenance', () =>
        available(databases, instance, 'started'),
      ),
    )
  })
}
