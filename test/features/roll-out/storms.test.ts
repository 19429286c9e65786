import { beforeAll, expect, test } from 'vitest'
import { templatesOf } from '../../../local/simulation/synth.ts'
import { storm } from '../../kits/storms/storm.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds.
beforeAll(() => templatesOf())

/** `CARETAKER_STORMS=1-2000` plays those seeds; without it, as many as a run of all tests has time for. */
const [first = 1, last = 8] = (process.env.CARETAKER_STORMS ?? '1-8').split('-').map(Number)
const SEEDS = Array.from({ length: last - first + 1 }, (_, index) => first + index)

test.each(SEEDS)('everything that must hold holds after a storm: seed %i', async (seed) => {
  const { violations, history } = await storm(seed)
  expect(violations.join('\n\n'), history.join('\n')).toBe('')
})
