import type { Rest } from '../../domain/sleep/resource.ts'
import { NIGHT, SLEEP_FACT } from '../../domain/table/keys.ts'
import type { Override } from '../../domain/table/sleeper.ts'
import type { Invariant } from './invariant.ts'
import { unread } from './reads.ts'
import { type Change, restChanges } from './rests.ts'
import type { Call, Trace } from './trace.ts'

export const movesNothingOnAFailedRead: Invariant = {
  holds: 'A failed, empty or partial read never causes a stop or a start.',
  number: 10,
  when: 'always',
  violations: (trace) => {
    const calls = Map.groupBy(trace.calls, ({ run }) => run)
    const looks = trace.invocations.filter(({ function: name, outcome }) => {
      return name.endsWith('-plan-sleep') && outcome === 'success'
    })
    return restChanges(trace)
      .filter(({ by }) => by === 'sleep')
      .flatMap((change) => {
        const look = looks.findLast(
          ({ execution, at }) => execution === change.call.run && at <= change.at,
        )
        if (look === undefined) return [`${change.id}: ${change.to}, and nobody has looked`]
        const reads = calls.get(look.requestId) ?? []
        return unread(reads)
          .filter((read) => isOf(trace, read, change))
          .map(({ operation, outcome }) => sentence(change.id, change.to, operation, outcome))
      })
  },
}

const sentence = (id: string, to: Rest, operation: string, outcome: string): string =>
  `${id} was brought to ${to} although ${operation} answered ${outcome === 'ok' ? 'in part' : outcome}`

/**
 * Tasks are listed for what keeps data alone: a list that cannot be read counts as work. Metrics are
 * read for what sleeps because nobody uses it. What was told of a night decides no move.
 */
function isOf({ items }: Trace, { operation, input }: Call, { id, to, at }: Change): boolean {
  if (operation === 'BatchGetItem' && keysIn(input).every(isTold)) return false
  if (operation === 'GetMetricData') {
    return to === 'asleep' && items.overrides.some((one) => isIdle(one, id, at))
  }
  const isOfTasks = operation === 'ListTasks' || operation === 'DescribeTasks'
  return !isOfTasks || (to === 'asleep' && !id.startsWith('service/'))
}

const isTold = (key: string): boolean => key.startsWith(NIGHT) || key.startsWith(SLEEP_FACT)

type Key = { pk?: { S?: string } }

/** The partitions of the items that a batch asks for. */
const keysIn = ({ RequestItems = {} }: Call['input']): string[] =>
  Object.values(RequestItems as Record<string, { Keys?: Key[] }>).flatMap(({ Keys = [] }) =>
    Keys.map(({ pk }) => pk?.S ?? ''),
  )

const isIdle = ({ source, resource, from }: Override, id: string, at: number): boolean =>
  source === 'idle' && resource === id && Date.parse(from) <= at
