import { TAGS } from '../../domain/tags.ts'
import { changesOf, isAboutItself } from './changes.ts'
import type { Invariant } from './invariant.ts'

/** The tag by which a resource of a service opts in. */
const OPTED_IN: Readonly<Record<string, string>> = { ecs: TAGS.repository, ecr: TAGS.service }

export const changesOnlyWhatOptedIn: Invariant = {
  holds: 'Every call that changes AWS names a resource that is opted in at that moment.',
  number: 8,
  when: 'always',
  violations: (trace) =>
    changesOf(trace)
      .filter((call) => !isAboutItself(call, trace))
      .filter(({ about, service }) => about?.tags[OPTED_IN[service] ?? ''] === undefined)
      .map(({ name, operation, resource }) => `${name} called ${operation} of ${resource}`),
}
