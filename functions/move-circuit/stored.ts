import type { SFNClient } from '@aws-sdk/client-sfn'
import { CLOSED, type Move } from '../../domain/health/circuit.ts'
import type { Circuit } from '../../domain/table/circuit.ts'
import { circuitKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import { isRunning } from '../shared/executions.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'
import type { Look } from './contract.ts'

/** A closed circuit is kept this long, so that `why` can say when it was open last. */
const KEPT_SECONDS = 30 * 24 * 60 * 60

/** @throws UnreadableItem for one that cannot be read: nothing is done to that service. */
export async function storedCircuit(table: Table, service: string): Promise<Circuit | undefined> {
  const [item] = await getItems(table, [circuitKey(service)])
  return item === undefined ? undefined : readItem('circuit', item)
}

/** Whether an execution other than this one keeps the circuit, and still runs. */
export async function isKeptByAnother(
  sfn: SFNClient,
  stored: Circuit | undefined,
  { execution }: Look,
): Promise<boolean> {
  if (stored === undefined || stored.state === 'closed') return false
  if (stored.execution === execution) return false
  return isRunning(sfn, stored.execution)
}

/** The circuit after a move. */
export function moved(
  before: Circuit | undefined,
  { state, reason, withdrawn }: Pick<Move, 'state' | 'reason' | 'withdrawn'>,
  { alarms, execution, now }: { alarms: readonly string[]; execution: string; now: Date },
): Circuit {
  const { state: was, since } = before ?? CLOSED
  return {
    version: VERSION,
    state,
    generation: (before?.generation ?? 0) + 1,
    since: was === state && since !== '' ? since : now.toISOString(),
    reason,
    alarms: state === 'closed' ? [] : [...alarms],
    withdrawn: [...withdrawn],
    execution,
    ...(state === 'closed' && { expires: epochSeconds(now) + KEPT_SECONDS }),
  }
}

/** @returns false when somebody has moved it since it was read: then nothing is done. */
export function writeCircuit(
  table: Table,
  service: string,
  before: Circuit | undefined,
  after: Circuit,
): Promise<boolean> {
  return putItem(table, {
    item: { ...circuitKey(service), ...after },
    condition: 'attribute_not_exists(pk) OR generation = :generation',
    values: { ':generation': before?.generation ?? 0 },
  })
}

/** Whether two circuits say the same, so that nothing needs to be written. */
export const isSame = (before: Circuit | undefined, after: Circuit): boolean =>
  before !== undefined &&
  before.notKnown === undefined &&
  before.state === after.state &&
  before.reason === after.reason &&
  before.execution === after.execution &&
  before.alarms.join() === after.alarms.join() &&
  before.withdrawn.join() === after.withdrawn.join()
