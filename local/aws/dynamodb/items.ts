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
import { allConsumed, consumed, readUsage, type Usage, writeUsage } from './capacity.ts'
import {
  type Asked,
  ConditionFailed,
  detected,
  prepare,
  readWrite,
  type Write,
} from './conditions.ts'
import { Placeholders } from './placeholders.ts'
import { project, projection } from './read.ts'
import type { Table } from './table.ts'
import { acceptItem, type Change, canonical, type Item, itemSize, validation } from './value.ts'

type Find = (name: string | undefined) => Table

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

export function getItem(find: Find, input: GetItemCommandInput): object {
  const table = find(input.TableName)
  const { answer, usage } = read(table, input)
  return { ...answer, ...consumed(input, table, usage) }
}

type Read = Pick<
  GetItemCommandInput,
  'Key' | 'ConsistentRead' | 'ProjectionExpression' | 'ExpressionAttributeNames'
>

function read(table: Table, input: Read, weight = input.ConsistentRead ? 1 : 0.5) {
  const placeholders = new Placeholders(input)
  const paths = projection(input.ProjectionExpression, placeholders)
  placeholders.finish()
  const item = table.get(acceptItem(input.Key ?? {}))
  const answer: { Item?: Item } = item === undefined ? {} : { Item: project(item, paths) }
  return { answer, usage: readUsage(itemSize(item ?? {}), weight) }
}

export const putItem = (find: Find, input: PutItemCommandInput): object =>
  writeOne(find, 'put', input)

export const deleteItem = (find: Find, input: DeleteItemCommandInput): object =>
  writeOne(find, 'delete', input)

export const updateItem = (find: Find, input: UpdateItemCommandInput): object =>
  writeOne(find, 'update', input)

type One = Asked & {
  TableName: string | undefined
  ReturnConsumedCapacity?: string | undefined
  ReturnValues?: string | undefined
  ReturnValuesOnConditionCheckFailure?: string | undefined
}

function writeOne(find: Find, kind: Write['kind'], input: One): object {
  const { ReturnValues = 'NONE', ReturnValuesOnConditionCheckFailure } = input
  if (kind !== 'update' && !['NONE', 'ALL_OLD'].includes(ReturnValues)) {
    throw validation('Return values set to invalid value')
  }
  const write = detected(() => readWrite(kind, input))
  const table = find(input.TableName)
  try {
    const change = prepare(table, write)
    table.apply(change)
    const usage = writeUsage(table, change)
    return { ...returned(change, ReturnValues), ...consumed(input, table, usage) }
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

export function batchGet(find: Find, input: BatchGetItemCommandInput): object {
  const requests = Object.entries(input.RequestItems ?? {})
  const wanted = requests.reduce((sum, [, { Keys = [] }]) => sum + Keys.length, 0)
  if (wanted > 100) throw validation('Too many items requested for the BatchGetItem call')
  const used: Used[] = []
  const responses = requests.map(([name, request]) => {
    const table = find(name)
    const keys = (request.Keys ?? []).map((key) => canonical({ M: key }))
    if (new Set(keys).size !== keys.length)
      throw validation('Provided list of item keys contains duplicates')
    const items = (request.Keys ?? []).flatMap((Key) => {
      const { answer, usage } = read(table, { ...request, Key })
      used.push({ table, usage })
      return answer.Item === undefined ? [] : [answer.Item]
    })
    return [name, items]
  })
  const Responses = Object.fromEntries(responses)
  return { Responses, UnprocessedKeys: {}, ...allConsumed(input, used) }
}

type Used = { table: Table; usage: Usage }

export function batchWrite(find: Find, input: BatchWriteItemCommandInput): object {
  const requests = Object.entries(input.RequestItems ?? {}).flatMap(([name, writes]) =>
    writes.map(({ PutRequest, DeleteRequest }) => ({
      table: find(name),
      write:
        PutRequest === undefined
          ? readWrite('delete', { Key: DeleteRequest?.Key })
          : readWrite('put', { Item: PutRequest.Item }),
    })),
  )
  if (requests.length > 25) throw validation('Too many items requested for the BatchWriteItem call')
  refuseTwice(requests, 'Provided list of item keys contains duplicates')
  const used = requests.map(({ table, write }) => {
    const change = prepare(table, write)
    table.apply(change)
    return { table, usage: writeUsage(table, change) }
  })
  return { UnprocessedItems: {}, ...allConsumed(input, used) }
}

type Request = { table: Table; write: Write }

function refuseTwice(requests: readonly Request[], message: string): void {
  const places = requests.map(
    ({ table, write: { key, item } }) =>
      `${table.name}\0${canonical({ M: item === undefined ? key : table.keyOf(item) })}`,
  )
  if (new Set(places).size !== places.length) throw validation(message)
}

export function transactGet(find: Find, input: TransactGetItemsCommandInput): object {
  const used: Used[] = []
  const Responses = (input.TransactItems ?? []).map(({ Get }) => {
    const table = find(Get?.TableName)
    const { answer, usage } = read(table, Get as Read, 2)
    used.push({ table, usage })
    return answer
  })
  return { Responses, ...allConsumed(input, used) }
}

/**
 * All writes or none. Nothing else happens in between, so conflicts cannot occur.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function transactWrite(find: Find, input: TransactWriteItemsCommandInput): object {
  const members = (input.TransactItems ?? []).map((member) => memberOf(find, member))
  refuseTwice(members, 'Transaction request cannot include multiple operations on one item')
  const outcomes = members.map(({ table, write, shown }) => attempt(table, write, shown))
  if (outcomes.some(({ reason }) => reason !== undefined)) {
    const reasons = outcomes.map(({ reason }) => reason ?? { Code: 'None' })
    throw new AwsError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
      { members: { CancellationReasons: reasons } },
    )
  }
  const used = members.flatMap(({ table, write }, at) => {
    const change = outcomes[at]?.change
    if (change === undefined) return []
    if (write.kind !== 'check') table.apply(change)
    return [{ table, usage: writeUsage(table, change, 2) }]
  })
  return allConsumed(input, used)
}

function memberOf(find: Find, { Put, Update, Delete, ConditionCheck }: TransactWriteItem) {
  const given = [Put, Update, Delete, ConditionCheck].filter((one) => one !== undefined)
  const [one] = given
  if (one === undefined || given.length > 1)
    throw validation('TransactItems can only contain one of Check, Put, Update or Delete')
  const kind = Put ? 'put' : Update ? 'update' : Delete ? 'delete' : 'check'
  return {
    table: find(one.TableName),
    write: readWrite(kind, one as Asked),
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
