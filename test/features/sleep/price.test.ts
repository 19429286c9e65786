import { expect, test } from 'vitest'
import { PRICE_LIST } from '../../../domain/price-list.ts'
import { priceOf } from '../../../domain/sleep/price.ts'
import type { Seen } from '../../../domain/sleep/resource.ts'
import type { Sleeper } from '../../../domain/table/sleeper.ts'

const seen = (more: Partial<Seen>): Seen => ({
  ...{ id: 'x/one', kind: 'instance', name: 'one', owner: '', schedule: '', order: 1, phase: 'up' },
  ...more,
})
const kept: Sleeper = {
  ...{ version: 2, revision: 1, rest: 'asleep', since: '2026-03-02T19:00:00.000Z', why: '' },
  rate: { hour: 0.5, size: 'something' },
}
const micro = PRICE_LIST.instance['t4g.micro']

test.each<[string, Partial<Seen>, Sleeper | undefined, number | undefined]>([
  ['an instance, by its type', { runs: { of: 'instance', type: 't4g.micro' } }, undefined, micro],
  ['what sleeps, as it was put to sleep last', {}, kept, 0.5],
  [
    'three of a group',
    { runs: { of: 'instance', type: 't4g.micro' }, size: { desired: 3 } },
    kept,
    3 * micro,
  ],
  ['of what nothing says how large it is', {}, undefined, undefined],
])('%s', (_, one, own, hour) => {
  const price = priceOf([{ seen: seen(one), kept: own }], { services: {} })
  expect(price).toEqual({ hour: hour ?? 0, unknown: hour === undefined ? ['one'] : [] })
})
