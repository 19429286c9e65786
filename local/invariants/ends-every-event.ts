import { isOfEnvironment, repositoriesOf } from '../../domain/tags.ts'
import { instant } from '../../domain/time.ts'
import { isVerdict } from '../../domain/verdicts.ts'
import type { Invariant } from './invariant.ts'
import type { Taken, Trace } from './trace.ts'

/** From an event until its delivery, where the trace ends meanwhile. */
const ON_ITS_WAY_MS = 5_000

export const endsEveryEvent: Invariant = {
  holds: 'Every event taken in ends as an effect, an explained no-op, or in a DLQ.',
  number: 12,
  when: 'at the end',
  violations: (trace) => {
    const done = new Set(
      trace.invocations.filter(({ outcome }) => outcome === 'success').map(({ event }) => event),
    )
    const open = trace.items.records
      .filter(({ verdict }) => !isVerdict(verdict))
      .map(({ pk, sk, verdict }) => `${pk} ${sk} is still ${verdict}`)
    return [...open, ...trace.events.flatMap((event) => unanswered(trace, event, done))]
  },
}

function unanswered(trace: Trace, event: Taken, done: ReadonlySet<string>): string[] {
  const what = `${event.type} ${event.id}`
  const isBuried = trace.deadLetters.some((body) => body.includes(event.id))
  return event.deliveries.flatMap(({ rule, toFunction, outcome }) => {
    if (outcome === 'dead-lettered' || isBuried) return []
    if (outcome === 'pending' && event.at > trace.to - ON_ITS_WAY_MS) return []
    if (outcome !== 'delivered') return [`${what} of rule ${rule} is ${outcome}`]
    if (toFunction && !done.has(event.id)) return [`${what} of rule ${rule} has no answer`]
    return isUnrecorded(trace, event, rule) ? [`${what} has no record`] : []
  })
}

/** A push that Caretaker heard of has a record for each service that follows its repository. */
function isUnrecorded(
  { environment, items, services, calls }: Trace,
  event: Taken,
  rule: string,
): boolean {
  const { 'action-type': action, 'image-digest': digest, 'image-tag': tag } = event.detail
  const { 'repository-name': repository } = event.detail
  if (event.source !== 'aws.ecr' || action !== 'PUSH' || !rule.startsWith(`${environment}-`)) {
    return false
  }
  const at = instant(new Date(event.at))
  const subjects = items.records
    .filter(({ detail }) => detail.digest === digest && detail.tag === tag)
    .filter((record) => record.at <= at)
    .map(({ subject }) => subject)
  // A service whose tags were changed since may not have followed the repository then, and one that
  // has opted out since is not told of.
  const changed = calls
    .filter(
      ({ operation, at: then }) => /^(Tag|Untag)Resource$/.test(operation) && then >= event.at,
    )
    .map(({ input }) => String(input.resourceArn))
  const followers = services.filter(
    ({ service, tags }) =>
      repositoriesOf(tags).includes(String(repository)) &&
      isOfEnvironment(tags, environment) &&
      !changed.some((arn) => arn.endsWith(`:service/${service}`)),
  )
  // Nothing followed it then; a service that joins later is not about this push.
  if (subjects.includes('')) return false
  const unheard = subjects.length === 0 && changed.length === 0
  return unheard || followers.some(({ service }) => !subjects.includes(service))
}
