import { beforeAll, expect, test } from 'vitest'
import { violatedIn } from '../../../local/invariants/all.ts'
import { isLikeNext, type Nap, nap, sizesIn, untrueIn } from '../../kits/naps.ts'
import { NAPPERS, nightCatalog } from '../../kits/nights.ts'

/**
 * Of all places at which a function could die, as many as a run of all tests has time for;
 * `CARETAKER_SLEEP_CRASHES=100` takes so many, `all` each.
 */
const SAMPLED = 12
/** It is hundreds of naps: with a twentieth of a core, that much slower than others. */
const STUCK_MILLISECONDS = 7_200_000

let catalog: string
let calm: Nap
beforeAll(async () => {
  catalog = nightCatalog(NAPPERS)
  calm = await nap(catalog)
})

test('a nap ends with the sizes it began with', () => {
  expect(violatedIn(calm.trace)).toEqual([])
  expect(sizesIn(calm)).toEqual({ 'dev-backend/orders': 3, 'dev-backend/payments': 1 })
  expect(calm.places.length).toBeGreaterThan(100)
})

test('a function that dies before or after any of its calls leaves the same world behind', {
  timeout: STUCK_MILLISECONDS,
}, async () => {
  const { places } = calm
  const apart = places.flatMap((place, at) => (isLikeNext(place, places[at + 1]) ? [] : [at]))
  const asked = process.env.CARETAKER_SLEEP_CRASHES ?? SAMPLED
  const step = asked === 'all' ? 1 : Math.ceil(apart.length / Number(asked))
  const untrue: string[] = []
  for (const at of apart.filter((_, place) => place % step === 0)) {
    const killed = await nap(catalog, { fatal: at })
    untrue.push(...untrueIn(calm, killed, `killed ${places[at]?.where}`))
  }
  expect(untrue.join('\n\n')).toBe('')
})
