import type { SFNClient } from '@aws-sdk/client-sfn'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { circuitKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { isRunning } from '../shared/executions.ts'
import type { Managed } from '../shared/managed.ts'
import { getItems } from '../shared/table/get.ts'
import type { Table } from '../shared/table/table.ts'

/** A circuit that nobody keeps, and the alarms that it is about. */
export type DueCircuit = { service: Managed; alarms: string[] }

/**
 * The circuits that are not closed and whose execution has ended: it was stopped by hand, ran out
 * of time, or has taken as many looks as one history has room for.
 *
 * @param failed told of each service that cannot be read; it is skipped.
 */
export async function dueCircuits(
  { sfn, table }: { sfn: SFNClient; table: Table },
  { services: asked, features }: CompiledCatalog,
  services: readonly Managed[],
  failed: (service: string, error: unknown) => void,
): Promise<DueCircuit[]> {
  const keepers = services.filter(({ id }) => {
    const name = id.split('/').at(-1) ?? ''
    return Object.hasOwn(asked, name) && asked[name]?.circuit === true
  })
  if (keepers.length === 0 || features.health !== 'act') return []
  const items = await getItems(
    table,
    keepers.map(({ id }) => circuitKey(id)),
  )
  const due: DueCircuit[] = []
  for (const [place, service] of keepers.entries()) {
    const item = items[place]
    if (item === undefined) continue
    try {
      const { state, alarms, execution } = readItem('circuit', item)
      if (state !== 'closed' && !(await isRunning(sfn, execution))) due.push({ service, alarms })
    } catch (error) {
      failed(service.id, error)
    }
  }
  return due
}
