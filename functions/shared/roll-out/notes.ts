import { stateKey } from '../../../domain/table/keys.ts'
import type { Seen, ServiceState } from '../../../domain/table/service-state.ts'
import { VERSION } from '../../../domain/table/version.ts'
import type { Table } from '../table/table.ts'
import { updateItem } from '../table/update.ts'

/**
 * Notes how the tags are, where nothing is rolled out; a roll-out notes it as it claims its service.
 *
 * @param state for which this was decided.
 * @returns whether it was noted: not when somebody has claimed the service since.
 */
export function noteSeen(
  table: Table,
  { service }: { service: string },
  state: ServiceState | undefined,
  seen: Seen,
): Promise<boolean> {
  return updateItem(table, {
    key: stateKey(service),
    expression: 'SET version = :version, seen = :seen',
    condition:
      'attribute_not_exists(rolling) AND (generation = :planned OR (attribute_not_exists(generation) AND :planned = :zero))',
    values: {
      ':version': VERSION,
      ':seen': seen,
      ':planned': state?.generation ?? 0,
      ':zero': 0,
    },
  })
}

/**
 * Nothing waits any more, where every push that did has its verdict and nothing is rolled out; a
 * roll-out sees to that as it claims its service.
 *
 * @returns whether it was noted: not when another push has begun to wait since.
 */
export function noteNoneWaiting(
  table: Table,
  { service }: { service: string },
  { lastWaiting }: ServiceState,
): Promise<boolean> {
  const last =
    lastWaiting === undefined ? 'attribute_not_exists(lastWaiting)' : 'lastWaiting = :last'
  return updateItem(table, {
    key: stateKey(service),
    expression: 'SET version = :version REMOVE waiting, lastWaiting',
    condition: `attribute_not_exists(rolling) AND ${last}`,
    values: { ':version': VERSION, ...(lastWaiting === undefined ? {} : { ':last': lastWaiting }) },
  })
}
