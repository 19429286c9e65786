import fc from 'fast-check'
import { beforeEach, describe, expect, it, test } from 'vitest'
import type { Aws } from '../../local/aws/aws.ts'
import { DynamoDb } from '../../local/aws/dynamodb/dynamodb.ts'
import { DynamoDbStreams } from '../../local/aws/dynamodb/streams.ts'
import type { Item } from '../../local/aws/dynamodb/value.ts'
import { Account, PERSON } from '../kits/account.ts'

let aws: Aws
let call: (operation: string, input: object) => Promise<Record<string, unknown>>

beforeEach(async () => {
  aws = new Account().aws
  const tables = new DynamoDb(aws)
  aws.register(tables)
  aws.register(new DynamoDbStreams(tables))
  call = (operation, input) =>
    aws.call('dynamodb', operation, { TableName: 'things', ...input }, PERSON)
  await call('CreateTable', {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  })
})

const key = (sk = 'a'): Item => ({ pk: { S: 'p' }, sk: { S: sk } })
const put = (rest: Item, sk = 'a') => call('PutItem', { Item: { ...key(sk), ...rest } })
const get = async (sk = 'a') => (await call('GetItem', { Key: key(sk) })).Item as Item

describe('conditions', () => {
  const item: Item = {
    n: { N: '5' },
    s: { S: 'hello' },
    m: { M: { part: { L: [{ S: 'x' }, { N: '2' }] } } },
    set: { SS: ['a', 'b'] },
    yes: { BOOL: true },
  }
  test.each<[string, Item, boolean]>([
    ['n = :v', { ':v': { N: '5.0' } }, true],
    ['n <> :v', { ':v': { N: '5' } }, false],
    ['n > :v', { ':v': { N: '10' } }, false],
    ['n > :v', { ':v': { S: '1' } }, false],
    ['n BETWEEN :v AND :w', { ':v': { N: '5' }, ':w': { N: '6' } }, true],
    ['s IN (:v, :w)', { ':v': { S: 'no' }, ':w': { S: 'hello' } }, true],
    ['begins_with(s, :v)', { ':v': { S: 'he' } }, true],
    ['contains(s, :v)', { ':v': { S: 'ell' } }, true],
    ['contains(#set, :v)', { ':v': { S: 'b' } }, true],
    ['contains(m.part, :v)', { ':v': { N: '2' } }, true],
    ['m.part[0] = :v', { ':v': { S: 'x' } }, true],
    ['size(m.part) = :v', { ':v': { N: '2' } }, true],
    ['attribute_type(yes, :v)', { ':v': { S: 'BOOL' } }, true],
    ['attribute_exists(absent) OR NOT n = :v', { ':v': { N: '6' } }, true],
    [
      'attribute_not_exists(n) AND n = :v OR s = :w',
      { ':v': { N: '5' }, ':w': { S: 'hello' } },
      true,
    ],
    ['absent <> :v', { ':v': { S: 'x' } }, true],
    ['absent = :v', { ':v': { S: 'x' } }, false],
  ])('%s with %j: %s', async (ConditionExpression, ExpressionAttributeValues, holds) => {
    await put(item)
    const names = ConditionExpression.includes('#set')
      ? { ExpressionAttributeNames: { '#set': 'set' } }
      : {}
    const write = call('PutItem', {
      Item: { ...key(), ...item },
      ConditionExpression,
      ExpressionAttributeValues,
      ...names,
    })
    if (holds) await expect(write).resolves.toEqual({})
    else await expect(write).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
  })

  it('gives the item back when asked', async () => {
    await put({ n: { N: '1' } })
    const again = call('PutItem', {
      Item: key(),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    await expect(again).rejects.toMatchObject({ members: { Item: { n: { N: '1' } } } })
  })
})

describe('updates', () => {
  test.each<[string, Item, Item, Item]>([
    ['SET n = n + :v', { n: { N: '1' } }, { ':v': { N: '2' } }, { n: { N: '3' } }],
    ['SET n = if_not_exists(n, :v)', {}, { ':v': { N: '2' } }, { n: { N: '2' } }],
    [
      'SET l = list_append(l, :v)',
      { l: { L: [{ S: 'a' }] } },
      { ':v': { L: [{ S: 'b' }] } },
      { l: { L: [{ S: 'a' }, { S: 'b' }] } },
    ],
    ['SET m.x = :v', { m: { M: {} } }, { ':v': { S: '1' } }, { m: { M: { x: { S: '1' } } } }],
    ['SET a = b, b = a', { a: { S: '1' }, b: { S: '2' } }, {}, { a: { S: '2' }, b: { S: '1' } }],
    [
      'REMOVE l[0], l[2]',
      { l: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] } },
      {},
      { l: { L: [{ S: 'b' }] } },
    ],
    ['ADD n :v', { n: { N: '0.1' } }, { ':v': { N: '0.2' } }, { n: { N: '0.3' } }],
    ['ADD s :v', { s: { SS: ['a'] } }, { ':v': { SS: ['a', 'b'] } }, { s: { SS: ['a', 'b'] } }],
    ['DELETE s :v', { s: { SS: ['a', 'b'] } }, { ':v': { SS: ['b'] } }, { s: { SS: ['a'] } }],
    ['SET n = :v REMOVE o', { o: { S: 'x' } }, { ':v': { N: '1' } }, { n: { N: '1' } }],
  ])('%s', async (UpdateExpression, before, values, after) => {
    await put(before)
    const given = Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}
    await call('UpdateItem', { Key: key(), UpdateExpression, ...given })
    expect(await get()).toEqual({ ...key(), ...after })
  })

  test.each([
    ['SET a = :v', {}, /attribute value used in expression is not defined; attribute value: :v/],
    ['SET status = :v', { ':v': { S: '' } }, /reserved keyword: status/],
    ['SET pk = :v', { ':v': { S: 'x' } }, /Cannot update attribute pk/],
    ['SET a = :v, a.b = :v', { ':v': { S: 'x' } }, /paths overlap/],
    [
      'SET a.b = :v',
      { ':v': { S: 'x' } },
      /document path provided in the update expression is invalid/,
    ],
    ['SET a = :v', { ':v': { S: 'x' }, ':w': { S: 'y' } }, /unused in expressions: keys: \{:w\}/],
    ['SET a == :v', { ':v': { S: 'x' } }, /Syntax error; token: "="/],
  ])('refuses %s', async (UpdateExpression, values, message) => {
    await put({})
    const given = Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}
    const update = call('UpdateItem', { Key: key(), UpdateExpression, ...given })
    await expect(update).rejects.toThrow(message)
  })
})

describe('reads', () => {
  beforeEach(async () => {
    for (const [n, sk] of ['b#1', 'a#2', 'a#1', 'a#3'].entries())
      await put({ n: { N: String(n) } }, sk)
  })

  it('queries one partition in the order of its sort key, page by page', async () => {
    const query = (rest: object) =>
      call('Query', {
        KeyConditionExpression: 'pk = :p AND begins_with(sk, :a)',
        ExpressionAttributeValues: { ':p': { S: 'p' }, ':a': { S: 'a#' } },
        Limit: 2,
        ...rest,
      })
    const first = await query({})
    expect((first.Items as Item[]).map(({ sk }) => sk?.S)).toEqual(['a#1', 'a#2'])
    const second = await query({ ExclusiveStartKey: first.LastEvaluatedKey })
    expect((second.Items as Item[]).map(({ sk }) => sk?.S)).toEqual(['a#3'])
    expect(second.LastEvaluatedKey).toBeUndefined()
  })

  it('wants the partition key in a query', async () => {
    const query = call('Query', {
      KeyConditionExpression: 'sk = :a',
      ExpressionAttributeValues: { ':a': { S: 'a' } },
    })
    await expect(query).rejects.toThrow('Query condition missed key schema element: pk')
  })

  it('filters and projects', async () => {
    const scan = await call('Scan', {
      FilterExpression: 'n >= :n',
      ExpressionAttributeValues: { ':n': { N: '2' } },
      ProjectionExpression: 'sk',
    })
    expect(scan).toMatchObject({
      Count: 2,
      ScannedCount: 4,
      Items: [{ sk: { S: 'a#1' } }, { sk: { S: 'a#3' } }],
    })
  })
})

describe('transactions', () => {
  it('write all or nothing, and say which member failed', async () => {
    await put({ n: { N: '1' } })
    const writes = (condition: string) => ({
      TransactItems: [
        { Put: { TableName: 'things', Item: key('b') } },
        {
          Update: {
            TableName: 'things',
            Key: key(),
            UpdateExpression: 'SET n = :v',
            ConditionExpression: condition,
            ExpressionAttributeValues: { ':v': { N: '2' } },
          },
        },
      ],
    })
    await expect(
      call('TransactWriteItems', writes('attribute_not_exists(n)')),
    ).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      members: { CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }] },
    })
    expect(await get('b')).toBeUndefined()
    await call('TransactWriteItems', writes('attribute_exists(n)'))
    expect(await get('b')).toEqual(key('b'))
  })
})

describe('the stream', () => {
  it('has every change once, in order, and nothing for a write that changes nothing', async () => {
    await put({ n: { N: '1' } })
    await put({ n: { N: '1' } })
    await put({ n: { N: '2' } })
    await call('DeleteItem', { Key: key() })
    const { Table } = (await call('DescribeTable', {})) as { Table: { LatestStreamArn: string } }
    const StreamArn = Table.LatestStreamArn
    const streams = <T>(operation: string, input: object) =>
      aws.call<T>('dynamodb-streams', operation, input, PERSON)
    const { StreamDescription } = await streams<{
      StreamDescription: { Shards: [{ ShardId: string }] }
    }>('DescribeStream', { StreamArn })
    const { ShardIterator } = await streams<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn,
      ShardId: StreamDescription.Shards[0].ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    })
    const { Records } = await streams<{
      Records: { eventName: string; dynamodb: { SequenceNumber: string } }[]
    }>('GetRecords', { ShardIterator })
    expect(Records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE'])
    const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber)
    expect([...numbers].sort()).toEqual(numbers)
  })

  it('shows what time to live removed', async () => {
    await call('UpdateTimeToLive', {
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    })
    await put({ expires: { N: String(aws.world.now / 1000 + 60) } })
    await aws.world.run(60 * 60 * 1000)
    expect(await get()).toBeUndefined()
  })
})

it('agrees with a plain map under any sequence of conditional writes', async () => {
  const step = fc.record({
    sk: fc.constantFrom('a', 'b'),
    n: fc.nat(3),
    expected: fc.option(fc.nat(3)),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.uuid(), async (steps, pk) => {
      const model = new Map<string, number>()
      for (const { sk, n, expected } of steps) {
        const condition =
          expected === null
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: 'n = :e',
                ExpressionAttributeValues: { ':e': { N: String(expected) } },
              }
        const allowed = expected === null ? !model.has(sk) : model.get(sk) === expected
        const Item = { pk: { S: pk }, sk: { S: sk }, n: { N: String(n) } }
        const done = await call('PutItem', { Item, ...condition }).then(
          () => true,
          () => false,
        )
        expect(done).toBe(allowed)
        if (allowed) model.set(sk, n)
      }
    }),
    { numRuns: 30 },
  )
})
