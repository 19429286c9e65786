import { dayAfter, instantOf, localTime } from '../../../domain/local-time.ts'
import type { TagCase } from '../../../domain/table/tag-case.ts'
import { nextStep, onlyTelling, reportsUntil, type Step } from '../../../domain/tagging/ladder.ts'
import type { TagPolicy } from '../../../domain/tagging/policy.ts'
import { staysTold } from '../../../domain/tagging/progress.ts'
import { DAILY_SWEEP } from '../../../domain/tagging/sweep-time.ts'
import type { TeamsReport } from '../../views/teams.ts'
import type { TagCaseView } from './view.ts'

/** Days that are looked ahead: more than a ladder takes. */
const AHEAD = 60

/**
 * The next step of the ladder for something that lacks tags: what the ladder itself would answer at
 * each daily sweep to come, if nothing changed until then.
 *
 * @param sweeps by `sweepsAfter`; the same for everything that is shown at a moment.
 */
export function nextStepOf(
  report: TeamsReport,
  policy: TagPolicy,
  one: TagCase,
  sweeps: readonly Date[],
  now: Date,
): TagCaseView['next'] {
  const { catalog, tags } = report
  const { tell, mark, stop } = one
  if (stop !== undefined) return { says: one.stopped === true ? STOPPED : STILL_RUNS }
  const standing = {
    policy: staysTold(one) ? onlyTelling(policy) : policy,
    level: catalog.features.tags,
    kept: one,
    accepted: { tell: acceptedAt(report, tell), mark: acceptedAt(report, mark) },
    // Whether it runs is read by the sweep, and not kept.
    runs: true,
    cannotStop: one.stays,
    reportsUntil: reportsUntil(new Date(tags?.since ?? now)),
  }
  for (const sweep of sweeps) {
    const next = nextStep({ ...standing, now: sweep })
    if (next.step !== 'none') return { says: wordsOf(next), at: sweep.toISOString() }
  }
  const last = nextStep({ ...standing, now })
  return { says: `nothing more: ${last.step === 'none' ? last.because : wordsOf(last)}` }
}

const STOPPED = 'stopped; it is started again by the sweep that finds its tags complete'
const STILL_RUNS = 'a stop was asked for; the next sweep sees whether it has stopped'

function wordsOf(step: Step): string {
  switch (step.step) {
    case 'tell':
      return 'its owner is told'
    case 'mark':
      return 'it is marked with a date'
    case 'stop':
      return 'it is stopped, if it runs; nothing is deleted'
    default:
      return ''
  }
}

function acceptedAt(report: TeamsReport, step: TagCase['tell']): Date | undefined {
  const told = step === undefined ? undefined : report.told(step.notice)
  return told === undefined ? undefined : new Date(told.at)
}

/** The daily sweeps after an instant, in the environment's zone. */
export function sweepsAfter(now: Date, timeZone: string): Date[] {
  const { date } = localTime(now, timeZone)
  return Array.from({ length: AHEAD }, (_, day) =>
    instantOf(dayAfter(date, day), DAILY_SWEEP, timeZone),
  ).filter((at) => at > now)
}
