import { expect, test } from 'vitest'
import { grantsOf } from '../../../local/aws/iam/usage.ts'
import { actsStory } from '../../kits/acts-story.ts'
import { Stage } from '../../kits/roll-outs.ts'

test('the three functions use everything that they may, and are refused nothing', async () => {
  const stage = await Stage.open()
  await actsStory(stage)
  const own = grantsOf(stage.simulation.iam).filter(({ key }) => key.includes('/acts'))
  expect(own.length).toBeGreaterThan(30)
  const unused = own.filter(({ used }) => used === 0).map(({ text }) => text)
  // What puts an invocation aside that failed three times: test/features/dead-letters.test.ts.
  expect(unused.filter((text) => !text.startsWith('sqs:SendMessage'))).toEqual([])
  const denied = stage.simulation.aws.calls.filter(
    ({ by, outcome }) => /answer|receive/.test(by) && /denied/i.test(outcome),
  )
  expect(denied).toEqual([])
})
