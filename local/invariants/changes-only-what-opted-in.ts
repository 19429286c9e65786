import { TAGS } from '../../domain/tags.ts'
import { changesOf, isAboutItself } from './changes.ts'
import type { Invariant } from './invariant.ts'

export const changesOnlyWhatOptedIn: Invariant = {
  holds: 'Every call that changes AWS names a resource that is opted in at that moment.',
  number: 8,
  when: 'always',
  violations: (trace) =>
    changesOf(trace)
      .filter((call) => !isAboutItself(call, trace))
      .filter(({ about }) => about?.tags[TAGS.repository] === undefined)
      .map(({ name, operation, resource }) => `${name} called ${operation} of ${resource}`),
}
