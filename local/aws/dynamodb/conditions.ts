import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { meets } from './evaluate.ts'
import { type Condition, parseCondition } from './expression.ts'
import { type Expressions, Placeholders } from './placeholders.ts'
import type { Table } from './table.ts'
import { type Action, applyUpdate, parseUpdate } from './update.ts'
import { acceptItem, type Change, type Item, validation } from './value.ts'

type Kind = 'put' | 'update' | 'delete' | 'check'

/** What PutItem, UpdateItem, DeleteItem and a transaction's members say. */
export type Asked = Expressions & { Key?: Item | undefined; Item?: Item | undefined }

/** A write whose values and expressions DynamoDB takes, whatever the table is. */
export type Write = {
  kind: Kind
  key: Item
  item: Item | undefined
  actions: readonly Action[]
  condition: Condition | undefined
}

/** @throws AwsError ValidationException for what no table takes. */
export function readWrite(kind: Kind, asked: Asked): Write {
  const placeholders = new Placeholders(asked)
  const { UpdateExpression: update, ConditionExpression } = asked
  const actions = update === undefined ? [] : parseUpdate(update, placeholders)
  const condition =
    ConditionExpression === undefined
      ? undefined
      : parseCondition('ConditionExpression', ConditionExpression, placeholders)
  placeholders.finish()
  const item = asked.Item === undefined ? undefined : acceptItem(asked.Item)
  return { kind, key: acceptItem(asked.Key ?? {}), item, actions, condition }
}

/**
 * What PutItem, UpdateItem, DeleteItem and Query say before the words of what no table takes; other
 * operations do not. As recorded: https://github.com/getmoto/moto/tree/master/tests/test_dynamodb
 */
export function detected<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'ValidationException') throw error
    throw validation(`1 validation error detected: ${error.message}`)
  }
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
 * @throws ConditionFailed, or a ValidationException for what this table does not take.
 */
export function prepare(table: Table, write: Write): Change {
  const { item, condition, actions } = write
  if (item !== undefined) table.check(item)
  const key = item === undefined ? write.key : table.keyOf(item)
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
