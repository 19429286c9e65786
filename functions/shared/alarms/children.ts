import { alarmStateKey, type Key } from '../../../domain/table/keys.ts'
import { readItem } from '../../../domain/table/read.ts'
import { instant } from '../../../domain/time.ts'
import { getItems } from '../table/get.ts'
import type { Table } from '../table/table.ts'
import { updateItem } from '../table/update.ts'

/** A composite alarm that is told: its name, and when its episode began. */
export type Composite = { arn: string; name: string; since: string }

/**
 * Says on the records of alarms that were told by themselves that a composite alarm fires for them
 * now. Their messages are edited, which notifies nobody.
 *
 * @param children names of the alarms that the composite alarm fires for; one of its own account.
 */
export async function markChildren(
  table: Table,
  composite: Composite,
  children: readonly string[],
): Promise<void> {
  const [prefix = ''] = composite.arn.split(':alarm:')
  const items = await getItems(
    table,
    children.map((name) => alarmStateKey(`${prefix}:alarm:${name}`)),
  )
  const told = items
    .flatMap((item) => (item === undefined ? [] : [readItem('alarm-state', item)]))
    .filter(({ held }) => held === undefined)
  for (const { episode } of told) if (episode !== undefined) await mark(table, episode, composite)
}

/**
 * @param instead the name of a composite alarm that it was part of before, and that is over.
 * @returns whether it was not said before.
 */
export const mark = (
  table: Table,
  key: Key,
  { name, since }: Pick<Composite, 'name' | 'since'>,
  instead = '',
): Promise<boolean> =>
  updateItem(table, {
    key,
    expression: 'SET detail.partOf = :part',
    condition:
      'verdict IN (:red, :unknown) AND (attribute_not_exists(detail.partOf) OR detail.partOf.#name = :instead)',
    names: { '#name': 'name' },
    values: {
      ...{ ':red': 'red', ':unknown': 'no-data', ':instead': instead },
      ':part': { name, since: instant(since) },
    },
  })
