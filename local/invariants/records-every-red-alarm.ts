import type { Invariant } from './invariant.ts'
import { type Red, redsOf } from './reds.ts'
import type { Trace } from './trace.ts'

/** As far as records go: what reaches a person is looked at in `notifies-of-every-red-alarm.ts`. */
export const recordsEveryRedAlarm: Invariant = {
  holds:
    'Every alarm that goes red is recorded within a minute, once, and what is not told says why.',
  number: 17,
  when: 'at the end',
  violations: (trace) => [...redsOf(trace).flatMap((red) => missing(trace, red)), ...twice(trace)],
}

/** Whole seconds. */
const SECOND = 1000

/** An event that nobody took, as while Caretaker is switched off, is a dead letter. */
function missing({ items, deadLetters }: Trace, { subject, at, event }: Red): string[] {
  if (deadLetters.some((body) => body.includes(event))) return []
  const isRecorded = items.episodes.some((one) => {
    const begun = Date.parse(one.at)
    const last = Date.parse(one.detail.redSince)
    return one.subject === subject && begun <= at && at < last + SECOND
  })
  return isRecorded ? [] : [`${subject} turned red at ${new Date(at).toISOString()}: no record`]
}

/** Two episodes of one alarm do not overlap. */
function twice({ items }: Trace): string[] {
  return items.episodes.flatMap((one) => {
    const other = items.episodes.find(
      (two) => two.subject === one.subject && two.sk > one.sk && two.at < (one.endedAt ?? '9'),
    )
    return other === undefined ? [] : [`${one.subject} has two episodes at ${other.at}`]
  })
}
