import type {
  BatchGetItemCommandInput,
  BatchWriteItemCommandInput,
  DeleteItemCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  TransactGetItemsCommandInput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { clone } from '../clone.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { ConditionFailed, prepare, type Write } from './conditions.ts'
import { Placeholders } from './expression.ts'
import { project, projection } from './read.ts'
import type { Table } from './table.ts'
import { acceptItem, type Change, canonical, type Item, validation } from './value.ts'

type Find = (name: string | undefined) => Table
type Expressions = {
  ExpressionAttributeNames?: Record<string, string> | undefined
  ExpressionAttributeValues?: Item | undefined
}

const LEGACY = [
  'Expected',
  'AttributeUpdates',
  'ConditionalOperator',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
  'AttributesToGet',
]

/** Parameters of before expressions are refused: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html */
export function refuseLegacy(input: object): void {
  const legacy = LEGACY.find((name) => name in input)
  if (legacy !== undefined) throw new NotImplemented(`the legacy DynamoDB parameter ${legacy}`)
}

const placeholdersOf = (input: Expressions) =>
  new Placeholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues)

export function getItem(find: Find, input: GetItemCommandInput): { Item?: Item } {
  const placeholders = placeholdersOf(input)
  const paths = projection(input.ProjectionExpression, placeholders)
  placeholders.finish()
  const item = find(input.TableName).get(acceptItem(input.Key ?? {}))
  return item === undefined ? {} : { Item: project(item, paths) }
}

export function putItem(find: Find, input: PutItemCommandInput): object {
  const write: Write = {
    kind: 'put',
    item: input.Item,
    condition: input.ConditionExpression,
    placeholders: placeholdersOf(input),
  }
  return writeOne(find(input.TableName), write, input)
}

export function deleteItem(find: Find, input: DeleteItemCommandInput): object {
  const write: Write = {
    kind: 'delete',
    key: input.Key,
    condition: input.ConditionExpression,
    placeholders: placeholdersOf(input),
  }
  return writeOne(find(input.TableName), write, input)
}

export function updateItem(find: Find, input: UpdateItemCommandInput): object {
  const write: Write = {
    kind: 'update',
    key: input.Key,
    update: input.UpdateExpression,
    condition: input.ConditionExpression,
    placeholders: placeholdersOf(input),
  }
  return writeOne(find(input.TableName), write, input)
}

type Returns = {
  ReturnValues?: string | undefined
  ReturnValuesOnConditionCheckFailure?: string | undefined
}

function writeOne(
  table: Table,
  write: Write,
  { ReturnValues = 'NONE', ReturnValuesOnConditionCheckFailure }: Returns,
): object {
  if (write.kind !== 'update' && !['NONE', 'ALL_OLD'].includes(ReturnValues)) {
    throw validation('Return values set to invalid value')
  }
  try {
    const change = prepare(table, write)
    table.apply(change)
    return returned(change, ReturnValues)
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
    const shown = ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && error.before !== undefined
    throw new AwsError(error.name, error.message, shown ? { members: { Item: error.before } } : {})
  }
}

function returned({ before, after }: Change, wanted: string): object {
  if (wanted === 'ALL_OLD') return before === undefined ? {} : { Attributes: before }
  if (wanted === 'ALL_NEW') return { Attributes: clone(after) }
  if (wanted === 'NONE') return {}
  const [shown, other] = wanted === 'UPDATED_NEW' ? [after, before] : [before, after]
  const differs = ([name, value]: [string, Item[string]]) =>
    other?.[name] === undefined || canonical(other[name]) !== canonical(value)
  const attributes = Object.fromEntries(Object.entries(shown ?? {}).filter(differs))
  return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }
}

export function batchGet(find: Find, { RequestItems = {} }: BatchGetItemCommandInput): object {
  const wanted = Object.values(RequestItems).reduce((sum, { Keys = [] }) => sum + Keys.length, 0)
  if (wanted > 100) throw validation('Too many items requested for the BatchGetItem call')
  const responses = Object.entries(RequestItems).map(([name, request]) => {
    const keys = (request.Keys ?? []).map((key) => canonical({ M: key }))
    if (new Set(keys).size !== keys.length)
      throw validation('Provided list of item keys contains duplicates')
    const items = (request.Keys ?? [])
      .map((Key) => getItem(find, { ...request, TableName: name, Key }).Item)
      .filter((item) => item !== undefined)
    return [name, items]
  })
  return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} }
}

export function batchWrite(find: Find, { RequestItems = {} }: BatchWriteItemCommandInput): object {
  const requests = Object.entries(RequestItems).flatMap(([TableName, writes]) =>
    writes.map((write) => ({ TableName, ...write })),
  )
  if (requests.length > 25) throw validation('Too many items requested for the BatchWriteItem call')
  for (const { TableName, PutRequest, DeleteRequest } of requests) {
    if (PutRequest !== undefined) putItem(find, { TableName, Item: PutRequest.Item })
    else deleteItem(find, { TableName, Key: DeleteRequest?.Key })
  }
  return { UnprocessedItems: {} }
}

export function transactGet(
  find: Find,
  { TransactItems = [] }: TransactGetItemsCommandInput,
): object {
  return { Responses: TransactItems.map(({ Get }) => getItem(find, Get as GetItemCommandInput)) }
}

/**
 * All writes or none. Nothing else happens in between, so conflicts cannot occur.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function transactWrite(
  find: Find,
  { TransactItems = [] }: TransactWriteItemsCommandInput,
): object {
  if (TransactItems.length === 0 || TransactItems.length > 100) {
    throw validation('Member must have length less than or equal to 100')
  }
  const members = TransactItems.map((member) => memberOf(find, member))
  const places = members.map(
    ({ table, write }) =>
      `${table.name}\0${canonical({ M: write.key ?? table.keyOf(write.item ?? {}) })}`,
  )
  if (new Set(places).size !== places.length) {
    throw validation('Transaction request cannot include multiple operations on one item')
  }
  const outcomes = members.map(({ table, write, shown }) => attempt(table, write, shown))
  if (outcomes.some(({ reason }) => reason !== undefined)) {
    const reasons = outcomes.map(({ reason }) => reason ?? { Code: 'None' })
    throw new AwsError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
      { members: { CancellationReasons: reasons } },
    )
  }
  for (const [at, { table, write }] of members.entries()) {
    const change = outcomes[at]?.change
    if (change !== undefined && write.kind !== 'check') table.apply(change)
  }
  return {}
}

function memberOf(find: Find, { Put, Update, Delete, ConditionCheck }: TransactWriteItem) {
  const one = Put ?? Update ?? Delete ?? ConditionCheck
  if (one === undefined)
    throw validation('TransactItems can only contain one of Check, Put, Update or Delete')
  const kind = Put ? 'put' : Update ? 'update' : Delete ? 'delete' : 'check'
  const write: Write = {
    kind,
    key: 'Key' in one ? one.Key : undefined,
    item: 'Item' in one ? one.Item : undefined,
    update: Update?.UpdateExpression,
    condition: one.ConditionExpression,
    placeholders: placeholdersOf(one),
  }
  return {
    table: find(one.TableName),
    write,
    shown: one.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  }
}

type Reason = { Code: string; Message?: string; Item?: Item }

function attempt(table: Table, write: Write, shown: boolean): { change?: Change; reason?: Reason } {
  try {
    return { change: prepare(table, write) }
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
    const item = shown && error.before !== undefined ? { Item: error.before } : {}
    return { reason: { Code: 'ConditionalCheckFailed', Message: error.message, ...item } }
  }
}
