import { edges, scheduled } from '../../domain/schedule/scheduled.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Invariant } from './invariant.ts'
import { restChanges } from './rests.ts'
import type { Service, Trace } from './trace.ts'

/** An edge is kept by the next sweep, and what comes first in the order takes its time. */
const KEPT_MS = 30 * 60_000

export const keepsTheSchedule: Invariant = {
  holds:
    'Actual state = the schedule function, within one sweep, through daylight-saving days, missed and doubled firings.',
  number: 6,
  when: 'at the end',
  violations: (trace) =>
    trace.sleep === 'act' ? trace.services.flatMap((service) => missed(trace, service)) : [],
}

/** Services only: what they need is up with them, and who keeps office hours is tagged so. */
function missed(trace: Trace, service: Service): string[] {
  const name = service.tags[TAGS.schedule] ?? ''
  const schedule = Object.hasOwn(trace.schedules, name) ? trace.schedules[name] : undefined
  if (schedule === undefined || service.placeholder) return []
  const { calendars, timeZone, from, to } = trace
  const input = { schedule, calendars, timeZone, overrides: [] }
  return edges(input, new Date(from), new Date(to - KEPT_MS)).flatMap(({ at, state }) => {
    const then = Date.parse(at) + KEPT_MS
    // A seam that is changed again before it can be seen says nothing.
    if (state === 'any' || scheduled(input, new Date(then)).state !== state) return []
    if (isExcused(trace, service, Date.parse(at), then)) return []
    const rest = restAt(trace, service, then)
    const asked = state === 'running' ? 'awake' : 'asleep'
    return rest === asked ? [] : [`${service.service} is ${rest} half an hour after ${at}`]
  })
}

/** Somebody has started or stopped it, or has asked for something else. */
function isExcused(trace: Trace, service: Service, edge: number, then: number): boolean {
  const id = `service/${service.service}`
  const dayBefore = edge - 24 * 60 * 60_000
  return (
    trace.items.overrides.some(
      ({ from, until }) => Date.parse(from) <= then && Date.parse(until) >= edge,
    ) ||
    restChanges(trace).some(
      (one) => one.id === id && one.by === 'somebody' && dayBefore <= one.at && one.at <= then,
    )
  )
}

/** As the last call left it; before the first, as that call found it. */
function restAt(trace: Trace, { service, desired }: Service, at: number): string {
  const changes = restChanges(trace).filter(({ id }) => id === `service/${service}`)
  const last = changes.findLast((one) => one.at <= at)
  if (last !== undefined) return last.to
  const first = changes[0]
  return (first?.call.about?.desired ?? desired) > 0 ? 'awake' : 'asleep'
}
