import type { EnvironmentState } from '../table/environment-state.ts'
import { cut } from '../text.ts'
import type { Observed } from './observed.ts'

type Hold = { verdict: 'frozen' | 'pinned'; reason: string }

/** A name or a reason, as somebody wrote it by hand. */
const WORDS = 200

/**
 * Who holds the service at what it runs, and why. A pin or a freeze that cannot be read holds too:
 * what somebody meant to stop is not rolled out because of a slip in how it was written.
 */
export function hold(
  observed: Pick<Observed, 'state' | 'environment' | 'team'>,
  now: Date,
): Held | undefined {
  return holdsOf(observed, now)[0]
}

/** All that holds, the strongest first: each ends by itself, and its end leaves the others. */
export function holdsOf({ state, environment, team }: Holding, now: Date): Held[] {
  const all: [Holder, Hold | undefined][] = [
    ['pin', pinOf(state?.pinned)],
    ['environment', freezeOf(environment?.frozen, now)],
    ['team', freezeOf(ofTeam(environment?.frozenTeams, team), now)],
    ['budget', freezeOf(ofTeam(environment?.budgetFrozen, team), now)],
    ['service', freezeOf(state?.frozen, now)],
  ]
  return all.flatMap(([of, held]) => (held === undefined ? [] : [{ ...held, of }]))
}

type Held = Hold & { of: Holder }
type Holding = {
  state?: { pinned?: unknown; frozen?: unknown } | undefined
  environment?: EnvironmentState | undefined
  team?: string | undefined
}

/** Whose hold it is. */
export type Holder = 'pin' | 'environment' | 'team' | 'budget' | 'service'

/** A team's freeze among those of all teams; what is no list of teams is one that cannot be read. */
export function ofTeam(frozenTeams: unknown, team: string | undefined): unknown {
  if (typeof frozenTeams !== 'object' || frozenTeams === null) return frozenTeams
  if (team === undefined || !Object.hasOwn(frozenTeams, team)) return undefined
  return (frozenTeams as Record<string, unknown>)[team]
}

export function pinOf(pinned: unknown): Hold | undefined {
  if (pinned === undefined || pinned === null || pinned === false) return undefined
  const { by, reason } = membersOf(pinned)
  const who = words(by) ?? 'somebody'
  const why = words(reason)
  return {
    verdict: 'pinned',
    reason: `${who} pinned the service to what it runs${why === undefined ? '' : `: ${why}`}`,
  }
}

/** Undefined for none, and for one that has ended; one that cannot be read holds. */
export function freezeOf(frozen: unknown, now: Date): Hold | undefined {
  if (frozen === undefined || frozen === null || frozen === false) return undefined
  const { until, by, reason } = membersOf(frozen)
  const end = dateOf(until)
  if (end !== undefined && end <= now) return undefined
  const who = words(by) ?? 'somebody'
  const why = words(reason)
  const because = why === undefined ? '' : `: ${why}`
  if (end !== undefined) {
    return {
      verdict: 'frozen',
      reason: `${who} froze roll-outs until ${words(until)}${because}`,
    }
  }
  const written = words(until)
  const found = written === undefined ? 'it has no end' : `its end, "${written}", is no date`
  return {
    verdict: 'frozen',
    reason: `${who} froze roll-outs${because}. Nothing is rolled out because ${found}; write it as 2026-03-02T18:00:00Z, or take the freeze away`,
  }
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const words = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? cut(value, WORDS) : undefined

/** A date that says its year, month and day: others are read differently by different readers. */
function dateOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? undefined : date
}
