import { isOfEnvironment, TAGS } from '../../domain/tags.ts'
import { isOurs } from './changes.ts'
import type { Invariant } from './invariant.ts'
import type { Service, Trace } from './trace.ts'
import { isExcused, type Wanted, wantedBy } from './wanted.ts'

export const runsWhatItsTagNames: Invariant = {
  holds:
    'Once pushes stop and faults heal, every managed awake service runs the digest its tag names now, even if every push event was lost.',
  number: 1,
  when: 'at the end',
  violations: (trace) =>
    trace.services.flatMap((service) => {
      // Another environment's has a Caretaker of its own.
      if (!isOfEnvironment(service.tags, trace.environment)) return []
      const wanted = wantedBy(trace, service, trace.to)
      // A service without tasks sleeps; one that has never had an image waits for its first.
      const asleep = service.desired === 0 && !service.placeholder
      if (wanted === undefined || asleep) return []
      if (isExcused(trace, service.service, wanted)) return []
      if (service.running.includes(wanted.digest)) return []
      if (service.running.length === 0 && isBetweenTasks(trace, service, wanted)) return []
      const runs = service.running.join(', ') || 'nothing'
      return [`${service.service} runs ${runs}; ${wanted.tag} names ${wanted.digest}`]
    }),
}

/**
 * ECS is just about to start the next task of the image, whose tasks fail one after another, and
 * nobody is to undo that: somebody else has deployed it, or it has held, since its tasks run longer
 * than a person has said that images are watched there.
 */
function isBetweenTasks(trace: Trace, { service }: Service, { digest }: Wanted): boolean {
  const tasks = trace.tasks.filter((task) => task.service === service)
  if (tasks.at(-1)?.digests.includes(digest) !== true) return false
  const deployed = trace.calls.findLast(
    (call) =>
      isOurs(call) &&
      call.operation === 'UpdateService' &&
      call.outcome === 'ok' &&
      call.about?.service === service &&
      call.digests.includes(digest),
  )
  if (deployed === undefined) return true
  const bakeSeconds = Number(deployed.about?.tags[TAGS.bake])
  const own = tasks.filter(({ digests }) => digests.includes(digest))
  const started = own.find(({ status }) => status === 'RUNNING')?.at ?? Number.NaN
  const failed = own.find((task) => task.failed)?.at ?? Number.NaN
  return failed - started >= bakeSeconds * 1000
}
