import { expect, test } from 'vitest'
import { controlsIn } from '../../../local/outside/slack/controls.ts'
import type { SlackMessage } from '../../../local/outside/slack/slack.ts'
import { Acts } from '../../kits/acts.ts'
import { BAD, GOOD } from '../../kits/roll-outs.ts'

const short = (digest: string) => digest.slice(7, 19)
const labels = (message: SlackMessage | undefined) =>
  controlsIn(message?.blocks ?? [])
    .filter(({ url }) => url === undefined)
    .map(({ label }) => label)

/** The newest message about `web`. */
const about = (acts: Acts) => acts.stage.simulation.messagesAbout('web').at(-1)

test('a deployment’s own message: Roll back is pressed, its buttons give way, and it is rolled back', async () => {
  const acts = await Acts.open()
  const first = acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  const second = acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  const message = about(acts)
  expect(labels(message)).toContain(`Roll back to ${short(first)}`)
  const outcome = await acts.presses('ann', `Roll back to ${short(first)}`)
  expect(outcome.question?.text).toContain(`From ${short(second)} (main) to ${short(first)}`)
  expect(acts.told('ann')[0]).toContain(`Started: web goes back to main (${short(first)})`)
  await acts.stage.minutes(1)
  expect(labels(message)).toEqual([])
  expect(message?.text).not.toBe('')
  expect(JSON.stringify(message?.blocks)).toContain('ann@example.com')
  await acts.stage.minutes(10)
  expect((await acts.stage.service('web')).running?.digest).toBe(first)
  expect(about(acts)?.text).toContain('is back on')
})

test('an image that did not hold: Retry is pressed', async () => {
  const acts = await Acts.open()
  acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  const bad = acts.stage.push(BAD, 'web', 'main')
  await acts.stage.minutes(20)
  expect(labels(about(acts))).toEqual(['Retry'])
  await acts.presses('ann', 'Retry')
  expect(acts.told('ann')[0]).toContain(`Started: web rolls out main (${short(bad)})`)
})

test('Pin is pressed: pushes wait', async () => {
  const acts = await Acts.open()
  acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  await acts.presses('ann', 'Pin')
  expect(acts.told('ann')[0]).toContain('Done: web stays at what it runs')
  acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  expect(acts.stage.verdicts('web')).toEqual(['deployed', 'pinned'])
})
