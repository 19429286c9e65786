import { describe, expect, it } from 'vitest'
import { Sns } from '../../../local/aws/sns/sns.ts'
import { catalogOf } from '../../kits/catalog.ts'
import { Stage } from '../../kits/roll-outs.ts'

/** Seconds from one alarm to the next: Slack takes a message a second in a channel. */
const APART = 2

/** Those about the notifier go to the e-mail topic as well. */
const ABOUT_THE_NOTIFIER = ['dev-control-plane-dlq', 'dev-notices-late', 'dev-tell-slack-errors']

/** Sets every alarm of the environment to red, one after the other, by hand. */
async function everyAlarmRed(catalog?: string) {
  const stage = await Stage.open(catalog === undefined ? {} : { catalog })
  const { simulation } = stage
  const { cloudwatch, slack, environment, aws } = simulation
  const alarms = cloudwatch.alarms.map(({ name, tags }) => ({ name, tags }))
  const mails = () => aws.the(Sns).journal.map(({ notification }) => String(notification.subject))
  const mailed = mails().length
  const redAt = new Map<string, number>()
  for (const { name } of alarms) {
    redAt.set(name, simulation.world.now)
    const reason = { StateReason: 'Threshold Crossed: set by a person' }
    await stage.call('cloudwatch', 'SetAlarmState', {
      AlarmName: name,
      StateValue: 'ALARM',
      ...reason,
    })
    await stage.minutes(APART / 60)
  }
  await stage.minutes(1)
  const told = alarms.map(({ name, tags }) => {
    const about = slack.messages.filter(
      ({ text, thread_ts }) => thread_ts === undefined && text.startsWith(`${name} `),
    )
    const team = environment.teams[tags['caretaker:owner'] ?? '']
    const [first] = about
    const seconds = first && (Date.parse(first.posted.at) - (redAt.get(name) ?? 0)) / 1000
    return {
      name,
      messages: about.length,
      channel: first?.channel,
      expected: team?.channel,
      late: seconds === undefined || seconds > 60,
    }
  })
  return { told, mails: mails().slice(mailed) }
}

const SIXTY = catalogOf(
  Object.fromEntries(
    Array.from({ length: 60 }, (_, number) => [
      `services/service-${number}.yaml`,
      `team: ${['platform', 'storefront', 'ordering'][number % 3]}\nroute: { path: /${number}/*, priority: ${number + 1} }\n`,
    ]),
  ),
)

describe('every alarm of the templates that turns red', () => {
  it.each([
    ['the example', undefined, 35],
    ['sixty services', SIXTY, 300],
  ])("reaches its team's channel once, within a minute: %s", async (_, catalog, least) => {
    const { told, mails } = await everyAlarmRed(catalog)
    expect(told.length).toBeGreaterThan(least)
    const wrong = told.filter(
      ({ messages, channel, expected, late }) => messages !== 1 || channel !== expected || late,
    )
    expect(wrong).toEqual([])
    for (const name of ABOUT_THE_NOTIFIER) {
      expect(mails.filter((subject) => subject.includes(`"${name}"`))).toHaveLength(1)
    }
  })
})
