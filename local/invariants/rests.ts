import type { Rest } from '../../domain/sleep/resource.ts'
import { isOfSleep } from './changes.ts'
import type { Call, Trace } from './trace.ts'

/** A call that starts something or stops it; `id` as what is kept of it is named. */
export type Change = { at: number; id: string; to: Rest; by: 'sleep' | 'somebody'; call: Call }

/** A user, whoever comes through Identity Center, or a session that bears an e-mail address. */
export const isPerson = ({ call: { by, role, name } }: Change): boolean =>
  by === 'person' && (role === undefined || role.includes('/AWSReservedSSO_') || name.includes('@'))

/** Every call that has started or stopped something that can sleep, in their order. */
export function restChanges(trace: Trace): Change[] {
  return trace.calls.flatMap((call) => {
    if (call.outcome !== 'ok') return []
    const by = isOfSleep(trace, call) ? ('sleep' as const) : ('somebody' as const)
    return changed(call).map(({ id, to }) => ({ at: call.at, id, to, by, call }))
  })
}

function changed({ service, operation, input, about }: Call): { id: string; to: Rest }[] {
  const to = operation.startsWith('Start') ? ('awake' as const) : ('asleep' as const)
  switch (`${service}:${operation}`) {
    case 'ecs:UpdateService': {
      if (input.desiredCount === undefined || about === undefined) return []
      const rest = Number(input.desiredCount) > 0 ? ('awake' as const) : ('asleep' as const)
      return [{ id: `service/${about.service}`, to: rest }]
    }
    case 'ec2:StartInstances':
    case 'ec2:StopInstances':
      return ((input.InstanceIds ?? []) as string[]).map((id) => ({ id: `instance/${id}`, to }))
    case 'rds:StartDBInstance':
    case 'rds:StopDBInstance':
      return [{ id: `database/${input.DBInstanceIdentifier}`, to }]
    case 'rds:StartDBCluster':
    case 'rds:StopDBCluster':
      return [{ id: `cluster/${input.DBClusterIdentifier}`, to }]
    default:
      return []
  }
}
