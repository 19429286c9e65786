import { beforeAll, expect, test } from 'vitest'
import { NAPPERS, nightCatalog } from '../../kits/nights.ts'
import { napStorm } from '../../kits/storms/nap.ts'

let catalog: string
beforeAll(() => {
  catalog = nightCatalog(NAPPERS)
})

/** `CARETAKER_SLEEP_STORMS=1-2000` plays those seeds; without it, as many as a run of all tests has time for. */
const [first = 1, last = 5] = (process.env.CARETAKER_SLEEP_STORMS ?? '1-5').split('-').map(Number)
const SEEDS = Array.from({ length: last - first + 1 }, (_, index) => first + index)

test.each(SEEDS)('whatever happens in a nap, what must hold holds: seed %i', async (seed) => {
  const { violations, history } = await napStorm(seed, catalog)
  expect(violations.join('\n\n'), history.join('\n')).toBe('')
})
