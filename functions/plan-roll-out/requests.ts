import type { Logger } from '@aws-lambda-powertools/logger'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { Policy } from '../../domain/deploy-policy.ts'
import type { Cause, RollOutDecision } from '../../domain/roll-out/observed.ts'
import { settingsOf } from '../../domain/roll-out/settings.ts'
import { pushOf } from '../../domain/table/record.ts'
import type { Before } from '../../domain/table/service-state.ts'
import { repositoriesOf, TAGS } from '../../domain/tags.ts'
import type { Managed } from '../shared/managed.ts'
import { type Observation, observe, type Sources } from '../shared/roll-out/observe.ts'
import type { WriteContext } from '../shared/roll-out/record.ts'
import { pinsOf, withPinned } from '../shared/roll-out/running.ts'
import { readRecord, type Stored } from '../shared/roll-out/stored.ts'
import { type Prove, prove, type RollOut, rollOut, startSeconds, type Timing } from './prepare.ts'

/** What a plan is made with. */
export type Tools = Sources & {
  log: Logger
  defaults: Timing
  /** The environment's name, and the zone in which its people are told of times. */
  environment: string
  timeZone: string
  services: CompiledCatalog['services']
}

/** A roll-out as the machine carries it. */
export async function prepare(
  tools: Tools,
  managed: Managed,
  observation: Observation,
  { decision, from }: { decision: RollOutDecision; from: Before },
): Promise<RollOut> {
  const { taskDefinition: current } = observation
  const repositories = repositoriesOf(managed.tags)
  const next = await withPinned(tools.ecs, managed.service, current, repositories)
  const pins = from.taskDefinition === current.taskDefinitionArn ? pinsOf(current, next) : undefined
  const timing = timingOf(tools, managed)
  const { environment, services } = tools
  const name = managed.tags[TAGS.service] ?? ''
  const leastTasks = Object.hasOwn(services, name) ? services[name]?.leastTasks : undefined
  const about = { from, next, timing, environment, leastTasks }
  const planned = rollOut(managed, observation, decision, about)
  const { repository, digest } = decision.push
  return {
    ...planned,
    ...(pins === undefined ? {} : { pins }),
    kept: { ...planned.kept, ...tools.registry.manifestOf(repository, digest) },
  }
}

/** Nobody has awaited that the tasks of a staged image are healthy: they have their time for it. */
export function provingOf(tools: Tools, managed: Managed, { taskDefinition }: Observation): Timing {
  const timing = timingOf(tools, managed)
  const start = startSeconds(managed.service, taskDefinition)
  return { ...timing, bakeSeconds: start + timing.bakeSeconds }
}

/** How long to watch, as the service's tags say, else by default. */
function timingOf({ defaults, log }: Tools, { id, tags }: Managed): Timing {
  const { bakeSeconds, deadlineSeconds, unreadable } = settingsOf(tags, defaults)
  for (const problem of unreadable) log.warn(problem, { caretakerService: id })
  return { bakeSeconds, deadlineSeconds }
}

/**
 * The service is ours already: this function claimed it and was cut off before it could answer.
 * What was claimed then is prepared again.
 */
export async function resume(
  tools: Tools,
  managed: Managed,
  {
    context,
    stored,
    policy,
    cause,
  }: {
    context: WriteContext
    stored: Stored
    policy: Policy
    cause: Cause
  },
): Promise<RollOut | Prove | { action: 'none'; reason: string }> {
  const rolling = stored.state?.rolling
  const record = rolling && (await readRecord(tools.table, context.service, rolling.record))
  if (rolling === undefined || record === undefined) {
    return { action: 'none', reason: 'the roll-out has no record' }
  }
  const observation = await observe(tools, managed, stored, policy, cause)
  const { repository } = pushOf(record)
  const observed =
    observation.places.find(({ candidate }) => candidate?.repository === repository) ??
    observation.places[0]
  const runs = rolling.taskDefinition
  if (runs !== undefined && rolling.from !== undefined) {
    const decision = { action: 'prove', push: pushOf(record), reason: record.reason } as const
    const timing = provingOf(tools, managed, observation)
    const { environment } = tools
    return prove(managed, decision, { from: rolling.from, runs, timing, environment })
  }
  const decision: RollOutDecision = {
    action: 'roll-out',
    push: pushOf(record),
    reason: record.reason,
    staged: observed?.desiredCount === 0 && !observed.placeholder,
    ...(record.detail.asked && { asked: record.detail.asked }),
  }
  const current = managed.service.taskDefinition ?? ''
  const from = rolling.from ?? { taskDefinition: current, first: false }
  return prepare(tools, managed, observation, { decision, from })
}
