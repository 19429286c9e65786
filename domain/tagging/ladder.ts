import type { Level } from '../features.ts'
import type { TagCase } from '../table/tag-case.ts'
import type { TagPolicy } from './policy.ts'

const DAY_MS = 24 * 60 * 60_000
/** Tools tag what they make some time after they have made it. */
export const GRACE_MS = 15 * 60_000
/** From the first sweep of an account on. */
const REPORT_ONLY_MS = 14 * DAY_MS
/** Who starts it again has answered for so long. */
export const ANSWER_MS = 7 * DAY_MS

/** What AWS has refused so often it is not asked for again: no passing refusal. */
export const REFUSED_TIMES = 3

/** Until when there are only reports. @param since when the first sweep was. */
export const reportsUntil = (since: Date): Date => new Date(since.getTime() + REPORT_ONLY_MS)

/** The policy for what goes no further than its message. */
export const onlyTelling = ({ ladder }: Pick<TagPolicy, 'ladder'>): Pick<TagPolicy, 'ladder'> => ({
  ladder: { ...ladder, upTo: 'tell' },
})

/** How things stand with a case that has something left. */
export type Standing = {
  policy: Pick<TagPolicy, 'ladder'>
  level: Level
  kept: Pick<TagCase, 'tell' | 'mark' | 'stop' | 'due' | 'answeredUntil'>
  /** When Slack has taken the messages of the steps; undefined while it has not. */
  accepted: { tell?: Date | undefined; mark?: Date | undefined }
  createdAt?: Date | undefined
  runs: boolean
  cannotStop?: string | undefined
  /** Until when nothing but reports. */
  reportsUntil: Date
  now: Date
}

export type Step =
  | { step: 'tell' }
  /** `due`: until when it has time. */
  | { step: 'mark'; due: Date }
  | { step: 'stop' }
  | { step: 'none'; because: string }

/**
 * The next step for what is left, one at a time, each once. Nothing counts before its message was
 * accepted; no date that was said moves to an earlier one, and between the message of the mark and
 * the stop there is a whole day at least.
 */
export function nextStep(standing: Standing): Step {
  const { policy, level, kept, accepted, createdAt, reportsUntil, now } = standing
  const { upTo, markAfter, stopAfter } = policy.ladder
  const none = (because: string): Step => ({ step: 'none', because })
  if (level === 'off') return none('tags are off')
  if (now < reportsUntil) return none('the first 14 days report only')
  if (createdAt !== undefined && now.getTime() < createdAt.getTime() + GRACE_MS) {
    return none('it was made just now')
  }
  if (kept.tell === undefined) return { step: 'tell' }
  if (accepted.tell === undefined) return none('nobody was told yet')
  if (level !== 'act' || upTo === 'tell') return none('the ladder ends with the message')
  if (kept.answeredUntil !== undefined && now < new Date(kept.answeredUntil)) {
    return none('somebody has started it')
  }
  if (kept.mark === undefined) {
    if (now < after(accepted.tell, markAfter)) return none('its time runs')
    const promised = after(accepted.tell, stopAfter)
    return { step: 'mark', due: later(promised, after(now, 1)) }
  }
  if (upTo === 'mark') return none('the ladder ends with the mark')
  return stopOf(standing)
}

function stopOf({ kept, accepted, runs, cannotStop, now }: Standing): Step {
  const none = (because: string): Step => ({ step: 'none', because })
  if (cannotStop !== undefined) return none(cannotStop)
  if (!runs) return none('it does not run')
  if (accepted.mark === undefined) return none('nobody was told of the mark yet')
  // A date that cannot be read holds.
  const due = new Date(kept.due ?? '')
  if (Number.isNaN(due.getTime())) return none('its date cannot be read')
  const earliest = later(due, after(accepted.mark, 1))
  return now < earliest ? none('its time runs') : { step: 'stop' }
}

const HOUR_MS = 60 * 60_000

/** Why what is older than the first sweep is not stopped, unless the catalog agrees to that. */
export const OLDER =
  'it is older than this look at tags: `ladder.alsoOlder` in the catalog says that such may be stopped'

/**
 * Whether something was there before the first sweep. An instance's own time is that of its last
 * start: what was found incomplete at the first sweep is older, whatever it says.
 *
 * @param since when the first sweep was.
 */
export function isOlder(
  createdAt: Date | undefined,
  kept: Pick<TagCase, 'creator' | 'since'> | undefined,
  since: Date,
): boolean {
  const opened = kept?.since === undefined ? Number.NaN : Date.parse(kept.since)
  if (opened <= since.getTime() + HOUR_MS) return true
  const made = kept?.creator === undefined ? createdAt : new Date(kept.creator.at)
  return made === undefined || made < since
}

const after = (from: Date, days: number): Date => new Date(from.getTime() + days * DAY_MS)
const later = (one: Date, other: Date): Date => (one > other ? one : other)
