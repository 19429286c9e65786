import type { Dimension } from '@aws-sdk/client-cloudwatch'
import { expect, it } from 'vitest'
import { metricId, single } from '../../../local/aws/cloudwatch/series.ts'
import { controlsIn } from '../../../local/outside/slack/controls.ts'
import type { SlackMessage } from '../../../local/outside/slack/slack.ts'
import { Acts } from '../../kits/acts.ts'
import { GOOD } from '../../kits/roll-outs.ts'

const short = (digest: string) => digest.slice(7, 19)
const labels = ({ blocks }: SlackMessage) => controlsIn(blocks).map(({ label }) => label)

/** Errors of `web`, as its load balancer counts them. */
async function errors({ stage }: Acts, count: number): Promise<void> {
  type Alarms = {
    MetricAlarms: { Namespace: string; MetricName: string; Dimensions: Dimension[] }[]
  }
  const { MetricAlarms } = await stage.call<Alarms>('cloudwatch', 'DescribeAlarms', {
    AlarmNames: ['dev-web-errors'],
  })
  const [{ Namespace, MetricName, Dimensions } = expect.unreachable('no such alarm')] = MetricAlarms
  const { cloudwatch, world } = stage.simulation
  const id = metricId(Namespace, MetricName, Dimensions)
  cloudwatch.metrics.put(id, single(world.now, count, 'Count'))
}

it('an alarm after a deployment: told in its thread, Roll back pressed, rolled back, over, green', async () => {
  const acts = await Acts.open()
  const { stage, slack } = acts
  const first = stage.push(GOOD, 'web')
  await stage.minutes(3 * 60)
  const second = stage.push(GOOD, 'web')
  await stage.minutes(8)
  const deployed = stage.simulation.messagesAbout('web').at(-1)
  const before = slack.messages.length

  // The new image answers with errors; the alarm counts them over five minutes.
  await errors(acts, 50)
  await stage.minutes(6)
  const [alarm, ...others] = slack.messages.slice(before)
  expect(others).toEqual([])
  expect(alarm?.thread_ts).toBe(deployed?.ts)
  expect(alarm?.notifiedAt).toHaveLength(1)
  expect(alarm?.text).toContain('dev-web-errors is red since')
  expect(alarm?.text).toContain(`${short(first)} ran 3 h`)
  expect(deployed?.text).toContain('dev-web-errors is red since')
  const button = labels(alarm as SlackMessage).find((label) => label.startsWith('Roll back to'))
  expect(button).toBe(`Roll back to ${short(first)} (ran 3 h)`)

  const { question } = await acts.presses('ann', String(button))
  expect(question?.text).toContain(`From ${short(second)} (main) to ${short(first)}`)
  await stage.minutes(10)
  expect((await stage.service('web')).running?.digest).toBe(first)
  expect(stage.verdicts('web')).toEqual(['deployed', 'deployed', 'deployed'])

  // No errors any more: the same message is green, and nobody is notified again.
  expect(alarm?.text).toContain('dev-web-errors is over: was red')
  expect(labels(alarm as SlackMessage)).toEqual([])
  const told = slack.messages.slice(before).filter(({ notifiedAt }) => notifiedAt.length > 0)
  expect(told.map(({ text }) => text.slice(0, 14))).toEqual(['dev-web-errors', 'web is back on'])
})
