import { expect, test } from 'vitest'
import { fuzzRegistry } from '../kits/fuzz/registry.ts'

/** `CARETAKER_FUZZ=20000` sends that many; without it, as many as a run of all tests has time for. */
const REQUESTS = Number(process.env.CARETAKER_FUZZ ?? 1000)

test('whatever is sent to the registry is answered as a registry answers, and the next request too', async () => {
  const problems = await fuzzRegistry(1, REQUESTS)
  expect(problems.join('\n\n')).toBe('')
})
