import type { Wrong } from '../../local/outside/slack/entrance.ts'
import { Acts } from '../kits/acts.ts'
import { GOOD } from '../kits/roll-outs.ts'
import { recorded, type Story } from './story.ts'

/** What nobody may get through with: not Slack's, or not from now. */
const WRONG: readonly Wrong[] = [
  { signed: 'not' },
  { signed: 'foreign' },
  { agedSeconds: 301 },
  { agedSeconds: -301 },
]

/** People type commands; others send the same without a signature, too late, or a second time. */
const strangersAsk: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  const acts = new Acts(stage)
  const { does, entrance } = acts.slack
  stage.push(GOOD, 'web')
  await stage.minutes(10)
  await acts.types('ann', 'pin web the demo')
  const [sent] = entrance.sent
  await acts.types('ann', 'unpin web')
  if (sent !== undefined) await acts.together(entrance.replay(sent))
  for (const wrong of WRONG) {
    await acts.together(does.command('/caretaker pin web', { by: 'ann', wrong }))
  }
  const eve = acts.session('dev-developer', 'eve@example.com')
  await acts.calls(eve, { text: 'pin web' })
  await stage.minutes(1)
  return { trace: recording.trace() }
}

/** Two people press one button at the same moment, and one of them presses it again. */
const pressedTwice: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  const acts = new Acts(stage)
  const { does } = acts.slack
  const first = stage.push(GOOD, 'web')
  await stage.minutes(10)
  const expected = stage.push(GOOD, 'web')
  await stage.minutes(10)
  const { pk, sk } = await acts.lastRecord('web')
  const { label } = await acts.offer(
    { verb: 'roll-back', input: { service: 'web', digest: first }, expected },
    { record: { pk, sk } },
  )
  await acts.together(does.press(label, { by: 'ann' }), does.press(label, { by: 'ada' }))
  await acts.together(does.press(label, { by: 'ann' }))
  await stage.minutes(10)
  return { trace: recording.trace() }
}

export const ACTS = { strangersAsk, pressedTwice } as const satisfies Record<string, Story>
