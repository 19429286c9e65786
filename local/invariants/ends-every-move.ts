import type { Sleeper } from '../../domain/table/sleeper.ts'
import type { Invariant } from './invariant.ts'
import type { Trace } from './trace.ts'

/** What comes first in the order takes its time, and a database a quarter of an hour. */
const MOVED_MS = 60 * 60_000

export const endsEveryMove: Invariant = {
  holds:
    'What was put to sleep or woken has arrived: nothing is under way, and what is awake may be scaled and has its size back.',
  number: 6,
  when: 'at the end',
  violations: (trace) => {
    const last = new Map(trace.sleepers.map(({ id, sleeper }) => [id, sleeper]))
    // Somebody has stopped what others need: their wake waits for that.
    if ([...last.values()].some(({ hand }) => hand?.to === 'asleep')) return []
    return [
      ...[...last].flatMap(([id, sleeper]) => unended(trace, id, sleeper)),
      ...[...last.keys()].flatMap((id) => repeated(trace, id)),
    ]
  },
}

/** So often within an hour nobody lets the same thing happen to one resource. */
const MOST_MOVES = 6

/** The last hour's moves to what it was already. */
function repeated({ sleepers, to: end }: Trace, id: string): string[] {
  const again = sleepers.flatMap(({ id: other, at, sleeper: { moving, rest } }) =>
    other === id && at > end - MOVED_MS && moving?.to === rest ? [moving.since] : [],
  )
  const count = new Set(again).size
  return count > MOST_MOVES ? [`${id} was moved ${count} times to what it was already`] : []
}

function unended({ to }: Trace, id: string, sleeper: Sleeper): string[] {
  const { moving, rest, last, hand, captured } = sleeper
  if (moving !== undefined) {
    const isLong = Date.parse(moving.since) < to - MOVED_MS
    return isLong ? [`${id} is still on its way to ${moving.to}: ${moving.error}`] : []
  }
  if (rest !== 'awake' || hand !== undefined) return []
  return [
    ...(last?.bounds?.suspended === true ? [`${id} is awake and may not be scaled`] : []),
    ...(captured === undefined ? [] : [`${id} is awake and its size is still kept`]),
  ]
}
