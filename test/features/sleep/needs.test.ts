import { describe, expect, test } from 'vitest'
import { decide } from '../../../domain/sleep/decide.ts'
import { needsOf } from '../../../domain/sleep/needs.ts'
import { NO_IMAGE, type Seen } from '../../../domain/sleep/resource.ts'

const service = (name: string, more: Partial<Seen> = {}): Seen => ({
  ...{ id: `service/dev-backend/${name}`, kind: 'service', name, service: name },
  ...{ owner: 'ordering', schedule: 'office-hours', order: 50, phase: 'down' },
  size: { desired: 0 },
  ...more,
})
const database: Seen = {
  ...{ id: 'database/dev-products', kind: 'database', name: 'dev-products', service: 'products' },
  ...{ owner: 'storefront', schedule: 'office-hours', order: 50, phase: 'down' },
}
const USES = { orders: { dependsOn: ['products'] }, products: { dependsOn: [] } }

/** `orders` slept and is to wake; `products` was never deployed. */
const asleep = { version: 1, revision: 1, rest: 'asleep', since: '2026-03-02T19:00:00Z' } as const

describe('what a service needs', () => {
  test('is what it depends on, and what that needs', () => {
    const seen = [service('orders'), service('products'), database]
    expect([...(needsOf(seen, USES).get('service/dev-backend/orders') ?? [])].toSorted()).toEqual([
      'database/dev-products',
      'service/dev-backend/products',
    ])
  })

  test('is not a service to which no image was deployed yet: nobody has ever had an answer of it', () => {
    const seen = [service('orders'), service('products', { refuses: NO_IMAGE }), database]
    expect(needsOf(seen, USES).get('service/dev-backend/orders')).toEqual(new Set())
    const now = new Date('2026-03-03T06:00:00Z')
    const { steps } = decide(
      {
        ...{ seen, overrides: [] },
        sleepers: new Map([
          [
            'service/dev-backend/orders',
            { ...asleep, why: 'office-hours', captured: { desired: 1 } },
          ],
        ]),
      },
      { uses: USES, says: () => ({ state: 'running', reason: 'office-hours' }) },
      now,
    )
    expect(steps.due.map(({ known, to }) => [known.seen.name, to])).toContainEqual([
      'orders',
      'awake',
    ])
  })
})
