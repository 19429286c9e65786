import type { ExecutionStatus, HistoryEvent } from '@aws-sdk/client-sfn'
import type { Standing } from '../../domain/acts/who.ts'
import type { Receipt } from '../../domain/table/intent.ts'
import type { ImageDescription } from '../aws/ecr/image.ts'
import type { JournalEntry } from '../aws/eventbridge/model.ts'
import type { FaultRates } from '../aws/faults.ts'
import type { World } from '../aws/world.ts'
import type { PushRecord } from '../views/kept.ts'
import type { ServiceReport } from '../views/services.ts'
import type { TeamsReport } from '../views/teams.ts'
import type { JobView } from './job/view.ts'
import type { Revision } from './service/revisions.ts'
import type { SleepSource } from './sleep.ts'
import type { ShownView } from './view.ts'

/**
 * Where what the page shows comes from: a simulation (`simulated.ts`), or a real account
 * (`cli/console/`). What only one of them knows is absent in the other, and the page says so.
 */
export type Source = {
  readonly environment: { name: string; region: string; account: string; timeZone: string }
  /** The instant of which what is seen is. */
  now(): Date
  /** Everything that all viewers see. Reads never change anything. */
  see(): Promise<Seen>
  /** What a viewer sees instead of parts of it, because it is read only when somebody looks at it. */
  more?(watching: Watching): Promise<Partial<Seen>>
  /** Calls when there is something new to be seen; returns how to stop. */
  onChange(listener: () => void): () => void
  reader(): Reader
  /** Asks Caretaker, as `npx caretaker` does. @throws Error with why it was refused. */
  act(asked: { by: string; text: string }): Promise<string>
  /** The last lines that a service has logged, or those since an instant. */
  logs(service: string, since?: string): Promise<Logged>
  /** What a service ran and runs, the newest first, by its task definition's family. */
  revisions(service: string): Promise<readonly Revision[]>
  /** A job with its runs; null where the catalog has none of that name. */
  job(name: string): Promise<JobView | null>
  /** What one run of a job has logged: its last lines, or those since an instant. */
  jobLog(name: string, task: string, since?: string): Promise<Logged>
  /** What makes things happen; a simulation's alone. */
  readonly play?: Play
}

/** What a viewer looks at beside what all see: an execution by its ARN or name, a service by its name. */
export type Watching = { execution?: string | undefined; service?: string | undefined }

/** Who looks at the page, and what that person may do. */
export type Reader = {
  /** Undefined: one may be anybody, as in a simulation. */
  who?: Standing
  /** Nobody may act here, whoever it is, and why. */
  onlyReads?: string
  /** Why what is shown is not of now, in words. */
  trouble?: string
}

/** Lines of a log in their order, or why there are none. */
export type Logged = {
  task?: string
  lines: readonly { at: string; message: string }[]
  says: string
}

/** What makes things happen in a simulation. */
export type Play = {
  readonly world: World
  /** The first instant that is shown; the stacks were deployed before. */
  readonly start: Date
  readonly faults: { readonly rates: FaultRates; set(rates: Partial<FaultRates>): void }
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
export type Seen = {
  /** Every event that left AWS, oldest first, lost ones included; none of a real account. */
  journal: readonly JournalEntry[]
  /** Executions of machines, oldest first. */
  executions: readonly ExecutionSource[]
  services: readonly ServiceReport[]
  /** What became of each push in each service, in the order of the pushes. */
  records: readonly PushRecord[]
  /** What people have asked for, oldest first. */
  receipts: readonly ReceiptSource[]
  /** Slack's messages, oldest first; undefined where Slack is not read. */
  messages: readonly MessageSource[] | undefined
  /** Everybody in Slack, with what each of them alone sees. */
  people: readonly PersonSource[]
  alarms: readonly AlarmSource[]
  /** What carries a schedule. */
  sleep: SleepSource
  /** What is kept of teams: their budgets, tags and holds. */
  teams: TeamsReport
  reader: Reader
  /** Labels of the image that the service looked at runs, as its build has written them. */
  labels: Readonly<Record<string, string>>
  /** Why parts of what is looked at could not be read, in words. */
  unread?: string
}

/** `service`: its name; absent for an act on a team or the environment. */
export type ReceiptSource = Receipt & { service?: string }

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
