import { changesOf } from './changes.ts'
import { handedOn } from './handed-on.ts'
import type { Invariant } from './invariant.ts'
import type { Request, Trace } from './trace.ts'

export const changesNothingForStrangers: Invariant = {
  holds: 'Unsigned, stale or foreign input changes nothing.',
  number: 14,
  when: 'always',
  violations: (trace) => {
    const requests = new Map(trace.requests.map((request) => [request.run, request]))
    return changesOf(trace).flatMap(({ run, name, operation, resource }) => {
      const request = requests.get(run)
      if (request === undefined || isVerified(trace, request)) return []
      return [`${name} called ${operation} of ${resource} for somebody whom nobody knows`]
    })
  },
}

/** What answers in Slack is also handed on by the entrance, for a request that Slack has signed. */
function isVerified(trace: Trace, { entrance, genuine, id }: Request): boolean {
  if (!genuine || entrance !== 'answer-slack') return genuine
  return handedOn(trace).some((one) => one.id === id && one.request.genuine)
}
