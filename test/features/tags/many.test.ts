import { expect, it } from 'vitest'
import { measureTags } from '../../../cli/bench/tags.ts'

it('many resources, some of which lack tags: few calls, none throttled, and the second sweep writes nothing', async () => {
  const sweep = await measureTags(600, 60)
  expect(sweep.tagged).toBeGreaterThanOrEqual(600)
  expect(sweep.calls).toBeLessThanOrEqual(1.05 * sweep.bound)
  expect(sweep).toMatchObject({ throttled: 0, secondWrites: 0 })
})
