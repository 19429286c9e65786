import { expect, it } from 'vitest'
import { tagStorm } from '../../kits/storms/tags.ts'

/** `CARETAKER_TAG_STORMS=1-2000` plays those seeds; without it, as many as a run of all tests has time for. */
const [first = 1, last = 40] = (process.env.CARETAKER_TAG_STORMS ?? '1-40').split('-').map(Number)

it('after storms of lost, repeated and late events, busy and half answers and people in between: nothing of others was changed, and the second sweep in a row writes nothing', async () => {
  for (let seed = first; seed <= last; seed++) {
    expect(await tagStorm(seed), `seed ${seed}`).toEqual([])
  }
})
