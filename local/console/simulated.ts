import { standingOf } from '../../catalog/standing.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Caller } from '../aws/aws.ts'
import type { Slack, SlackMessage } from '../outside/slack/slack.ts'
import { askAs } from '../simulation/ask.ts'
import { makeInstance } from '../simulation/make-instance.ts'
import { overspend } from '../simulation/overspend.ts'
import type { Simulation } from '../simulation/simulation.ts'
import type { PushRecord } from '../views/records.ts'
import { servicesOf } from '../views/services.ts'
import { sleepersOf } from '../views/sleepers.ts'
import { type TeamsReport, teamsOf } from '../views/teams.ts'
import type { AlarmSource, MessageSource, PersonSource, Source } from './source.ts'

/** What the console shows of a simulation. */
export function sourceOf(simulation: Simulation): Source {
  let known: PushRecord[] | undefined
  let teams: TeamsReport | undefined
  simulation.records.onChange(() => {
    known = undefined
    teams = undefined
  })
  const tasks = Object.fromEntries(
    simulation.catalog.services.map(({ name, cpu, memory, spot, platform, ...size }) => [
      name,
      { cpu, memory, spot, platform, count: Math.max(size.count, size.scaling?.min ?? 0) },
    ]),
  )
  const { world, aws, faults, environment, ecr, sfn, eventbridge, records, slack } = simulation
  return {
    world,
    start: simulation.start,
    environment: {
      name: environment.name,
      region: aws.region,
      account: aws.account,
      timeZone: environment.timeZone,
    },
    faults,
    get journal() {
      return eventbridge.journal
    },
    get executions() {
      return sfn.executions
    },
    services: () => servicesOf(simulation),
    // Read again only when the table has changed: a page asks ten times a second.
    records: () => {
      known ??= records.all
      return known
    },
    messages: () => slack.messages.map((message) => messageOf(message, authorOf(message, slack))),
    people: () => slack.people.users.map(({ id, name }) => personOf(slack, id, name)),
    alarms: () => alarmsOf(simulation),
    sleep: () => ({
      level: environment.features.sleep,
      timeZone: environment.timeZone,
      schedules: environment.schedules,
      calendars: environment.calendars,
      sleepers: sleepersOf(simulation),
      overrides: records.overrides,
      slept: records.slept,
      stays: standingOf(simulation.catalog),
      tasks,
    }),
    teams: () => {
      teams ??= teamsOf(simulation)
      return teams
    },
    press: async ({ label, ...asked }) => (await slack.does.press(label, asked)).error,
    say: (asked) => say(slack, asked),
    act: (asked) => act(simulation, asked),
    overspend: (team) => overspend(simulation, team),
    make: (by) => makeInstance(simulation, by),
    raise: (alarm) => raise(simulation, alarm),
    push: async (asked) => ecr.push(asked).digest,
  }
}

/** The person who wrote it, or Caretaker. */
const authorOf = ({ user }: SlackMessage, { people }: Slack): string =>
  user === undefined ? 'Caretaker' : (people.find(user)?.name ?? user)

function messageOf(message: SlackMessage, author: string): MessageSource {
  const { channel, ts, text, blocks, thread_ts, edits } = message
  const last = edits.at(-1)
  return {
    channel,
    ts,
    author,
    text,
    blocks,
    edits: edits.length,
    ...(last === undefined ? {} : { editedAt: last.at }),
    ...(thread_ts === undefined ? {} : { threadTs: thread_ts }),
  }
}

const personOf = ({ people }: Slack, id: string, name: string): PersonSource => ({
  id,
  name,
  shown: people.shownTo(id).map(({ kind, channel, ts, text, blocks, thread_ts }) => ({
    kind,
    channel,
    ts,
    text,
    blocks,
    ...(thread_ts === undefined ? {} : { threadTs: thread_ts }),
  })),
})

/** A command in a channel; anything else is written to the bot. */
async function say(
  slack: Slack,
  { by, channel, text, thread }: Parameters<Source['say']>[0],
): Promise<string | undefined> {
  if (text.startsWith('/') && thread === undefined) {
    return (await slack.does.command(text, { by, channel })).error
  }
  const words = text.replace(/^(@caretaker|\/caretaker)\s+/i, '')
  const parent = slack.messages.find(({ ts }) => ts === thread)
  await slack.does.mention(words, {
    by,
    channel,
    ...(parent === undefined ? {} : { thread: parent }),
  })
  return undefined
}

/** What Caretaker refuses is an error, as in a terminal. */
async function act(simulation: Simulation, { by, text }: { by: string; text: string }) {
  const answer = await askAs(simulation, by, text)
  if (answer.outcome === 'refused') throw new Error(answer.text)
  return answer.text
}

/** Who looks at the page. */
const VIEWER: Caller = { kind: 'person', name: 'console' }

function alarmsOf({ cloudwatch }: Simulation): AlarmSource[] {
  return cloudwatch.alarms.map(({ name, state, tags }) => ({
    name,
    isRed: state.value === 'ALARM',
    reason: state.reason,
    service: tags[TAGS.service] ?? '',
  }))
}

async function raise({ aws }: Simulation, alarm: string): Promise<void> {
  const input = { AlarmName: alarm, StateValue: 'ALARM', StateReason: 'Raised at the console' }
  await aws.call('cloudwatch', 'SetAlarmState', input, VIEWER)
}
