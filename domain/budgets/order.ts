import type { Named } from '../sleep/overrides.ts'
import type { Seen } from '../sleep/resource.ts'
import type { Override } from '../table/sleeper.ts'
import { VERSION } from '../table/version.ts'

/** The order by which something sleeps because the money of its team is spent. */
export const budgetOrder = (
  { id, service }: Pick<Seen, 'id' | 'service'>,
  team: string,
  { from, until, why }: Pick<Override, 'from' | 'until' | 'why'>,
): Named => ({
  ...{ version: VERSION, kind: 'asleep', source: 'budget', by: `the budget of ${team}` },
  // Who does not know `resource` yet must not take it for the whole environment.
  ...{ id: `budget#${id}`, resource: id, service: service ?? id, team, from, until, why },
})

/** Whether it is a budget's order that holds, or will. */
export const stands = ({ source, ended, until }: Override, now: Date): boolean =>
  source === 'budget' && ended === undefined && until > now.toISOString()

/** Orders of a team's budget that hold, or will. */
export const ordersOf = (overrides: readonly Named[], team: string, now: Date): Named[] =>
  overrides.filter((one) => one.team === team && stands(one, now))
