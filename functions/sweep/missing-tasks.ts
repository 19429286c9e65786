import { isRed } from '../../domain/alarms/decide.ts'
import { alarmStateKey } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { TAGS } from '../../domain/tags.ts'
import { epochSeconds, localTime } from '../../domain/time.ts'
import { keepAlarm, type Sources } from '../shared/alarms/keep.ts'
import type { Noticed } from '../shared/alarms/noticed.ts'
import type { StateOf } from '../shared/alarms/states.ts'
import type { Managed } from '../shared/managed.ts'
import { putItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import { noticedOf } from './alarm-notice.ts'

/** What the sweep has read of services. */
export type Looked = {
  services: readonly Managed[]
  /** ARNs of every service that is listed, also of those that could not be read. */
  listed: ReadonlySet<string>
  /** Ids of services whose roll-out is under way: its own record says how it goes. */
  rolling: ReadonlySet<string>
}

/** A service that lacks tasks for this long is told. Starting one takes a minute or two. */
const MISSING_MS = 10 * 60_000
const STATE_KEPT_SECONDS = 2 * 24 * 60 * 60

const TASKS = 'tasks#'
/** What is kept of a service's missing tasks stands among the alarms. */
const subjectOf = (arn: string): string => `${TASKS}${arn}`
export const isOfTasks = (subject: string): boolean => subject.startsWith(TASKS)

type Each = (subject: string, act: () => Promise<boolean>) => Promise<void>

/**
 * Services that should run and lack tasks: an episode once that lasts 10 minutes. No alarm tells
 * of it: without tasks there are no data.
 */
export async function watchTasks(
  sources: Sources,
  states: readonly StateOf[],
  { services, listed, rolling }: Looked,
  each: Each,
): Promise<void> {
  const known = new Map(states.map((state) => [state.subject, state]))
  for (const service of services) {
    const state = known.get(subjectOf(service.arn))
    const { desiredCount = 0, runningCount = 0 } = service.service
    const isMissing = runningCount < desiredCount
    if (!isMissing && state !== undefined) {
      await each(state.subject, () => found(sources, state))
    } else if (isMissing && !rolling.has(service.id)) {
      await each(subjectOf(service.arn), () => missing(sources, service, state))
    }
  }
  // An empty list is no proof that all services are gone.
  if (listed.size === 0) return
  const gone = states.filter(({ subject, arn }) => isOfTasks(subject) && !listed.has(arn))
  for (const state of gone.filter(({ status }) => isRed(status))) {
    await each(state.subject, () => deleted(sources, state))
  }
}

async function missing(
  sources: Sources,
  service: Managed,
  state: StateOf | undefined,
): Promise<boolean> {
  const { now } = sources
  if (state !== undefined && isRed(state.status)) return false
  if (state?.missingSince === undefined) return noteMissing(sources, service, state)
  if (now.getTime() - Date.parse(state.missingSince) < MISSING_MS) return false
  const { done } = await keepAlarm(sources, noticed(sources, service, state.missingSince))
  return done === 'recorded'
}

/** Told only once it lasts: until then it is kept since when. */
async function noteMissing({ table, now, catalog }: Sources, service: Managed, state?: StateOf) {
  const at = now.toISOString()
  if (state !== undefined) {
    return updateItem(table, {
      key: alarmStateKey(state.subject),
      expression: 'SET missingSince = :at, revision = :next',
      condition: 'revision = :revision',
      values: { ':at': at, ':revision': state.revision, ':next': state.revision + 1 },
    })
  }
  const item = {
    ...alarmStateKey(subjectOf(service.arn)),
    version: VERSION,
    arn: service.arn,
    name: nameOf(service, catalog.environment),
    service: service.id,
    value: 'OK',
    at,
    changes: [],
    revision: 1,
    missingSince: at,
    expires: epochSeconds(now) + STATE_KEPT_SECONDS,
  }
  return putItem(table, { item, condition: 'attribute_not_exists(pk)' })
}

const nameOf = ({ id }: Managed, environment: string): string =>
  `${environment}-${id.split('/').at(-1)}-tasks-missing`

function noticed({ catalog, now }: Sources, service: Managed, since: string): Noticed {
  const { arn, id, tags } = service
  const { runningCount = 0, desiredCount = 0 } = service.service
  const [cluster = '', name = ''] = id.split('/')
  const entry = Object.hasOwn(catalog.services, name) ? catalog.services[name] : undefined
  const when = localTime(since, catalog.timeZone, now)
  return {
    subject: subjectOf(arn),
    reason: `${runningCount} of ${desiredCount} tasks run since ${when}; its alarms are green because they have no data`,
    change: { at: since, value: 'ALARM' },
    tags: {
      ...tags,
      [TAGS.environment]: catalog.environment,
      [TAGS.service]: tags[TAGS.service] ?? name,
      [TAGS.severity]: entry?.missingTasks ?? 'look',
    },
    actionsEnabled: true,
    detail: {
      arn,
      name: nameOf(service, catalog.environment),
      type: 'metric',
      description: 'What to do: docs/runbooks/service-tasks-missing.md',
      metric: {
        namespace: 'AWS/ECS',
        name: 'missing tasks',
        dimensions: { ClusterName: cluster, ServiceName: name },
        statistic: 'Maximum',
        period: 300,
      },
      threshold: 1,
      datapoints: [desiredCount - runningCount],
      children: [],
    },
  }
}

/** All tasks run, or none is wanted any more. */
async function found(sources: Sources, state: StateOf): Promise<boolean> {
  const { table, now } = sources
  if (isRed(state.status)) {
    const change = { at: now.toISOString(), value: 'OK' } as const
    await keepAlarm(sources, noticedOf(state, change, 'all its tasks run, or none is wanted'))
  }
  if (state.missingSince === undefined) return isRed(state.status)
  return updateItem(table, {
    key: alarmStateKey(state.subject),
    expression: 'REMOVE missingSince',
    condition: 'missingSince = :since',
    values: { ':since': state.missingSince },
  })
}

async function deleted(sources: Sources, state: StateOf): Promise<boolean> {
  const change = { at: sources.now.toISOString(), value: 'DELETED' } as const
  const { done } = await keepAlarm(sources, noticedOf(state, change, 'the service is not there'))
  return done === 'recorded'
}
