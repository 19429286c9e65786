import type { Speed } from '../simulation/pace.ts'
import type { ServicePageView } from './service/view.ts'
import type { HoldView, TeamView } from './teams/view.ts'
import type { Tone } from './tone.ts'

/** What the console shows: plain JSON, made by the server and drawn by the app. Instants are ISO 8601. */
export type View = {
  /** The instant of which all is. */
  clock: { now: string }
  /** Of a simulation: how its time runs, and what goes wrong in it. Null for a real account. */
  play: PlayView | null
  reader: ReaderView
  environment: { name: string; region: string; account: string; timeZone: string }
  sleep: SleepView
  services: ServiceView[]
  /** What holds all roll-outs of the environment, or keeps all of it awake or asleep. */
  held: HoldView[]
  /** In the catalog's order. */
  teams: TeamView[]
  /** Newest first. */
  timeline: StoryView[]
  /** Newest first; runs that found nothing to do are counted, not listed. */
  executions: { listed: ExecutionSummary[]; idle: number }
  /** In the order of their first message; null where Slack is not read. */
  channels: ChannelView[] | null
  /** Names of all alarms. */
  alarms: string[]
  /** Who one may be in Slack. */
  people: PersonView[]
  /** The execution the viewer looks at. */
  execution: ExecutionView | null
  /** The definition of its machine. */
  machine: MachineView | null
  /** The service whose page the viewer is on. */
  service: ServicePageView | null
  /** Why parts of what is looked at could not be read. */
  unread: string | null
}

/** The parts that are sent separately when they change. */
export type Part = keyof View

export type PlayView = { start: string; speed: Speed; skipping: boolean; faults: FaultsView }

/** Who looks, and what is wrong with what is seen. */
export type ReaderView = {
  /** As AWS says it; absent where one may be anybody. */
  name?: string
  /** Why nobody may act here. */
  onlyReads?: string
  /** Why what is shown is not of now. */
  trouble?: string
}

/** What sleeps by which schedule, and what is next. */
export type SleepView = {
  /** How much Caretaker does about it (`features.sleep`). */
  level: 'off' | 'tell' | 'act'
  schedules: { name: string; state: string; reason: string; next?: EdgeView }[]
  /** In the order in which they wake. */
  resources: SleeperView[]
  overrides: { kind: string; about: string; by: string; until: string; why: string }[]
  /** What the coming night is expected to save, or the one that has begun; absent when none comes soon. */
  ahead?: NightView
  /** Last week, and this week so far. */
  saved: SavedView[]
}

/** What sleep is worth in some time, in words, at list price. */
export type NightView = {
  title: string
  /** Of all teams together. */
  hours: string
  usd: string
  /** The dearest first. */
  teams: { team: string; hours: string; usd: string; unpriced: string[] }[]
}

/** The same of a week that is over, or so far. */
export type SavedView = NightView & {
  /** What the environment paid all the same, and that together. */
  stays: { what: string; usd: string }[]
  staysTogether: string
}

export type EdgeView = { at: string; state: string; reason: string }

export type SleeperView = {
  id: string
  name: string
  kind: string
  owner: string
  schedule: string
  state: 'awake' | 'asleep' | 'waking' | 'going to sleep'
  since: string
  why: string
  /** Somebody else has started or stopped it; that holds until then. */
  hand?: { by: string; until: string }
  /** Nobody uses it: it sleeps then, if nobody does until then. */
  unused?: { sleeps: string; why: string }
  /** What AWS has answered. */
  error?: string
}

/** The share of events that each fault affects, from 0 to 1. */
export type FaultsView = { lose: number; duplicate: number; delay: number; reorder: number }

/**
 * `changing`: on its way. `held`: waits for somebody, or for a time. `resting`: meant not to run. `unknown`: there is nothing to tell, for
 * instance of a service that nothing was pushed for yet.
 */
export type LightState = 'yes' | 'changing' | 'held' | 'no' | 'resting' | 'unknown'

/** One of a service's three lights: two or three words, and the sentence behind them. */
export type Light = { state: LightState; says: string; why: string }

export type ServiceView = {
  name: string
  cluster: string
  owner: string
  /** Repositories whose pushes it follows. */
  repositories: string[]
  /** `caretaker:deploy`: which pushes it takes. */
  takes: string
  /** The tag is empty for an image that did not come by one. */
  running: { tag: string; digest: string } | null
  tasks: { running: number; desired: number }
  /** When something was rolled out for it last, or was tried; absent where nothing ever was. */
  changedAt?: string
  /** What a day of it costs while it is awake, in US dollars and in words; absent: not known. */
  day?: { usd: number; says: string }
  /** Names of its alarms that are red, with why. */
  alarms: { name: string; why: string }[]
  asAsked: Light
  healthy: Light
  awake: Light
}

/** One push, or one act of a person, and everything that came of it. */
export type StoryView = {
  id: string
  at: string
  /** What was pushed, or asked for; absent for an act that names no image. */
  image?: { repository: string; tag: string; digest: string }
  /** Who asked for it, and by which command; absent for a push. */
  asked?: { by: string; words: string }
  /** Names of the services it was about. */
  services: string[]
  verdicts: { service: string; word: string; tone: Tone; execution?: string }[]
  /** Oldest first. */
  steps: Step[]
}

export type Step = {
  at: string
  kind: 'event' | 'fault' | 'decision' | 'deployment' | 'verdict'
  tone: Tone
  text: string
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

export type ExecutionSummary = {
  arn: string
  machine: string
  /** Why it was started, in words: `orders:main was pushed`. */
  title: string
  status: ExecutionStatus
  startedAt: string
  endedAt?: string
  /** `orders: rolled back`, one per item that has a verdict, and how bad that is. */
  result?: string
  tone?: Tone
}

export type RunStatus = 'running' | 'succeeded' | 'caught' | 'failed' | 'aborted'

/** One visit of one state. */
export type Run = {
  /** The iteration it is in: `Services/0`; empty at the top. */
  scope: string
  state: string
  status: RunStatus
  enteredAt: string
  exitedAt?: string
  /** How often its work was tried; 1 without a retry. */
  attempts: number
  input?: string
  output?: string
  error?: string
  cause?: string
}

/** One item of a Map. */
export type Iteration = { scope: string; label: string; status: RunStatus }

/** What became of one service in an execution, and where that was told. */
export type OutcomeView = {
  service: string
  word: string
  tone: Tone
  reason: string
  /** Who asked for it; absent for a push. */
  by?: string
  told?: { channel: string; at: string; text?: string }
}

export type ExecutionView = ExecutionSummary & {
  outcomes: OutcomeView[]
  input: string
  output?: string
  error?: string
  cause?: string
  runs: Run[]
  iterations: Iteration[]
}

/** A machine's definition in the Amazon States Language, as JSON text. */
export type MachineView = { arn: string; name: string; definition: string }

export type ChannelView = { name: string; messages: MessageView[] }

/** A person in Slack, with what only this person sees, oldest first. */
export type PersonView = { id: string; name: string; shown: ShownView[] }

export type ShownView = {
  kind: 'ephemeral' | 'error'
  channel: string
  ts: string
  text: string
  blocks: unknown[]
  threadTs?: string
}

export type MessageView = {
  ts: string
  /** Who posts: the app's name. */
  author: string
  text: string
  /** Block Kit, as it was sent. */
  blocks: unknown[]
  /** Instant of the last edit. */
  editedAt?: string
  edits: number
  replies: MessageView[]
}
