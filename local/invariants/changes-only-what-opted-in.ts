import { TAGS } from '../../domain/tags.ts'
import { changesOf, isAboutItself, isOfSleep } from './changes.ts'
import type { Invariant } from './invariant.ts'
import { isOfTags } from './tags-only-what-is-absent.ts'
import type { Call, Trace } from './trace.ts'

/** The tag by which a resource of a service opts in. */
const OPTED_IN: Readonly<Record<string, string>> = {
  ecs: TAGS.repository,
  servicediscovery: TAGS.repository,
  'application-auto-scaling': TAGS.repository,
  ecr: TAGS.service,
}

export const changesOnlyWhatOptedIn: Invariant = {
  holds: 'Every call that changes AWS names a resource that is opted in at that moment.',
  number: 8,
  when: 'always',
  violations: (trace) =>
    changesOf(trace)
      // Tags are enforced on what the catalog watches: tags-only-what-is-absent.ts.
      .filter((call) => !isOfTags(call) && !isAboutItself(call, trace))
      .filter((call) => call.about?.tags[tagOf(trace, call)] === undefined)
      .filter((call) => !isPlannedRevision(trace, call))
      .map(({ name, operation, resource }) => `${name} called ${operation} of ${resource}`),
}

const tagOf = (trace: Trace, call: Call): string =>
  isOfSleep(trace, call) ? TAGS.schedule : (OPTED_IN[call.service] ?? '')

/**
 * A revision for a service that opted out since the execution looked: registering it starts nothing,
 * and IAM knows no condition on the service for it. Its deployment is refused.
 */
function isPlannedRevision({ executions, calls }: Trace, { operation, run, about }: Call): boolean {
  if (operation !== 'RegisterTaskDefinition' || about === undefined) return false
  const planned = executions.find(({ arn }) => arn === run)?.states[0]?.at ?? 0
  return calls.some(
    (call) =>
      call.operation === 'UntagResource' &&
      call.outcome === 'ok' &&
      call.at >= planned &&
      String(call.input.resourceArn).endsWith(`:service/${about.service}`),
  )
}
