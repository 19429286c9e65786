import type { HoldView } from '../teams/view.ts'
import type { Tone } from '../tone.ts'

/** What the console shows of one service: plain JSON. Instants are ISO 8601. */
export type ServicePageView = {
  name: string
  /** Empty for a service that no team of the catalog owns. */
  team: string
  cluster: string
  /** `caretaker:deploy`, and the repositories that it follows. */
  takes: string
  repositories: string[]
  /** What its tasks run, since when and by whom where a record of the table says so. */
  running?: { tag: string; digest: string; since?: string; by?: string }
  tasks: string
  /** What a day of it costs while it is awake; absent: its price is not known. */
  usd?: string
  facts: FactView[]
  holds: HoldView[]
  alarms: { name: string; isRed: boolean; why: string }[]
  /** The newest first. */
  history: VerdictView[]
  acts: ActView[]
  /** E-mail addresses of who may act: its team's members, then the operators. */
  people: string[]
  /** Why whoever looks may not. */
  mayNot?: string
  /** Which commit runs, by the labels of its image; absent where the build has written none. */
  commit?: { revision: string; url?: string; built?: string }
}

/** One line of what is known: `Awake: asleep, until …`. */
export type FactView = { name: string; says: string; tone: Tone }

export type VerdictView = {
  at: string
  tag: string
  digest: string
  word: string
  tone: Tone
  reason: string
  /** Who asked for it; absent for a push. */
  by?: string
  /** ARN of the execution that made it. */
  execution?: string
}

/** Something that a person may ask Caretaker for. */
export type ActView = {
  /** On the button: `Sleep orders`. */
  label: string
  /** The command, as it is typed in a terminal: `sleep orders`. */
  text: string
  /** What it does, in a sentence, before it is done. */
  does: string
}
