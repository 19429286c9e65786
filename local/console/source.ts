import type { ExecutionStatus, HistoryEvent } from '@aws-sdk/client-sfn'
import type { ImageDescription } from '../aws/ecr/image.ts'
import type { JournalEntry } from '../aws/eventbridge/model.ts'
import type { FaultRates } from '../aws/faults.ts'
import type { World } from '../aws/world.ts'
import type { PushRecord } from '../views/records.ts'
import type { ServiceReport } from '../views/services.ts'
import type { TeamsReport } from '../views/teams.ts'
import type { SleepSource } from './sleep.ts'
import type { ShownView } from './view.ts'

/** What the console needs of a simulation, and nothing else. */
export type Source = {
  readonly world: World
  /** The first instant that is shown; the stacks were deployed before. */
  readonly start: Date
  readonly environment: { name: string; region: string; account: string; timeZone: string }
  readonly faults: { readonly rates: FaultRates; set(rates: Partial<FaultRates>): void }
  /** Every event that left AWS, oldest first, lost ones included. */
  readonly journal: readonly JournalEntry[]
  /** Every execution of every machine, oldest first. */
  readonly executions: readonly ExecutionSource[]
  services(): Promise<readonly ServiceReport[]>
  /** What became of each push in each service, in the order of the pushes. */
  records(): readonly PushRecord[]
  /** Slack's messages, oldest first. */
  messages(): readonly MessageSource[]
  /** Everybody in Slack, with what each of them alone sees. */
  people(): readonly PersonSource[]
  /** What carries a schedule. */
  sleep(): SleepSource
  /** What is kept of teams: their budgets, tags and holds. */
  teams(): TeamsReport
  /** The alarms of the environment. */
  alarms(): readonly AlarmSource[]
  /** A person presses a button. @returns what Slack tells them when the app did not take it. */
  press(asked: {
    by: string
    ts: string
    label: string
    ephemeral: boolean
  }): Promise<string | undefined>
  /** A person types a command, or writes to the bot. @returns as `press` does. */
  say(asked: {
    by: string
    channel: string
    text: string
    thread?: string | undefined
  }): Promise<string | undefined>
  /** A person asks Caretaker, as `npx caretaker` does. @throws Error with why it was refused. */
  act(asked: { by: string; text: string }): Promise<string>
  /** A team spends more than before. @returns what billing shows. */
  overspend(team: string): Promise<string>
  /** A person starts an instance without tags. @returns its id. */
  make(by: string): Promise<string>
  /** A person sets an alarm to red. */
  raise(alarm: string): Promise<void>
  /** Builds and pushes an image; answers with its digest. */
  push(asked: { repository: string; tag: string; image: ImageDescription }): Promise<string>
}

/** A source at one moment, read once for all parts of the view. */
export type Seen = Pick<Source, 'journal' | 'executions'> & {
  services: readonly ServiceReport[]
  records: readonly PushRecord[]
  messages: readonly MessageSource[]
  people: readonly PersonSource[]
  alarms: readonly AlarmSource[]
  sleep: SleepSource
  teams: TeamsReport
}

export async function see(source: Source): Promise<Seen> {
  return {
    journal: source.journal,
    executions: source.executions,
    services: await source.services(),
    records: source.records(),
    messages: source.messages(),
    people: source.people(),
    alarms: source.alarms(),
    sleep: source.sleep(),
    teams: source.teams(),
  }
}

/** The part of an `Execution` that is drawn. */
export type ExecutionSource = {
  readonly arn: string
  readonly machine: { readonly arn: string; readonly name: string; readonly text: string }
  readonly status: ExecutionStatus
  readonly startDate: Date
  readonly stopDate: Date | undefined
  readonly inputText: string
  readonly output: string | undefined
  readonly error: string | undefined
  readonly cause: string | undefined
  readonly history: { readonly events: readonly HistoryEvent[] }
}

export type MessageSource = {
  channel: string
  ts: string
  author: string
  text: string
  blocks: unknown[]
  /** Of the message this one answers. */
  threadTs?: string
  edits: number
  editedAt?: string
}

export type PersonSource = { id: string; name: string; shown: readonly ShownView[] }

export type AlarmSource = { name: string; isRed: boolean; reason: string; service: string }
