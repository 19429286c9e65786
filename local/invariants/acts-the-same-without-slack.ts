import { changesOf, isAboutItself } from './changes.ts'
import type { Comparison } from './invariant.ts'
import type { Call, Trace } from './trace.ts'

const MINUTE = 60_000

export const actsTheSameWithoutSlack: Comparison = {
  holds: 'Slack down for six hours changes no AWS action.',
  number: 11,
  between: 'Slack down',
  differences: (calm, disturbed) => {
    const [up, down] = [actionsOf(calm), actionsOf(disturbed)]
    return [...new Set([...up.keys(), ...down.keys()])].flatMap((action) => {
      const [was, is] = [up.get(action) ?? [], down.get(action) ?? []]
      const isSame =
        was.length === is.length &&
        was.every(({ at }, place) => Math.abs(at - (is[place]?.at ?? 0)) <= MINUTE)
      return isSame ? [] : [`${action}: ${times(was)} with Slack, ${times(is)} without`]
    })
  },
}

/** What Caretaker did to AWS, besides keeping its own table, queue and topic. */
function actionsOf(trace: Trace): Map<string, Call[]> {
  const actions = changesOf(trace).filter(
    (call) => call.operation === 'StartExecution' || !isAboutItself(call, trace),
  )
  return Map.groupBy(
    actions,
    ({ operation, resource, digests }) => `${operation} of ${resource} ${digests.join(' ')}`,
  )
}

const times = (calls: readonly Call[]): string =>
  calls.map(({ at }) => new Date(at).toISOString().slice(11, 19)).join(', ') || 'never'
