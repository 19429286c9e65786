import type { Caller } from '../../local/aws/aws.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { EXAMPLE } from './catalog.ts'
import { isOurs, MINUTE, START } from './measure.ts'

/** What telling people takes. */
export type NoticesBench = {
  /** Calls of Slack's Web API for one roll-out of a good image, and for one episode of an alarm. */
  slackCallsPerRollOut: number
  slackCallsPerEpisode: number
  /** Simulated seconds from CloudWatch's event to the message. */
  secondsToSlack: number
  /** Calls to AWS by functions for one episode, from red to over. */
  awsCallsPerEpisode: number
}

const PERSON: Caller = { kind: 'person', name: 'bench' }
/** It has no deployment to blame, and its data make it green again after a minute. */
const ALARM = 'orders-memory'

/** Rolls an image out, and lets an alarm turn red and green again. */
export async function measureNotices(): Promise<NoticesBench> {
  const simulation = await Simulation.open({ catalog: EXAMPLE, seed: 1, start: START })
  const { world, ecr, aws, slack, environment } = simulation
  let asked = 0
  const { handle } = slack
  slack.handle = (request) => {
    asked += 1
    return handle.call(slack, request)
  }
  ecr.push({ repository: 'orders', tag: 'main' })
  await world.run(60 * MINUTE)
  const before = asked
  ecr.push({ repository: 'orders', tag: 'main' })
  await world.run(2 * 60 * MINUTE)
  const slackCallsPerRollOut = asked - before

  const from = { calls: aws.calls.length, slack: asked, messages: slack.messages.length }
  const input = {
    AlarmName: `${environment.name}-${ALARM}`,
    StateValue: 'ALARM',
    StateReason: 'Threshold Crossed: measured by the bench',
  }
  const redAt = world.now
  await aws.call('cloudwatch', 'SetAlarmState', input, PERSON)
  await world.run(4 * MINUTE)
  const [message] = slack.messages.slice(from.messages)
  if (message === undefined) throw new Error(`${input.AlarmName} turned red and nobody was told`)
  const calls = aws.calls
    .slice(from.calls)
    .filter(isOurs)
    .filter(({ by }) => /record-alarm|tell-slack/.test(by))
  return {
    slackCallsPerRollOut,
    slackCallsPerEpisode: asked - from.slack,
    secondsToSlack: (Date.parse(message.posted.at) - redAt) / 1000,
    awsCallsPerEpisode: calls.length,
  }
}
