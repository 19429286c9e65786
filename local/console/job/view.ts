import type { ActView } from '../service/view.ts'
import type { Tone } from '../tone.ts'

/** What the console shows of one job: plain JSON. Instants are ISO 8601. */
export type JobView = {
  name: string
  team: string
  cluster: string
  /** What each run pulls anew: `nightly-report:main`. */
  image: string
  /** What one task is given, in words. */
  size: string
  /** When it runs. */
  schedule: { expression: string; timeZone: string; isOn: boolean; next?: string }
  /** The newest first. */
  runs: RunView[]
  alarms: { name: string; isRed: boolean; why: string }[]
  acts: ActView[]
  /** E-mail addresses of who may act: its team's members, then the operators. */
  people: string[]
  /** Why whoever looks may not. */
  mayNot?: string
}

/** One task of a job. */
export type RunView = {
  /** The id of its task. */
  task: string
  at: string
  until?: string
  word: 'starting' | 'running' | 'succeeded' | 'failed' | 'ended'
  tone: Tone
  /** Why it failed, or what is not known of it. */
  says: string
  /** Who started it by hand; absent for its schedule, and where AWS does not say. */
  by?: string
  digest?: string
}
