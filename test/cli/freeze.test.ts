import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { beforeEach, expect, it, test } from 'vitest'
import { whileFrozen } from '../../cli/deploy/freeze.ts'
import { interruptible } from '../../cli/interruption.ts'
import { environmentKey } from '../../domain/table/keys.ts'
import { DynamoDb } from '../../local/aws/dynamodb/dynamodb.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { Account, PERSON } from '../kits/account.ts'

const NOW = new Date('2026-03-02T09:00:00Z')
const OWN = { until: '2026-03-02T10:30:00.000Z', by: 'ann', reason: 'it is being deployed' }
let account: Account
const Key = { pk: { S: environmentKey.pk }, sk: { S: environmentKey.sk } }

beforeEach(async () => {
  account = new Account([DynamoDb])
  await account.call('dynamodb', 'CreateTable', {
    TableName: 'dev-caretaker',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  })
})

const freeze = () => ({
  dynamodb: new DynamoDBClient(sdkConfiguration(account.aws, PERSON)),
  table: 'dev-caretaker',
  by: 'ann',
  now: NOW,
})

async function frozen(): Promise<unknown> {
  const { Item } = await account.call<{
    Item?: { frozen?: { M?: Record<string, { S: string }> } }
  }>('dynamodb', 'GetItem', { TableName: 'dev-caretaker', Key })
  const members = Object.entries(Item?.frozen?.M ?? {})
  return members.length === 0 ? undefined : Object.fromEntries(members.map(([k, v]) => [k, v.S]))
}

const put = (values: Record<string, string>) =>
  account.call('dynamodb', 'PutItem', {
    TableName: 'dev-caretaker',
    Item: {
      ...Key,
      frozen: { M: Object.fromEntries(Object.entries(values).map(([k, v]) => [k, { S: v }])) },
    },
  })

test.each<[string, Record<string, string> | undefined, boolean]>([
  ['none', undefined, true],
  ['one that has ended', { ...OWN, by: 'bob', until: '2026-03-02T08:59:00Z' }, true],
  ['one’s own of a deployment that was killed', OWN, true],
  ['somebody else’s deployment', { ...OWN, by: 'bob' }, false],
  ['one’s own, set by hand', { ...OWN, reason: 'a demonstration' }, false],
  // As text, this is before every date of this century.
  ['one that no program can read', { ...OWN, by: 'bob', until: '1.1.2027' }, false],
  ['one without an end', { by: 'bob', reason: 'a demonstration' }, false],
])('%s is taken over and lifted, or stays as it is', async (_, before, isTaken) => {
  if (before !== undefined) await put(before)
  let during: unknown
  await whileFrozen(freeze(), async () => {
    during = await frozen()
  })
  if (isTaken) {
    expect(during).toEqual({ ...OWN, until: '2026-03-02T11:00:00.000Z' })
    expect(await frozen()).toBeUndefined()
  } else {
    expect(during).toEqual(before)
    expect(await frozen()).toEqual(before)
  }
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s lifts the freeze', async (signal) => {
  const listeners = process.listenerCount(signal)
  const work = interruptible((interrupted) =>
    whileFrozen(freeze(), async () => {
      expect(await frozen()).toBeDefined()
      process.emit(signal)
      expect(interrupted.aborted).toBe(true)
      throw new Error('ended')
    }),
  )
  await expect(work).rejects.toThrow('ended')
  expect(await frozen()).toBeUndefined()
  expect(process.listenerCount(signal)).toBe(listeners)
})

it('needs no table: the first deployment makes it', async () => {
  const work = whileFrozen({ ...freeze(), table: 'none' }, async () => 'done')
  expect(await work).toBe('done')
})
