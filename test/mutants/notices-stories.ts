import type { Trace } from '../../local/invariants/trace.ts'
import { BAD, GOOD, type Stage } from '../kits/roll-outs.ts'
import { type Open, recorded, type Story } from './story.ts'

/** An alarm is set by hand, until CloudWatch looks at its metric again. */
const set = (stage: Stage, AlarmName: string, StateValue: 'ALARM' | 'OK') =>
  stage.call('cloudwatch', 'SetAlarmState', { AlarmName, StateValue, StateReason: 'by hand' })

/** Images are pushed and alarms are red for six hours, in which Slack takes everything or nothing. */
async function sixHours(open: Open, down: boolean): Promise<Trace> {
  const { stage, recording } = await recorded(open)
  const { slack } = stage.simulation
  stage.push(GOOD)
  await stage.minutes(8)
  slack.down = down
  await set(stage, 'dev-web-errors', 'ALARM')
  await set(stage, 'dev-web-latency', 'ALARM')
  await stage.minutes(3)
  await set(stage, 'dev-web-errors', 'OK')
  await set(stage, 'dev-web-latency', 'OK')
  stage.push(GOOD, 'web')
  await stage.minutes(60)
  stage.push(BAD)
  await stage.minutes(297)
  await set(stage, 'dev-control-plane-dlq', 'ALARM')
  slack.down = false
  await stage.minutes(15)
  return recording.trace({ settled: true })
}

/** The same six hours, with Slack and without it. */
const slackDown: Story = async (open) => ({
  trace: await sixHours(open, false),
  disturbed: await sixHours(open, true),
  by: 'Slack down',
})

/** An alarm of a service turns red a few minutes after it was deployed. */
const redAfterDeployment: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  stage.push(GOOD, 'web')
  await stage.minutes(10)
  await set(stage, 'dev-web-errors', 'ALARM')
  await stage.minutes(10)
  return { trace: recording.trace({ settled: true }) }
}

export const NOTICES = { slackDown, redAfterDeployment } as const satisfies Record<string, Story>
