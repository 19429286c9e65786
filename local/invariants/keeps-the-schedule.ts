import { SHORTEST_SLEEP_SECONDS } from '../../domain/schedule/overrides.ts'
import { edges, type Input, scheduled } from '../../domain/schedule/scheduled.ts'
import { WHEN_NEEDED } from '../../domain/schedule/written.ts'
import { TAGS } from '../../domain/tags.ts'
import type { Invariant } from './invariant.ts'
import { isAnythingDown } from './outages.ts'
import { restChanges } from './rests.ts'
import type { Trace } from './trace.ts'

/** An edge is kept by the next sweep, and what comes first in the order takes its time. */
const KEPT_MS = 30 * 60_000
const SWEEP_MS = 5 * 60_000
const DAY_MS = 24 * 60 * 60_000
const GROUP = 'aws:autoscaling:groupName'

export const keepsTheSchedule: Invariant = {
  holds:
    'Actual state = the schedule function, within one sweep, through daylight-saving days, missed and doubled firings.',
  number: 6,
  when: 'at the end',
  violations: (trace) => {
    if (trace.sleep !== 'act') return []
    const changes = Map.groupBy(restChanges(trace), ({ id }) => id)
    return [...sleepersOf(trace)].flatMap((one) => missed(trace, changes, one))
  },
}

/**
 * What has edges of its own, or follows a service that has: a data store that is for it alone; and
 * the services that need it.
 */
type Sleeper = { id: string; schedule: string; first: string; users: string[] }
type Changes = ReadonlyMap<string, ReturnType<typeof restChanges>>

function sleepersOf(trace: Trace): Sleeper[] {
  const { services, others } = trace
  const own = services
    .filter(({ placeholder }) => !placeholder)
    .map(({ service, tags, desired }) => ({
      id: `service/${service}`,
      schedule: tags[TAGS.schedule] ?? '',
      first: desired > 0 ? 'awake' : 'asleep',
      users: usersOf(trace, service.split('/').at(-1) ?? ''),
    }))
  const rest = others.flatMap(({ id, tags }) => {
    const schedule = tags[TAGS.schedule] ?? ''
    if (tags[GROUP] !== undefined) return []
    if (schedule !== WHEN_NEEDED) return [{ id, schedule, first: 'awake', users: [] }]
    const service = services.find((one) => one.tags[TAGS.service] === tags[TAGS.service])
    if (service === undefined || tags[TAGS.service] === undefined) return []
    const users = [`service/${service.service}`]
    return [{ id, schedule: service.tags[TAGS.schedule] ?? '', first: 'awake', users }]
  })
  return [...own, ...rest]
}

/** The services that need one, or what needs it. */
function usersOf({ services, dependsOn }: Trace, name: string): string[] {
  const users = new Set([name])
  for (const one of users) {
    for (const [user, needs] of Object.entries(dependsOn)) if (needs.includes(one)) users.add(user)
  }
  users.delete(name)
  return services
    .filter(({ service }) => users.has(service.split('/').at(-1) ?? ''))
    .map(({ service }) => `service/${service}`)
}

function missed(trace: Trace, changes: Changes, sleeper: Sleeper): string[] {
  const { id, users, schedule: name } = sleeper
  const schedule = Object.hasOwn(trace.schedules, name) ? trace.schedules[name] : undefined
  if (schedule === undefined) return []
  const { calendars, timeZone, to } = trace
  const from = scheduledSince(trace, sleeper)
  const input = { schedule, calendars, timeZone, overrides: [] }
  return edges(input, new Date(from), new Date(to - KEPT_MS)).flatMap(({ at, state }) => {
    const then = Date.parse(at) + KEPT_MS
    // A seam that is changed again before it can be seen says nothing.
    if (state === 'any' || scheduled(input, new Date(then)).state !== state) return []
    if (isWithoutImage(changes, sleeper, then)) return []
    if (isExcused(trace, changes, sleeper, Date.parse(at))) return []
    if (state === 'stopped' && isHeldTooLong(trace, name, input, Date.parse(at))) return []
    // What needs it is up: that it stays up is right.
    const isNeeded = users.some(
      (user) => restAt(changes, { id: user, first: 'asleep' }, then) === 'awake',
    )
    if (state === 'stopped' && isNeeded) return []
    const rest = restAt(changes, sleeper, then)
    const asked = state === 'running' ? 'awake' : 'asleep'
    return rest === asked ? [] : [`${id} is ${rest} half an hour after ${at}`]
  })
}

/** Its tags say which schedule it has now; before somebody changed them it may have had another. */
function scheduledSince({ calls, from }: Trace, { id }: Sleeper): number {
  const last = calls.findLast(
    ({ operation, input, outcome }) =>
      /^(Tag|Untag)Resource$/.test(operation) &&
      outcome === 'ok' &&
      String(input.resourceArn).endsWith(`:${id}`) &&
      JSON.stringify(input).includes(TAGS.schedule),
  )
  return last?.at ?? from
}

/**
 * A roll-out has held it, or what needs it, until it would have been woken again at once: "no sleep
 * that is shorter than it costs".
 */
function isHeldTooLong(trace: Trace, schedule: string, input: Input, edge: number): boolean {
  const { next } = scheduled(input, new Date(edge))
  if (next?.state !== 'running') return false
  const last = Date.parse(next.at) - SHORTEST_SLEEP_SECONDS * 1000 - SWEEP_MS
  return trace.services.some(
    ({ service, tags }) =>
      tags[TAGS.schedule] === schedule &&
      trace.states.findLast((one) => one.service === service && one.at <= last)?.state.rolling !==
        undefined,
  )
}

/** Somebody has started or stopped it, has asked for something else, or AWS has refused. */
function isExcused(trace: Trace, changes: Changes, { id }: Sleeper, edge: number): boolean {
  const then = edge + KEPT_MS
  // Somebody who has started a service has started what it needs; a roll-out has not.
  const others = [...changes.values()].flat().filter(({ call }) => call.by !== 'machine')
  const own = id.startsWith('service/') ? (changes.get(id) ?? []) : others
  const name = id.split('/').at(-1) ?? ''
  return (
    isAnythingDown(trace, edge - SWEEP_MS, then) ||
    trace.items.overrides.some(
      ({ from, until, resource }) =>
        Date.parse(from) <= then &&
        Date.parse(until) >= edge &&
        // What nobody uses, and what a budget names, sleeps by itself.
        (resource === undefined || resource === id),
    ) ||
    own.some((one) => one.by === 'somebody' && edge - DAY_MS <= one.at && one.at <= then) ||
    trace.calls.some(
      ({ at, by, outcome, input }) =>
        by === 'machine' &&
        outcome !== 'ok' &&
        edge <= at &&
        at <= then &&
        JSON.stringify(input).includes(`${name}"`),
    )
  )
}

/** Its first image comes later: until then it has no tasks. */
function isWithoutImage(changes: Changes, { id }: Sleeper, at: number): boolean {
  const first = changes.get(id)?.[0]
  return first !== undefined && first.at > at && first.call.about?.placeholder === true
}

/** As the last call left it; before the first, as that call found it. */
function restAt(changes: Changes, { id, first }: Pick<Sleeper, 'id' | 'first'>, at: number) {
  const own = changes.get(id) ?? []
  const last = own.findLast((one) => one.at <= at)
  if (last !== undefined) return last.to
  const desired = own[0]?.call.about?.desired
  if (!id.startsWith('service/') || desired === undefined) return first
  return desired > 0 ? 'awake' : 'asleep'
}
