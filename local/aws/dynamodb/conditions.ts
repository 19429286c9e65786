import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { meets } from './evaluate.ts'
import { type Placeholders, parseCondition } from './expression.ts'
import type { Table } from './table.ts'
import { applyUpdate, parseUpdate } from './update.ts'
import { acceptItem, type Change, type Item, validation } from './value.ts'

/** A write as the API words it, of PutItem, UpdateItem, DeleteItem or a transaction's member. */
export type Write = {
  kind: 'put' | 'update' | 'delete' | 'check'
  key?: Item | undefined
  item?: Item | undefined
  update?: string | undefined
  condition?: string | undefined
  placeholders: Placeholders
}

/** The condition of a write does not hold. */
export class ConditionFailed extends AwsError {
  readonly before: Item | undefined
  constructor(before: Item | undefined) {
    super('ConditionalCheckFailedException', 'The conditional request failed')
    this.before = before
  }
}

/**
 * What a write would change, checked against the table as it is.
 *
 * @throws ConditionFailed, or a ValidationException for what DynamoDB does not take.
 */
export function prepare(table: Table, write: Write): Change {
  const actions = write.update === undefined ? [] : parseUpdate(write.update, write.placeholders)
  const condition =
    write.condition === undefined
      ? undefined
      : parseCondition('ConditionExpression', write.condition, write.placeholders)
  write.placeholders.finish()
  const item = write.item === undefined ? undefined : acceptItem(write.item)
  if (item !== undefined) table.check(item)
  const key = item === undefined ? acceptItem(write.key ?? {}) : table.keyOf(item)
  const before = table.get(key)
  if (condition !== undefined && !meets(before ?? {}, condition)) throw new ConditionFailed(before)
  if (write.kind === 'put') return { key, before, after: item }
  if (write.kind === 'delete') return { key, before, after: undefined }
  if (write.kind === 'check') return { key, before, after: before }
  for (const { path } of actions) {
    if (!table.keyNames.includes(String(path[0]))) continue
    throw validation(
      `One or more parameter values were invalid: Cannot update attribute ${path[0]}. This attribute is part of the key`,
    )
  }
  const after = acceptItem(applyUpdate(before ?? clone(key), actions))
  table.check(after)
  return { key, before, after }
}
