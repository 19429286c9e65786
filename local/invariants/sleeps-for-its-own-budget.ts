import { TAGS } from '../../domain/tags.ts'
import type { Invariant } from './invariant.ts'
import { type Change, restChanges } from './rests.ts'
import type { Trace } from './trace.ts'

/** As the state function says it of what a budget puts to sleep. */
const BY_BUDGET = /^put to sleep by the budget of (\S+) until /

export const sleepsForItsOwnBudget: Invariant = {
  holds: 'A budget puts to sleep what its own team owns, and nothing else.',
  number: 8,
  when: 'always',
  violations: (trace) =>
    restChanges(trace)
      .filter(({ by, to }) => by === 'sleep' && to === 'asleep')
      .flatMap((change) => {
        const [, team] = BY_BUDGET.exec(whyOf(trace, change)) ?? []
        const owner = ownerOf(trace, change)
        if (team === undefined || owner === team) return []
        return [`${change.id} of ${owner ?? 'nobody'} was put to sleep by the budget of ${team}`]
      }),
}

/** What was noted before the call was made. */
const whyOf = ({ sleepers }: Trace, { id, at }: Change): string =>
  sleepers.findLast((one) => one.id === id && one.at <= at)?.sleeper.moving?.why ?? ''

function ownerOf({ others }: Trace, { id, call: { about } }: Change): string | undefined {
  const tags = about?.tags ?? others.find((one) => one.id === id)?.tags
  return tags?.[TAGS.owner]
}
