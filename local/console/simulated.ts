import type { Slack, SlackMessage } from '../outside/slack/slack.ts'
import type { Simulation } from '../simulation/simulation.ts'
import type { PushRecord } from '../views/records.ts'
import { servicesOf } from '../views/services.ts'
import type { MessageSource, Source } from './source.ts'

/** What the console shows of a simulation. */
export function sourceOf(simulation: Simulation): Source {
  let known: PushRecord[] | undefined
  simulation.records.onChange(() => {
    known = undefined
  })
  const { world, aws, faults, environment, ecr, sfn, eventbridge, records, slack } = simulation
  return {
    world,
    start: simulation.start,
    environment: { name: environment.name, region: aws.region, account: aws.account },
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
