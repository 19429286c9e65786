import type { Tone } from '../tone.ts'

/** What the console shows of a team: plain JSON. Instants are ISO 8601, sums are said in words. */
export type TeamView = {
  name: string
  channel: string
  /** E-mail addresses. */
  members: string[]
  /** They may act for every team. */
  operators: string[]
  /** Why whoever looks may not act for it. */
  mayNot?: string
  /** Its own budget, and the environment's where the team is told of that; empty: the catalog gives none. */
  budgets: BudgetView[]
  holds: HoldView[]
  /** The dearest first. */
  services: CostView[]
  /** Its jobs, tasks that run by their schedules and no services, with their alarms that are red. */
  jobs: { name: string; red: string[] }[]
  /** What a day of all that is awake costs, and the names of what has no known price. */
  day: { usd: string; unpriced: string[] }
  tags: TagsView
}

export type BudgetView = {
  /** `ordering`, or the environment's name for the budget of all teams. */
  about: string
  /** The whole of it in one line: `$212.50 of $250.00 spent`, `no figures yet`. */
  line: { says: string; tone: Tone }
  /** Why there is no figure, and what makes one; absent where there is one. */
  unknown?: string
  /** Of this month, in US dollars; absent: not known. */
  figure?: { spent: string; limit: string; share: number; forecastShare?: number; month: string }
  /** What is expected by the end of the month, or why nothing is. */
  forecast?: string
  /** Since when Caretaker has seen the figure as it is. */
  changedAt?: string
  /** A limit that differs, figures of the month before. */
  notes: string[]
  /** What Caretaker may do about it, in a sentence. */
  level: string
  /** What was done and said, newest first. */
  steps: StepView[]
}

export type StepView = {
  at: string
  tone: Tone
  says: string
  /** Where it was told; absent: nobody was told yet. */
  told?: { channel: string; at: string }
  /** What costs more than a week before, in a sentence. */
  grown?: string
  /** What undoes it, of a step that stands; what has undone it, of one that is over. */
  undo: string
  endedAt?: string
}

/** Something that is kept from happening. */
export type HoldView = {
  /** What is held: `orders`, `all roll-outs of ordering`. */
  about: string
  /** Who holds it and why, in a sentence; it may hold instants. */
  says: string
  /** What ends it; commands stand between backticks. */
  ends: string
}

/** Something that costs money while it is awake. */
export type CostView = {
  name: string
  kind: string
  /** `absent`: nothing was deployed to it yet. */
  state: 'awake' | 'asleep' | 'changing' | 'absent'
  /** What runs, or why nothing does. */
  runs: string
  /** What a day of it costs while it is awake; absent: its price is not known. */
  usd?: string
  /** It is a service, which may be put to sleep or woken. */
  act?: 'sleep' | 'wake'
}

export type TagsView = {
  /** In one line, for the list of teams. */
  line: { says: string; tone: Tone }
  /** How far Caretaker goes, in sentences. */
  level: string[]
  /** Of all that is watched, by the week's first look: Monday's date. */
  counted?: { complete: number; total: number; percent: number; week: string }
  /** As the last reports say, newest first. */
  reports: { at: string; complete: number; total: number; percent: number }[]
  /** What the newest report says besides. */
  notes: string[]
  /** What is not complete, the oldest first, and how many more there are. */
  cases: TagCaseView[]
  more: number
}

export type TagCaseView = {
  id: string
  name: string
  type: string
  /** What is missing or wrong, in words. */
  left: string[]
  since: string
  /** Who has made it, where that is known. */
  by?: string
  /** Keys that Caretaker has written, at any time. */
  wrote?: string[]
  /** The steps that were taken, in words. */
  done: { says: string; at: string }[]
  /** The next step, and when at the earliest; without a date it says why there is none. */
  next: { says: string; at?: string }
}
