import { isOfEnvironment } from '../../domain/tags.ts'
import type { Invariant } from './invariant.ts'
import { isExcused, wantedBy } from './wanted.ts'

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
      const runs = service.running.join(', ') || 'nothing'
      return [`${service.service} runs ${runs}; ${wanted.tag} names ${wanted.digest}`]
    }),
}
