import type {
  DescribeServicesResponse,
  DescribeTaskDefinitionResponse,
  ListClustersResponse,
  ListTaskDefinitionsResponse,
} from '@aws-sdk/client-ecs'
import { compileCatalog } from '../../catalog/compile.ts'
import { standingOf as staysOf } from '../../catalog/standing.ts'
import { standingOf } from '../../domain/acts/who.ts'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Caller } from '../aws/aws.ts'
import type { Slack, SlackMessage } from '../outside/slack/slack.ts'
import { askAs } from '../simulation/ask.ts'
import { makeInstance } from '../simulation/make-instance.ts'
import { overspend } from '../simulation/overspend.ts'
import type { Simulation } from '../simulation/simulation.ts'
import type { PushRecord } from '../views/kept.ts'
import { type ServiceReport, servicesOf } from '../views/services.ts'
import { sleepersOf } from '../views/sleepers.ts'
import { type TeamsReport, teamsOf } from '../views/teams.ts'
import { jobToRun } from './actions.ts'
import { jobsOf } from './job/simulated.ts'
import { type Labels, labelsOf } from './labels.ts'
import { receiptsOf } from './receipts.ts'
import { loggedOf, logsCommand } from './service/logs.ts'
import { type Revision, readRevisions } from './service/revisions.ts'
import type { SleepSource } from './sleep.ts'
import type {
  AlarmSource,
  MessageSource,
  PersonSource,
  Play,
  Reader,
  ReceiptSource,
  Seen,
  Source,
  Watching,
} from './source.ts'

/** What the console shows of a simulation. It changes whenever its time passes (`Pace`). */
export function sourceOf(simulation: Simulation): Source & { play: Play } {
  const seen = new Reading(simulation)
  const { world, aws, faults, environment } = simulation
  const asker = personIn(simulation)
  const jobs = jobsOf(simulation, READER)
  return {
    environment: {
      name: environment.name,
      region: aws.region,
      account: aws.account,
      timeZone: environment.timeZone,
    },
    now: () => world.date,
    see: () => seen.all(),
    more: (watching) => seen.more(watching),
    onChange: () => () => undefined,
    reader: () => ANYBODY,
    act: async (asked) => {
      const job = jobToRun(asked.text)
      if (job === undefined) return act(simulation, asked)
      const { teams } = await seen.all()
      const who = standingOf(teams.catalog, { kind: 'person', email: asked.by })
      return jobs.start(job, asked.by, { teams, reader: { who } })
    },
    logs: async (service, since) =>
      loggedOf(await askAs(simulation, asker, logsCommand(service, since))),
    revisions: (service) => revisionsOf(simulation, service),
    job: async (name) => jobs.see(name, await seen.all(), world.date),
    jobLog: (name, task, since) => jobs.log(name, task, since),
    play: { world, start: simulation.start, faults, ...playOf(simulation) },
  }
}

/** Here one may be anybody. */
const ANYBODY: Reader = {}

/** Somebody of the catalog, who may read everything. */
const personIn = ({ environment: { operators, teams } }: Simulation): string =>
  [operators, ...Object.values(teams)].flatMap(({ members }) => members)[0]?.email ?? ''

/** What is read of a simulation, and kept until it has changed: a page asks ten times a second. */
class Reading {
  readonly #simulation: Simulation
  readonly #tasks: SleepSource['tasks']
  readonly #catalog: CompiledCatalog
  #services: readonly ServiceReport[] = []
  readonly #labels = new Map<string, Promise<Labels>>()
  #known: PushRecord[] | undefined
  #receipts: ReceiptSource[] | undefined
  #teams: TeamsReport | undefined

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#tasks = tasksOf(simulation)
    this.#catalog = compileCatalog(simulation.catalog)
    simulation.records.onChange(() => {
      this.#known = undefined
      this.#receipts = undefined
      this.#teams = undefined
    })
  }

  async all(): Promise<Seen> {
    const simulation = this.#simulation
    const { slack, eventbridge, sfn, records } = simulation
    this.#known ??= records.all
    this.#receipts ??= receiptsOf(records)
    this.#teams ??= teamsOf(this.#catalog, records, (id, ts) => channelOf(simulation, id, ts))
    this.#services = await servicesOf(simulation)
    return {
      journal: eventbridge.journal,
      executions: sfn.executions,
      services: this.#services,
      records: this.#known,
      receipts: this.#receipts,
      messages: slack.messages.map((message) => messageOf(message, authorOf(message, slack))),
      people: slack.people.users.map(({ id, name }) => personOf(slack, id, name)),
      alarms: alarmsOf(simulation),
      sleep: this.#sleep(),
      teams: this.#teams,
      reader: ANYBODY,
      labels: {},
    }
  }

  /** The labels of the image that the service looked at runs. */
  async more({ service: name }: Watching): Promise<Partial<Seen>> {
    if (name === undefined) return {}
    const service = this.#services.find((one) => one.name === name)
    const [repository] = service?.repositories ?? []
    const { digest } = service?.running ?? {}
    if (repository === undefined || digest === undefined) return {}
    const labels = this.#labels.get(digest) ?? labelsOf(this.#simulation, repository, digest)
    this.#labels.set(digest, labels)
    return { labels: await labels }
  }

  #sleep(): SleepSource {
    const { environment, records, catalog } = this.#simulation
    return {
      level: environment.features.sleep,
      timeZone: environment.timeZone,
      schedules: environment.schedules,
      calendars: environment.calendars,
      sleepers: sleepersOf(this.#simulation),
      overrides: records.overrides,
      slept: records.slept,
      stays: staysOf(catalog),
      tasks: this.#tasks,
    }
  }
}

const tasksOf = ({ catalog }: Simulation): SleepSource['tasks'] =>
  Object.fromEntries(
    catalog.services.map(({ name, cpu, memory, spot, platform, ...size }) => [
      name,
      { cpu, memory, spot, platform, count: Math.max(size.count, size.scaling?.min ?? 0) },
    ]),
  )

/** The table has Slack's id of the channel; people know its name. */
const channelOf = ({ slack }: Simulation, id: string, ts: string): string =>
  slack.messages.find((one) => one.ts === ts)?.channel ?? id

const playOf = (simulation: Simulation): Omit<Play, 'world' | 'start' | 'faults'> => ({
  press: async ({ label, ...asked }) => (await simulation.slack.does.press(label, asked)).error,
  say: (asked) => say(simulation.slack, asked),
  overspend: (team) => overspend(simulation, team),
  make: (by) => makeInstance(simulation, by),
  raise: (alarm) => raise(simulation, alarm),
  push: async (asked) => simulation.ecr.push(asked).digest,
})

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
  { by, channel, text, thread }: Parameters<Play['say']>[0],
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

/** The revisions of the family that a service runs, the newest first. */
async function revisionsOf({ aws }: Simulation, name: string): Promise<Revision[]> {
  const read = <Output>(operation: string, input: object) =>
    aws.call<Output>('ecs', operation, input, READER)
  const { clusterArns = [] } = await read<ListClustersResponse>('ListClusters', {})
  for (const cluster of clusterArns) {
    const asked = { cluster, services: [name] }
    const { services = [] } = await read<DescribeServicesResponse>('DescribeServices', asked)
    const [service] = services
    if (service === undefined) continue
    const reads = {
      list: (input: object) => read<ListTaskDefinitionsResponse>('ListTaskDefinitions', input),
      describe: (input: object) =>
        read<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', input),
    }
    return readRevisions(reads, service.taskDefinition ?? '')
  }
  return []
}

/** Not logged as a call: the console is not part of the environment. */
const READER: Caller = { kind: 'aws', name: 'console' }

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
