import type {
  RebootDBInstanceMessage,
  StartDBInstanceMessage,
  StopDBInstanceMessage,
} from '@aws-sdk/client-rds'
import { onlyMembers } from '../members.ts'
import { duration, LONGEST_STOP_MILLISECONDS, type Transition } from './durations.ts'
import { emitInstanceEvent, type Happening } from './events.ts'
import { type Databases, type Instance, requireState } from './model.ts'
import { instanceShape } from './shape.ts'

/** Stopping, starting and rebooting a database. */
export function lifeOperations(databases: Databases) {
  return {
    StartDBInstance: ({ DBInstanceIdentifier }: StartDBInstanceMessage) => {
      const instance = databases.instance(DBInstanceIdentifier)
      requireState(instance, 'stopped')
      start(databases, instance)
      return { DBInstance: instanceShape(instance) }
    },
    // A read replica cannot be stopped, but there are none here.
    StopDBInstance: (input: StopDBInstanceMessage) => {
      onlyMembers('rds:StopDBInstance', input, ['DBInstanceIdentifier'])
      const instance = databases.instance(input.DBInstanceIdentifier)
      requireState(instance, 'available')
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

/** Brings an instance into a transitional state; `done` runs at its end. */
export function beginTransition(
  { aws: { world } }: Databases,
  instance: Instance,
  transition: Transition,
  done: () => void,
): void {
  instance.next?.cancel()
  instance.shape.DBInstanceStatus = transition
  const what = `RDS: ${instance.id} is ${transition}`
  instance.next = world.after(duration(world, transition), what, done)
}

/** It takes connections. */
export function available({ aws }: Databases, instance: Instance, happening?: Happening): void {
  instance.shape.DBInstanceStatus = 'available'
  instance.shape.Endpoint = instance.endpoint
  if (happening !== undefined) emitInstanceEvent(aws, instance, happening)
}

function start(databases: Databases, instance: Instance): void {
  delete instance.shape.AutomaticRestartTime
  beginTransition(databases, instance, 'starting', () => available(databases, instance, 'started'))
}

/** Until a caller starts it, or AWS does. The event of AWS's start comes while it is starting. */
function stopped(databases: Databases, instance: Instance): void {
  const { aws } = databases
  const restart = aws.world.now + LONGEST_STOP_MILLISECONDS
  instance.shape.DBInstanceStatus = 'stopped'
  instance.shape.AutomaticRestartTime = new Date(restart)
  instance.next = aws.world.at(restart, `RDS: AWS starts ${instance.id}`, () => {
    start(databases, instance)
    emitInstanceEvent(aws, instance, 'started by AWS')
  })
  emitInstanceEvent(aws, instance, 'stopped')
}
