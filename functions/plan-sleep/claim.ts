import type { SFNClient } from '@aws-sdk/client-sfn'
import { sleepStateKey } from '../../domain/table/keys.ts'
import type { SleepState } from '../../domain/table/sleeper.ts'
import { VERSION } from '../../domain/table/version.ts'
import { isRunning } from '../shared/executions.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'

/**
 * Makes an execution the one that moves things. If another does, that one is told to look again
 * before it ends.
 *
 * @returns whether this one moves things.
 */
export async function claim(
  table: Table,
  sfn: SFNClient,
  { execution: holder }: SleepState,
  execution: string,
): Promise<boolean> {
  if (holder === execution) return true
  if (await isRunning(sfn, holder)) {
    await updateItem(table, {
      key: sleepStateKey,
      expression: 'ADD asked :one',
      values: { ':one': 1 },
    })
    return false
  }
  return updateItem(table, {
    key: sleepStateKey,
    expression: 'SET execution = :own, version = :version',
    condition: 'attribute_not_exists(execution) OR execution = :holder',
    values: { ':own': execution, ':holder': holder, ':version': VERSION },
  })
}

/** @returns false when somebody has asked for another look since the state was read. */
export function release(table: Table, { asked }: SleepState, execution: string): Promise<boolean> {
  return updateItem(table, {
    key: sleepStateKey,
    expression: 'SET execution = :none',
    condition: 'execution = :own AND (attribute_not_exists(asked) OR asked = :asked)',
    values: { ':none': '', ':own': execution, ':asked': asked },
  })
}
