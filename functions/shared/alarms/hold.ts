import type { Logger } from '@aws-lambda-powertools/logger'
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs'
import type { Owner } from '../../../domain/alarms/owner.ts'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import type { Held } from '../../../domain/table/common.ts'
import { isOfEnvironment, TAGS } from '../../../domain/tags.ts'
import { readStoredOf } from '../roll-out/stored.ts'
import type { Table } from '../table/table.ts'
import { heldByRest, measuredIn } from './asleep.ts'
import type { Noticed } from './noticed.ts'
import { tagsOf } from './owner.ts'
import { asksFor, type RedAlarms, redAlarms } from './red.ts'

export type HoldSources = {
  cloudwatch: CloudWatchClient
  ecs: ECSClient
  table: Table
  catalog: CompiledCatalog
  log: Logger
  now: Date
}

/**
 * Why an alarm that has turned red is not told: its event says so, its actions are disabled, a
 * composite alarm of ours fires for it, or its service sleeps. What cannot be read holds nothing:
 * being told once too often is better than not being told.
 */
export async function heldBy(
  sources: HoldSources,
  noticed: Noticed,
  { serviceId }: Owner,
): Promise<Held | undefined> {
  if (noticed.change.held !== undefined) return noticed.change.held
  if (noticed.actionsEnabled === false) return { because: 'actions-disabled' }
  const red = await unless(sources, 'alarms', () => redAlarms(sources.cloudwatch))
  if (red !== undefined) {
    if (isDisabled(red, noticed)) return { because: 'actions-disabled' }
    const parent = await parentOf(sources, red, noticed)
    if (parent !== undefined) return { because: 'child-of-composite', by: parent }
  }
  const measured = measuredIn(noticed)
  if (measured !== undefined) {
    return unless(sources, 'what sleeps', () =>
      heldByRest(sources.table, measured, sources.now, true),
    )
  }
  return serviceId === undefined ? undefined : heldByService(sources, serviceId)
}

/** ECS says whether a service sleeps; what is kept of it, since when and why, and that it wakes. */
async function heldByService(sources: HoldSources, serviceId: string): Promise<Held | undefined> {
  const { table, now } = sources
  const asleep = await unless(sources, 'the service', () => isAsleep(sources, serviceId))
  const rest = await unless(sources, 'what sleeps', () =>
    heldByRest(table, `service/${serviceId}`, now, asleep === true),
  )
  if (rest !== undefined) return { ...rest, by: serviceId }
  return asleep ? { because: 'asleep', by: serviceId } : undefined
}

async function unless<Result>({ log }: HoldSources, what: string, read: () => Promise<Result>) {
  try {
    return await read()
  } catch (error) {
    log.warn(`${what} cannot be read: the alarm is told`, { error })
    return undefined
  }
}

function isDisabled({ metric, composite, log }: RedAlarms, { detail }: Noticed): boolean {
  const own = [...metric, ...composite, ...log].find(({ AlarmArn }) => AlarmArn === detail.arn)
  return own?.ActionsEnabled === false
}

/** Name of a composite alarm that fires for this one, and that is told to somebody itself. */
async function parentOf(
  { cloudwatch, catalog }: HoldSources,
  { composite }: RedAlarms,
  { detail: { name, arn } }: Noticed,
): Promise<string | undefined> {
  const parents = composite.filter(
    (one) => one.AlarmArn !== arn && one.ActionsEnabled !== false && asksFor(one, name, arn),
  )
  for (const { AlarmArn = '', AlarmName } of parents) {
    const tagged = await tagsOf(cloudwatch, AlarmArn)
    if ('unread' in tagged) continue
    const isOurs = TAGS.owner in tagged.tags || TAGS.service in tagged.tags
    if (isOurs && isOfEnvironment(tagged.tags, catalog.environment)) return AlarmName
  }
  return undefined
}

/** Whether no task of the service is wanted, though it has run an image before. */
async function isAsleep({ ecs, table }: HoldSources, serviceId: string): Promise<boolean> {
  const [cluster = '', service = ''] = serviceId.split('/')
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [service] }),
  )
  if (services[0]?.status !== 'ACTIVE' || services[0].desiredCount !== 0) return false
  const { state } = await readStoredOf(table, serviceId)
  return state?.latest !== undefined
}
