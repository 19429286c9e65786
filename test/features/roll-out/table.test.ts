import { unmarshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it, test } from 'vitest'
import { kindOf, readItem, UnreadableItem } from '../../../domain/table/read.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { play } from '../../../local/scenario/play.ts'
import { readScenario } from '../../../local/scenario/read.ts'
import type { Simulation } from '../../../local/simulation/simulation.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

const itemsOf = ({ dynamodb }: Simulation) =>
  dynamodb.tables
    .filter(({ name }) => name.endsWith('-caretaker'))
    .flatMap((table) => [...table.items()].map((item) => unmarshall(item)))

describe('what functions and machines write', () => {
  test.each(['good-then-bad', 'going-back', 'not-for-us', 'burst', 'push-to-a-sleeper'])(
    '%s: every item is of a known kind, of today’s version, and readable',
    async (name) => {
      const script = readScenario(`test/scenarios/${name}.yaml`)
      const { simulation } = await play(script, { seed: 1 })
      const items = itemsOf(simulation)
      expect(items.length).toBeGreaterThan(0)
      for (const item of items) {
        const kind = kindOf(item) ?? expect.unreachable(`${item.pk} ${item.sk} is of no known kind`)
        const read = readItem(kind, item)
        expect(read, String(item.sk)).toMatchObject({ version: VERSION })
        expect(item.version, `${item.pk} ${item.sk}`).toBe(VERSION)
      }
    },
  )
})

describe('an item of the version before', () => {
  const PUSH = { repository: 'orders', tag: 'main', digest: 'sha256:1', at: '2026-01-05T08:00:00Z' }

  it('is read: a record kept everything side by side', () => {
    const record = readItem('roll-out', {
      pk: 'service#dev-backend/orders',
      sk: 'roll-out#2026-01-05T08:00:00Z#main#1',
      service: 'orders',
      cluster: 'dev-backend',
      serviceArn: 'arn',
      owner: 'ordering',
      execution: 'arn:execution',
      previous: { digest: 'sha256:0', tag: 'main', taskDefinition: 'dev-orders:1', first: false },
      ...PUSH,
      verdict: 'rolled-back',
      reason: 'exit code 1',
      progress: { running: 0, desired: 1, failures: 3, threshold: 3 },
      failure: { stoppedReason: 'Essential container exited', logs: ['the end'] },
      asked: { by: 'ann', reason: 'slow', retry: false },
      startedAt: '2026-01-05T08:00:01.000Z',
      expires: 1,
    })
    expect(record).toMatchObject({
      version: VERSION,
      kind: 'roll-out',
      subject: 'dev-backend/orders',
      verdict: 'rolled-back',
      detail: { service: 'orders', digest: 'sha256:1', asked: { by: 'ann' } },
      progress: { failures: 3 },
      failure: { logs: ['the end'] },
    })
  })

  it('is read: a service’s state kept what was tried', () => {
    const state = readItem('service', {
      pk: 'service#dev-backend/orders',
      sk: 'state',
      generation: 3,
      waiting: true,
      latest: { ...PUSH, verdict: 'deployed' },
      tried: { 'sha256:0': { verdict: 'recalled', reason: 'slow', tag: 'main', at: PUSH.at } },
    })
    expect(state).toMatchObject({ version: 1, tried: { 'sha256:0': { verdict: 'recalled' } } })
  })

  it('still keeps an image from running that a person rolled back from', async () => {
    const stage = await Stage.open()
    const { ecr } = stage.simulation
    const first = stage.push(GOOD)
    await stage.minutes(5)
    const second = ecr.push({ repository: 'orders', tags: ['other'], image: GOOD }).digest
    await stage.call('dynamodb', 'UpdateItem', {
      TableName: 'dev-caretaker',
      Key: { pk: { S: 'service#dev-backend/orders' }, sk: { S: 'state' } },
      UpdateExpression: 'SET tried = :tried',
      ExpressionAttributeValues: {
        ':tried': {
          M: {
            [second]: {
              M: {
                verdict: { S: 'recalled' },
                reason: { S: 'ann: slow' },
                tag: { S: 'main' },
                at: { S: '2026-01-05T08:00:00Z' },
              },
            },
          },
        },
      },
    })
    ecr.push({ repository: 'orders', tag: 'main', digest: second })
    await stage.minutes(10)
    // The other tag is not the service's.
    expect(stage.verdicts()).toEqual(['deployed', 'quarantined', 'not-taken'])
    expect((await stage.service()).running?.digest).toBe(first)
  })
})

test.each([
  ['service', { generation: 'many' }, 'generation'],
  ['digest', { verdict: 'fine', reason: '', tag: '', at: '' }, 'verdict'],
  ['environment', { version: VERSION + 1 }, 'version'],
] as const)(
  'an item that cannot be read is reported by its key and field: %s',
  (kind, item, field) => {
    const key = { pk: 'service#dev-backend/orders', sk: 'state' }
    expect(() => readItem(kind, { ...key, ...item })).toThrow(UnreadableItem)
    expect(() => readItem(kind, { ...key, ...item })).toThrow(
      new RegExp(`service#dev-backend/orders state .* ${field}:`),
    )
  },
)

it('an item that cannot be read keeps its own service still, and no other', async () => {
  const stage = await Stage.open({ faults: { lose: 1 } })
  await stage.call('dynamodb', 'PutItem', {
    TableName: 'dev-caretaker',
    Item: {
      pk: { S: 'service#dev-frontend/web' },
      sk: { S: 'state' },
      rolling: { S: 'by hand' },
    },
  })
  stage.push(GOOD, 'web')
  const digest = stage.push(GOOD, 'orders')
  await stage.minutes(15)
  expect((await stage.service('orders')).running?.digest).toBe(digest)
  expect((await stage.service('web')).running).toBeNull()
  expect((await stage.logs()).join()).toMatch(/service#dev-frontend\/web state .* rolling/)
})
