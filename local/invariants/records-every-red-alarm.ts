import type { Invariant } from './invariant.ts'
import type { Trace } from './trace.ts'

const MINUTE = 60_000

/**
 * As far as records go: what reaches a person is looked at in the messages. An alarm is this
 * environment's by the tags that its event carries.
 */
export const recordsEveryRedAlarm: Invariant = {
  holds:
    'Every alarm that goes red is recorded within a minute, once, and what is not told says why.',
  number: 17,
  when: 'at the end',
  violations: (trace) => [...reds(trace).flatMap((red) => missing(trace, red)), ...twice(trace)],
}

type Red = { subject: string; at: number }

/** The reds that CloudWatch told of, early enough to be recorded by now. */
function reds({ events, environment, to }: Trace): Red[] {
  return events
    .filter(
      ({ source, type }) => source === 'aws.cloudwatch' && /^CloudWatch Alarm State/.test(type),
    )
    .filter(({ deliveries }) => deliveries.length > 0)
    .flatMap(({ at, detail, resources }) => {
      const { state, alarmTags } = detail as {
        state?: { value?: string; timestamp?: string }
        alarmTags?: Record<string, string>
      }
      const isOurs = alarmTags?.['caretaker:environment'] === environment
      if (!isOurs || state?.value !== 'ALARM' || at + MINUTE > to) return []
      return [{ subject: resources[0] ?? '', at: Date.parse(state.timestamp ?? '') }]
    })
}

/** Whole seconds. */
const SECOND = 1000

function missing({ items }: Trace, { subject, at }: Red): string[] {
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
