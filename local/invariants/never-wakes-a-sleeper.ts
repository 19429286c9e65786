import { isOfSleep } from './changes.ts'
import { changesBy } from './claims.ts'
import type { Invariant } from './invariant.ts'
import type { Call, Subject, Task, Trace } from './trace.ts'
import { isExcused, wantedBy } from './wanted.ts'

/** Two sweeps: what was pushed before that is known, even if its event was lost. */
const KNOWN_MILLISECONDS = 10 * 60_000

export const neverWakesASleeper: Invariant = {
  holds: 'A deploy never wakes a sleeper; the first task after wake runs the newest good digest.',
  number: 4,
  when: 'always',
  violations: (trace) => [
    ...changesBy(trace).flatMap(woken),
    ...trace.calls.flatMap((call) => firstTaskAfter(trace, call)),
  ],
}

/** Only a first image gives a service its tasks. */
function woken({ about, input, run }: Call): string[] {
  const asleep = about !== undefined && about.desired === 0 && !about.placeholder
  return asleep && Number(input.desiredCount ?? 0) > 0
    ? [`${about.service} is woken by ${run}`]
    : []
}

/** Somebody, or its schedule, wakes a service: what does its first task run? */
function firstTaskAfter(trace: Trace, call: Call): string[] {
  const { by, about, input, outcome, at } = call
  const isWaker = by === 'person' || isOfSleep(trace, call)
  const wakes = isWaker && outcome === 'ok' && Number(input.desiredCount ?? 0) > 0
  if (!wakes || about === undefined || about.desired !== 0 || about.placeholder) return []
  const wanted = wantedBy(trace, about, at)
  if (wanted === undefined || wanted.since > at - KNOWN_MILLISECONDS) return []
  if (isExcused(trace, about.service, wanted) || isRollingOut(trace, about, at)) return []
  if (isFrozen(trace, at)) return []
  const first = trace.tasks.find(
    ({ service, createdAt, status }) =>
      service === about.service && createdAt >= at && status === 'RUNNING',
  )
  // It may have been put to sleep again before any of its tasks ran.
  if (first === undefined || first.createdAt >= sleepsAfter(trace, call)) return []
  if (first.digests.includes(wanted.digest)) return []
  // Another may have been pushed, or asked for by a person, between the call and the task.
  const newest = wantedBy(trace, about, first.createdAt)
  if (newest !== undefined && first.digests.includes(newest.digest)) return []
  if (isAskedFor(trace, first, { after: wanted.since })) return []
  return [`${about.service} wakes with ${first.digests.join(', ')} instead of ${wanted.digest}`]
}

/** When the service is put to sleep the next time after a call. */
function sleepsAfter({ calls }: Trace, call: Call): number {
  const next = calls
    .slice(calls.indexOf(call) + 1)
    .find(
      ({ about, input, outcome }) =>
        about?.service === call.about?.service && outcome === 'ok' && input.desiredCount === 0,
    )
  return next?.at ?? Number.POSITIVE_INFINITY
}

/** A person has asked for what the task runs, after its tag had come to name another. */
const isAskedFor = (
  { items }: Trace,
  { service, digests, createdAt }: Task,
  { after }: { after: number },
): boolean =>
  items.records.some(
    ({ subject, detail, at }) =>
      subject === service &&
      detail.asked !== undefined &&
      digests.includes(detail.digest) &&
      Date.parse(at) >= after &&
      Date.parse(at) <= createdAt,
  )

/**
 * Roll-outs are frozen, by `npx caretaker environment deploy` or a person, or were so until less than two sweeps ago:
 * what was pushed meanwhile is rolled out after that.
 */
function isFrozen({ calls }: Trace, at: number): boolean {
  const last = calls.findLast(
    (one) =>
      one.operation === 'UpdateItem' &&
      one.outcome === 'ok' &&
      one.at <= at &&
      /\bfrozen\b/.test(String(one.input.UpdateExpression)),
  )
  if (last === undefined) return false
  const { UpdateExpression, ExpressionAttributeValues: values } = last.input
  const frozen = (values as Frozen | undefined)?.[':frozen']?.M?.until?.S
  const end = /^REMOVE/.test(String(UpdateExpression)) ? last.at : Date.parse(frozen ?? '')
  return end > at - KNOWN_MILLISECONDS
}

/** As DynamoDB writes it. */
type Frozen = { ':frozen'?: { M?: { until?: { S?: string } } } }

const isRollingOut = ({ states }: Trace, { service }: Subject, at: number): boolean =>
  states.findLast((one) => one.service === service && one.at <= at)?.state.rolling !== undefined
