import { changesOf, isAboutItself, isOfSleep } from './changes.ts'
import type { Invariant } from './invariant.ts'

export const onlyTells: Invariant = {
  holds:
    'Dry-run makes no call that changes AWS: not while the catalog says that sleep only tells.',
  number: 8,
  when: 'always',
  violations: (trace) => {
    // `off` brings back what it has put to sleep before.
    if (trace.sleep !== 'tell') return []
    return changesOf(trace)
      .filter((call) => isOfSleep(trace, call) || call.name.endsWith('-plan-sleep'))
      .filter((call) => !isAboutItself(call, trace))
      .map(({ name, operation, resource }) => `${name} called ${operation} of ${resource}`)
  },
}
