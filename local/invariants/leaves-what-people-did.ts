import { scheduled } from '../../domain/schedule/scheduled.ts'
import { sleeperKey } from '../../domain/table/keys.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Invariant } from './invariant.ts'
import { type Change, isPerson, restChanges } from './rests.ts'
import type { Trace } from './trace.ts'

/** A look that is under way when somebody calls does not see it yet. */
const SEEN_MS = 90_000

export const leavesWhatPeopleDid: Invariant = {
  holds: "A person's change is not undone before the next edge.",
  number: 7,
  when: 'always',
  violations: (trace) => {
    const changes = restChanges(trace)
    return changes.flatMap((one) => {
      if (one.by !== 'somebody' || !isPerson(one) || isNone(one)) return []
      const end = nextEdge(trace, one)
      const undone = changes.find(
        (other) =>
          other.by === 'sleep' &&
          other.id === one.id &&
          other.to !== one.to &&
          one.at + SEEN_MS < other.at &&
          other.at < end,
      )
      if (undone === undefined || isAskedFor(trace, one.at, undone)) return []
      if (isGivenBack(trace, one, undone) || isUnseen(trace, changes, one)) return []
      return [
        `${one.id}, ${one.to} by hand at ${instant(one.at)}, was put back at ${instant(undone.at)}`,
      ]
    })
  },
}

/** It was so before: more tasks of what runs, or a stop of what is stopped. */
const isNone = ({ id, to, call }: Change): boolean =>
  id.startsWith('service/') && (Number(call.about?.desired) > 0 ? 'awake' : 'asleep') === to

/**
 * Somebody had stopped the service, and it was started again before anybody looked: it was as before
 * both. A look sees what is, not what was called. Only CloudTrail tells that, and a change counts from
 * the arrival of its event.
 */
function isUnseen({ calls, events }: Trace, changes: readonly Change[], one: Change): boolean {
  const before = changes.findLast(({ id, at }) => id === one.id && at < one.at)
  const isBack = before?.by === 'somebody' && before.to !== one.to && !isNone(before)
  if (!isBack || !one.id.startsWith('service/')) return false
  const isSeen = calls.some(
    ({ by, operation, input, at }) =>
      by === 'function' &&
      operation === 'DescribeServices' &&
      JSON.stringify(input).includes(`${one.id}"`) &&
      before.at <= at &&
      at <= one.at,
  )
  const isTold = events.some(
    ({ type, at, detail, deliveries }) =>
      type === 'AWS API Call via CloudTrail' &&
      detail.eventName === one.call.operation &&
      before.at <= at &&
      deliveries.some(({ outcome }) => outcome === 'delivered'),
  )
  return !isSeen && !isTold
}

const instant = (at: number): string => new Date(at).toISOString()

function nextEdge(trace: Trace, { at, call }: Change): number {
  const name = call.about?.tags[TAGS.schedule] ?? ''
  const schedule = Object.hasOwn(trace.schedules, name) ? trace.schedules[name] : undefined
  if (schedule === undefined) return at
  const { calendars, timeZone } = trace
  const { next } = scheduled({ schedule, calendars, timeZone, overrides: [] }, new Date(at))
  return next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next.at)
}

/** Another person has asked for it since. */
const isAskedFor = ({ items }: Trace, since: number, { at }: Change): boolean =>
  items.overrides.some(
    ({ from, source }) => source !== 'idle' && since <= Date.parse(from) && Date.parse(from) <= at,
  )

/** `npx caretaker environment deploy` has started it for its own time, and has ended that since. */
function isGivenBack({ calls }: Trace, { at, id, call }: Change, undone: Change): boolean {
  const { sk } = sleeperKey(id)
  return calls.some(
    (one) =>
      one.operation === 'UpdateItem' &&
      one.outcome === 'ok' &&
      one.by === 'person' &&
      one.name === call.name &&
      at <= one.at &&
      one.at <= undone.at &&
      (one.input.Key as { sk?: { S?: string } } | undefined)?.sk?.S === sk &&
      /REMOVE .*#hand\b/.test(String(one.input.UpdateExpression)),
  )
}
