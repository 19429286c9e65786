import fc from 'fast-check'
import { beforeEach, describe, expect, it, test } from 'vitest'
import { addDecimals, canonicalDecimal, compareDecimals } from '../../local/aws/dynamodb/decimal.ts'
import { DynamoDb } from '../../local/aws/dynamodb/dynamodb.ts'
import type { Item } from '../../local/aws/dynamodb/value.ts'
import { Account } from '../kits/account.ts'

/**
 * What AWS answers, as recorded by moto's tests that were run against AWS
 * (https://github.com/getmoto/moto/tree/master/tests/test_dynamodb, `aws_verified`), and where that
 * says nothing by the documentation named at the row.
 */
const INVALID = 'One or more parameter values were invalid: '
const DETECTED = '1 validation error detected: '

let account: Account
const call = (operation: string, input: object): Promise<Record<string, unknown>> =>
  account.call('dynamodb', operation, { TableName: 'things', ...input })
const key = (sk = 'a'): Item => ({ pk: { S: 'p' }, sk: { S: sk } })

const attribute = (AttributeName: string, AttributeType = 'S') => ({ AttributeName, AttributeType })
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' })
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' })

beforeEach(async () => {
  account = new Account([DynamoDb])
  await call('CreateTable', {
    KeySchema: [hash('pk'), range('sk')],
    AttributeDefinitions: [
      ...['pk', 'sk', 'a', 'b'].map((name) => attribute(name)),
      attribute('c', 'N'),
    ],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'global',
        KeySchema: [hash('a'), range('b'), range('c')],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'local',
        KeySchema: [hash('pk'), range('b')],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  })
})

const put = (n: object) => ({ Item: { ...key(), n } })
const update = (UpdateExpression: string, values: object, more: object = {}) => ({
  Key: key(),
  UpdateExpression,
  ExpressionAttributeValues: values,
  ...more,
})
const V = { ':v': { S: 'x' } }
const OF_P = { KeyConditionExpression: 'pk = :v', ExpressionAttributeValues: V }

describe('is refused', () => {
  test.each<[string, string, object, string]>([
    [
      'a number that is none',
      'PutItem',
      put({ N: 'foo' }),
      'The parameter cannot be converted to a numeric value: foo',
    ],
    [
      'a number with a blank',
      'PutItem',
      put({ N: ' 1.23' }),
      'The parameter cannot be converted to a numeric value:  1.23',
    ],
    [
      'infinity',
      'PutItem',
      put({ N: 'Infinity' }),
      'The parameter cannot be converted to a numeric value: Infinity',
    ],
    [
      'too large a number',
      'PutItem',
      put({ N: '1e126' }),
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    ],
    [
      'too small a number',
      'PutItem',
      put({ N: '-1e-131' }),
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    ],
    [
      '39 digits',
      'PutItem',
      put({ N: '1'.repeat(39) }),
      'Attempting to store more than 38 significant digits in a Number',
    ],
    [
      'NULL: false',
      'PutItem',
      put({ NULL: false }),
      'Null attribute value types must have the value of true',
    ],
    [
      'an empty set of numbers',
      'PutItem',
      put({ NS: [] }),
      `${DETECTED}${INVALID}An number set  may not be empty`,
    ],
    [
      'an empty set of strings',
      'PutItem',
      put({ SS: [] }),
      `${DETECTED}${INVALID}An string set  may not be empty`,
    ],
    [
      'an empty set in a value',
      'UpdateItem',
      update('SET n = :v', { ':v': { NS: [] } }),
      `${DETECTED}${INVALID}An number set  may not be empty`,
    ],
    [
      'a partition key of 2049 bytes',
      'GetItem',
      { Key: { ...key(), pk: { S: 'x'.repeat(2049) } } },
      `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
    [
      'a sort key of 1025 bytes',
      'PutItem',
      { Item: key('x'.repeat(1025)) },
      `${INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`,
    ],
    [
      'a key of another type',
      'GetItem',
      { Key: { pk: { N: '1' }, sk: { S: 'a' } } },
      'The provided key element does not match the schema',
    ],
    [
      'a name that no expression uses, in a write',
      'DeleteItem',
      {
        Key: key(),
        ConditionExpression: 'attribute_exists(n)',
        ExpressionAttributeNames: { '#count': 'count' },
      },
      `${DETECTED}Value provided in ExpressionAttributeNames unused in expressions: keys: {#count}`,
    ],
    [
      'a name that no expression uses, in a read',
      'GetItem',
      { Key: key(), ProjectionExpression: 'n', ExpressionAttributeNames: { '#count': 'count' } },
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#count}',
    ],
    [
      'a name without any expression',
      'GetItem',
      { Key: key(), ExpressionAttributeNames: { '#a': 'b' } },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      'no names where there are names',
      'GetItem',
      { Key: key(), ProjectionExpression: 'n', ExpressionAttributeNames: {} },
      'ExpressionAttributeNames must not be empty',
    ],
    [
      'a value with another name',
      'Scan',
      { FilterExpression: 'n = loc', ExpressionAttributeValues: { loc: { S: 'a' } } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "loc"',
    ],
    [
      'a name with a hyphen',
      'UpdateItem',
      update('SET a-b = :v', V),
      `${DETECTED}Invalid UpdateExpression: Syntax error; token: "-"`,
    ],
    [
      'a section twice',
      'UpdateItem',
      update('SET n = :v SET m = :v', V),
      `${DETECTED}Invalid UpdateExpression: The "SET" section can only be used once in an update expression;`,
    ],
    [
      'the same path twice',
      'UpdateItem',
      update('SET n = :v, n = :v', V),
      `${DETECTED}Invalid UpdateExpression: Two document paths overlap with each other;`,
    ],
    [
      'the same path twice in a projection',
      'GetItem',
      { Key: key(), ProjectionExpression: 'pk, pk' },
      'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [pk], path two: [pk]',
    ],
    [
      'doubled parentheses',
      'PutItem',
      { Item: key(), ConditionExpression: '((((n < m))))' },
      'Invalid ConditionExpression: The expression has redundant parentheses;',
    ],
    [
      'two operations in one member',
      'TransactWriteItems',
      {
        TransactItems: [
          {
            Put: { TableName: 'things', Item: key() },
            Delete: { TableName: 'things', Key: key() },
          },
        ],
      },
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    [
      'an unknown ReturnConsumedCapacity',
      'PutItem',
      { Item: key(), ReturnConsumedCapacity: 'Garbage' },
      `${DETECTED}Value 'Garbage' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [`,
    ],
    [
      'a segment of nothing',
      'Scan',
      { Segment: 1 },
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    ],
    [
      'segments, and none of them',
      'Scan',
      { TotalSegments: 1 },
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    ],
    [
      'a segment behind the last',
      'Scan',
      { Segment: 3, TotalSegments: 3 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 3 is not less than TotalSegments: 3',
    ],
    [
      'a consistent read of a global index',
      'Scan',
      { IndexName: 'global', ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
  ])('%s', async (_, operation, input, message) => {
    await expect(call(operation, input)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    })
  })

  const ATTRIBUTES =
    'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES'
  const PROJECTION = 'Cannot specify the ProjectionExpression when choosing to get '
  test.each<[object, string]>([
    [{ Select: 'SPECIFIC_ATTRIBUTES' }, ATTRIBUTES],
    [
      { Select: 'ALL_PROJECTED_ATTRIBUTES' },
      'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [{ Select: 'COUNT', ProjectionExpression: 'pk' }, `${PROJECTION}only the Count`],
    [{ Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'pk' }, `${PROJECTION}ALL_ATTRIBUTES`],
    [
      { Select: 'ALL_PROJECTED_ATTRIBUTES', IndexName: 'local', ProjectionExpression: 'pk' },
      `${PROJECTION}ALL_PROJECTED_ATTRIBUTES`,
    ],
  ])('%j, by Query with the number of errors, by Scan without', async (select, message) => {
    await expect(call('Scan', select)).rejects.toMatchObject({ message })
    await expect(call('Query', { ...OF_P, ...select })).rejects.toMatchObject({
      message: `${DETECTED}${message}`,
    })
  })

  it('all attributes of a global index that does not show all; a local one fetches them', async () => {
    await call('PutItem', { Item: { ...key(), b: { S: 'x' }, n: { N: '1' } } })
    const all = { Select: 'ALL_ATTRIBUTES' }
    await expect(call('Scan', { IndexName: 'global', ...all })).rejects.toThrow(
      'Select type ALL_ATTRIBUTES is not supported for global secondary index global because its projection type is not ALL',
    )
    const { Items } = await call('Scan', { IndexName: 'local', ...all })
    expect(Items).toEqual([{ ...key(), b: { S: 'x' }, n: { N: '1' } }])
    expect((await call('Scan', { IndexName: 'local' })).Items).toEqual([
      { ...key(), b: { S: 'x' } },
    ])
  })

  it('nothing of these', async () => {
    const fine = [
      '(attribute_exists (pk)) OR (((pk <> :v) AND (sk <> :v)) AND (n = :v))',
      '((pk = :v) OR (sk = :v) OR (NOT n = :v))',
      'pk = :v OR (sk = :v OR n = :v) OR NOT pk = :v',
    ]
    for (const ConditionExpression of fine) {
      const asked = { Item: key(), ConditionExpression, ExpressionAttributeValues: V }
      await call('PutItem', asked).catch(({ name }) => {
        expect(name, ConditionExpression).toBe('ConditionalCheckFailedException')
      })
    }
    for (const N of [
      '42.0',
      '1e-003',
      '+1E6',
      '+1.23',
      `${'0'.repeat(40)}.42`,
      '-0.0',
      '.5',
      '5.',
    ]) {
      await call('PutItem', put({ N }))
    }
  })
})

describe('a table', () => {
  const PK = [attribute('pk')]
  test.each<[object, string]>([
    [
      { AttributeDefinitions: [...PK, attribute('more')] },
      `${INVALID}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    ],
    [
      { AttributeDefinitions: [] },
      'Invalid KeySchema: Some index key attribute have no definition',
    ],
    [
      { AttributeDefinitions: [attribute('other')] },
      `${INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], AttributeDefinitions: [other]`,
    ],
    [{ LocalSecondaryIndexes: [] }, `${INVALID}List of LocalSecondaryIndexes is empty`],
    [{ GlobalSecondaryIndexes: [] }, `${INVALID}List of GlobalSecondaryIndexes is empty`],
    [
      {
        AttributeDefinitions: ['created', 'pk', 'user'].map((name) => attribute(name)),
        GlobalSecondaryIndexes: [
          { IndexName: 'one', KeySchema: [hash('user')], Projection: { ProjectionType: 'ALL' } },
        ],
      },
      `${INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: [created, pk, user], keys used: [pk, user]`,
    ],
    [
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      `${INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    ],
    [
      { BillingMode: 'PROVISIONED' },
      `${INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    ],
  ])('is refused with %j', async (more, message) => {
    const plain = {
      TableName: 'other',
      KeySchema: [hash('pk')],
      AttributeDefinitions: PK,
      BillingMode: 'PAY_PER_REQUEST',
    }
    await expect(call('CreateTable', { ...plain, ...more })).rejects.toMatchObject({ message })
  })

  it('is created for some seconds, and says its id, capacity, size and class', async () => {
    const asked = {
      TableName: 'other',
      KeySchema: [hash('pk')],
      AttributeDefinitions: PK,
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
      DeletionProtectionEnabled: true,
    }
    const { TableDescription } = await call('CreateTable', asked)
    expect(TableDescription).toMatchObject({
      TableStatus: 'CREATING',
      TableId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      TableSizeBytes: 0,
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      ProvisionedThroughput: {
        NumberOfDecreasesToday: 0,
        ReadCapacityUnits: 5,
        WriteCapacityUnits: 6,
      },
    })
    expect(TableDescription).not.toHaveProperty('BillingModeSummary')
    await account.run(5_000)
    const { Table } = await call('DescribeTable', { TableName: 'other' })
    expect(Table).toMatchObject({ TableStatus: 'ACTIVE' })
    expect((await call('DescribeTable', {})).Table).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      GlobalSecondaryIndexes: [{ IndexName: 'global', IndexStatus: 'ACTIVE' }],
    })
    await expect(call('DeleteTable', { TableName: 'other' })).rejects.toThrow(
      "1 validation error detected: Table 'other' can't be deleted while DeletionProtectionEnabled is set to True",
    )
  })
})

describe('an index of several range keys', () => {
  const rows = [
    ['10', 'skA', '300'],
    ['20', 'skA', '100'],
    ['30', 'skB', '150'],
    ['40', 'skA', '200'],
  ]
  const found = async (condition: string, more: Item = {}) => {
    const { Items } = await call('Query', {
      IndexName: 'global',
      KeyConditionExpression: condition,
      ExpressionAttributeValues: { ':a': { S: 'one' }, ...more },
    })
    return (Items as Item[]).map(({ sk }) => sk?.S)
  }
  beforeEach(async () => {
    for (const [sk = '', b = '', N = ''] of rows) {
      await call('PutItem', { Item: { ...key(sk), a: { S: 'one' }, b: { S: b }, c: { N } } })
    }
    await call('PutItem', { Item: { ...key('50'), a: { S: 'one' }, b: { S: 'skA' } } })
  })

  it('is in the order of all of them, and shows what has all of them', async () => {
    expect(await found('a = :a')).toEqual(['20', '40', '10', '30'])
  })

  it('is asked for them from the left', async () => {
    const b = { ':b': { S: 'skA' } }
    expect(await found('a = :a AND b = :b', b)).toEqual(['20', '40', '10'])
    expect(await found('a = :a AND b > :b', b)).toEqual(['30'])
    const c = { ...b, ':c': { N: '100' } }
    expect(await found('a = :a AND b = :b AND c > :c', c)).toEqual(['40', '10'])
    await expect(found('a = :a AND c > :c', { ':c': { N: '1' } })).rejects.toThrow('element: b')
    await expect(found('a = :a AND b > :b AND c = :c', c)).rejects.toThrow('not supported')
  })
})

describe('pages', () => {
  it('go on behind a key that is not there any more, forwards and backwards', async () => {
    for (const sk of ['a', 'b', 'c', 'd']) await call('PutItem', { Item: key(sk) })
    await call('DeleteItem', { Key: key('b') })
    const from = {
      ...OF_P,
      ExpressionAttributeValues: { ':v': { S: 'p' } },
      ExclusiveStartKey: key('b'),
    }
    const names = async (more: object) =>
      ((await call('Query', { ...from, ...more })).Items as Item[]).map(({ sk }) => sk?.S)
    expect(await names({})).toEqual(['c', 'd'])
    expect(await names({ ScanIndexForward: false })).toEqual(['a'])
    expect((await call('Scan', { ExclusiveStartKey: key('b') })).Items).toHaveLength(2)
  })
})

describe('consumed capacity', () => {
  const TOTAL = { ReturnConsumedCapacity: 'TOTAL' }
  const units = async (operation: string, input: object) =>
    (await call(operation, { ...TOTAL, ...input })).ConsumedCapacity

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
  it('is counted in units of 4 KB read, half as much if need not be consistent, and 1 KB written', async () => {
    expect(await call('PutItem', { Item: key() })).toEqual({})
    const large = { Item: { ...key('large'), n: { S: 'x'.repeat(4100) } } }
    expect(await units('PutItem', large)).toEqual({ TableName: 'things', CapacityUnits: 5 })
    expect(await units('GetItem', { Key: key('none') })).toMatchObject({ CapacityUnits: 0.5 })
    expect(await units('GetItem', { Key: key('large') })).toMatchObject({ CapacityUnits: 1 })
    expect(await units('GetItem', { Key: key('large'), ConsistentRead: true })).toMatchObject({
      CapacityUnits: 2,
    })
    expect(await units('Scan', {})).toMatchObject({ CapacityUnits: 1 })
    expect(await units('DeleteItem', { Key: key('large') })).toMatchObject({ CapacityUnits: 5 })
    const Get = { TableName: 'things', Key: key() }
    expect(await units('TransactGetItems', { TransactItems: [{ Get }] })).toEqual([
      { TableName: 'things', CapacityUnits: 2 },
    ])
    const Put = { TableName: 'things', Item: key() }
    expect(await units('TransactWriteItems', { TransactItems: [{ Put }] })).toEqual([
      { TableName: 'things', CapacityUnits: 2 },
    ])
    expect(
      await units('BatchGetItem', { RequestItems: { things: { Keys: [key(), key('b')] } } }),
    ).toEqual([{ TableName: 'things', CapacityUnits: 1 }])
    expect(
      await units('BatchWriteItem', {
        RequestItems: { things: [{ PutRequest: { Item: key('b') } }] },
      }),
    ).toEqual([{ TableName: 'things', CapacityUnits: 1 }])
  })

  it('is told of each index: a moved entry is taken out and put in', async () => {
    const indexed = (b: string) => ({
      Item: { ...key(), a: { S: 'one' }, b: { S: b }, c: { N: '1' } },
      ReturnConsumedCapacity: 'INDEXES',
    })
    expect((await call('PutItem', indexed('x'))).ConsumedCapacity).toEqual({
      TableName: 'things',
      CapacityUnits: 3,
      Table: { CapacityUnits: 1 },
      GlobalSecondaryIndexes: { global: { CapacityUnits: 1 } },
      LocalSecondaryIndexes: { local: { CapacityUnits: 1 } },
    })
    expect((await call('PutItem', indexed('x'))).ConsumedCapacity).toMatchObject({
      CapacityUnits: 1,
    })
    expect((await call('PutItem', indexed('y'))).ConsumedCapacity).toMatchObject({
      CapacityUnits: 5,
    })
    const read = { IndexName: 'global', ReturnConsumedCapacity: 'INDEXES' }
    expect((await call('Scan', read)).ConsumedCapacity).toEqual({
      TableName: 'things',
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0 },
      GlobalSecondaryIndexes: { global: { CapacityUnits: 0.5 } },
    })
  })
})

describe('numbers', () => {
  it('are exact beyond what JavaScript counts', async () => {
    const N = '9007199254740993.1'
    await call('PutItem', put({ N }))
    await call('UpdateItem', update('SET n = n + :v', { ':v': { N: '0.1' } }))
    expect((await call('GetItem', { Key: key() })).Item).toMatchObject({
      n: { N: '9007199254740993.2' },
    })
    await call('UpdateItem', update('ADD n :v', { ':v': { N: '-9007199254740993.2' } }))
    expect((await call('GetItem', { Key: key() })).Item).toMatchObject({ n: { N: '0' } })
  })

  test.each([
    ['1E3', '1000'],
    ['-1.50', '-1.5'],
    ['0.000', '0'],
    ['1e-3', '0.001'],
    ['00012.10', '12.1'],
    ['-0', '0'],
    ['1e125', `1${'0'.repeat(125)}`],
  ])('%s is kept as %s', (text, kept) => {
    expect(canonicalDecimal(text)).toBe(kept)
  })

  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.nat(9))
    .map(([digits, places]) => ({ digits, places, text: `${digits}e-${places}` }))
  it('add and compare as whole numbers of the smallest part do', () => {
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const whole = ({ digits, places }: typeof one) => digits * 10n ** BigInt(9 - places)
        const sum = addDecimals(one.text, other.text)
        expect(compareDecimals(sum, `${whole(one) + whole(other)}e-9`)).toBe(0)
        const order = whole(one) - whole(other)
        expect(Math.sign(compareDecimals(one.text, other.text))).toBe(
          Number(order > 0n) - Number(order < 0n),
        )
      }),
    )
  })
})
