import { quietUntil } from '../../domain/quiet-hours.ts'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import type { Invariant } from './invariant.ts'
import { isAnythingDown } from './outages.ts'
import { type Red, redsOf } from './reds.ts'
import { nameOf } from './tellable.ts'
import type { Call, Trace } from './trace.ts'

const MINUTE = 60_000

/**
 * One that turns red again within half an hour of its end goes on with the message that there is.
 */
export const notifiesOfEveryRedAlarm: Invariant = {
  holds:
    'Every alarm that goes red notifies a person within a minute of the simulated clock, once, unless it is held, muted, suppressed, a composite’s child or in quiet hours, which the record says.',
  number: 17,
  when: 'at the end',
  violations: (trace) =>
    trace.items.episodes.flatMap((episode) => {
      const red = redsOf(trace).find(
        ({ subject, at }) => subject === episode.subject && isBegin(episode, at),
      )
      if (red === undefined || isHeld(trace, episode)) return []
      if (isQuiet(trace, episode, red.toldAt) || isDisturbed(trace, red)) return []
      const count = notificationsOf(trace, episode, red.toldAt)
      return count === 1 ? [] : [`${nameOf(episode)} notified ${count} times within a minute`]
    }),
}

/** Records have whole seconds. */
const isBegin = ({ at }: AlarmRecord, red: number): boolean => {
  const begun = Date.parse(at)
  return begun <= red && red < begun + 1000
}

/** How often people were told of it from then on, until a minute after CloudWatch had said so. */
const notificationsOf = ({ messages }: Trace, episode: AlarmRecord, toldAt: number): number =>
  messages
    .filter(({ key }) => key === nameOf(episode))
    .flatMap(({ notifiedAt }) => notifiedAt)
    .filter((at) => at <= toldAt + MINUTE).length

/** The record says why it is not told, or what is kept of the alarm says why it was not then. */
function isHeld({ items }: Trace, { subject, sk, held, refused, detail }: AlarmRecord): boolean {
  const kept = items.alarms.find((one) => one.sk === subject)
  const first = kept?.changes.find(({ record }) => record === sk)
  const { muted } = detail
  const isMuted = muted !== undefined && Date.parse(muted.at) <= Date.parse(detail.redSince)
  return isMuted || [held, refused, first?.held].some((why) => why !== undefined)
}

function isQuiet({ teams, owner, timeZone }: Trace, record: AlarmRecord, at: number): boolean {
  if (record.detail.severity === 'page') return false
  const team = teams[record.owner] ?? teams[owner]
  return quietUntil(team?.quiet, timeZone, new Date(at)) !== undefined
}

/**
 * Slack or AWS took a call not, or answered in part, or a function died and was called again later,
 * or did not run: it is told afterwards.
 */
function isDisturbed(trace: Trace, { at, toldAt }: Red): boolean {
  const { calls, slackCalls, invocations } = trace
  // A sweep may have told of it before its event came.
  const isNear = (one: { at: number }) => one.at >= at - MINUTE && one.at <= toldAt + MINUTE
  return (
    isAnythingDown(trace, at - MINUTE, toldAt + MINUTE) ||
    slackCalls.some((one) => !one.taken && isNear(one)) ||
    calls.some((one) => one.by === 'function' && isRefused(one) && isNear(one)) ||
    invocations.some((one) => one.outcome !== 'success' && isNear(one))
  )
}

/** A condition that does not hold is an answer; a throttled or partial one is none. */
const isRefused = ({ outcome, partial }: Call): boolean =>
  partial || !/^(ok|ConditionalCheckFailedException|TransactionCanceledException)$/.test(outcome)
