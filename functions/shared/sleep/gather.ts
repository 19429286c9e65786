import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { ECSClient } from '@aws-sdk/client-ecs'
import type { RDSClient } from '@aws-sdk/client-rds'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { TAGGED_TYPES } from '../../../domain/sleep/arns.ts'
import type { Read } from '../../../domain/sleep/decide.ts'
import { WINDOWS } from '../../../domain/sleep/idle.ts'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { stateKey } from '../../../domain/table/keys.ts'
import { readItem } from '../../../domain/table/read.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { TAGS } from '../../../domain/tags.ts'
import { cut } from '../../../domain/text.ts'
import { listTagged } from '../listed.ts'
import { describeManaged, type Managed } from '../managed.ts'
import { getItems } from '../table/get.ts'
import type { Table } from '../table/table.ts'
import { seeClusters } from './clusters.ts'
import { seeDatabases } from './databases.ts'
import { seeGroups } from './groups.ts'
import { seeInstances } from './instances.ts'
import type { Kept } from './kept.ts'
import { rememberedIn } from './remembered.ts'
import { type ServiceSources, seeServices } from './services.ts'

export type Sources = ServiceSources & {
  tagging: ResourceGroupsTaggingAPIClient
  ecs: ECSClient
  ec2: EC2Client
  rds: RDSClient
  groups: AutoScalingClient
  table: Table
  catalog: CompiledCatalog
  /** Told of each resource that cannot be read: nothing is done to it. */
  failed(what: string, error: unknown): void
  /** Lets time pass, in milliseconds. */
  pause(milliseconds: number): Promise<void>
}

/** What was read, and which of it is as an earlier look saw it. */
export type Gathered = Read & { remembered: ReadonlySet<string> }

/** What need not be read again. */
export type Known = {
  /** Services that were read a moment ago. */
  described?: readonly Managed[]
  /** Services that came to rest since then (ISO 8601) are as they were seen. */
  since?: string | undefined
}

/** Everything that carries `caretaker:schedule`, as AWS has it now. */
export async function gather(
  sources: Sources,
  kept: Kept,
  { described = [], since }: Known = {},
): Promise<Gathered> {
  const { tagging, ecs, catalog, pause } = sources
  const unread: string[] = []
  const failed: Sources['failed'] = (what, error) => {
    unread.push(what)
    sources.failed(what, error)
  }
  const own = catalog.environment
  const listed = await listTagged(tagging, own, TAGS.schedule, TAGGED_TYPES)
  const known = new Map(described.map((one) => [one.arn, one]))
  const has = (type: RegExp) => listed.some(({ arn }) => type.test(arn))
  const remembered =
    since === undefined ? new Map<string, Seen>() : rememberedIn(listed, kept.sleepers, since)
  const arns = listed
    .map(({ arn }) => arn)
    .filter((arn) => /:service\//.test(arn) && !known.has(arn) && !remembered.has(arn))
  const services = [
    ...described.filter(({ tags }) => TAGS.schedule in tags),
    ...(await describeManaged(ecs, arns, own, { failed, pause, tag: TAGS.schedule })),
  ]
  const states = await statesOf(sources, services, kept)
  const settled = [...remembered.values()]
  const seen = [
    ...settled,
    ...(await seeServices(sources, services, states, wakingIn(kept))),
    ...(has(/:db:/) ? await seeDatabases(sources.rds, own) : []),
    ...(has(/:cluster:/) ? await seeClusters(sources.rds, own) : []),
    ...(has(/:instance\//) ? await seeInstances(sources.ec2, own) : []),
    ...(await seeGroups(sources, own, kept.sleepers)),
  ]
  return {
    ...readOf(seen, kept),
    ...(unread.length > 0 && { unread: `${unread.join(', ')} cannot be read` }),
    remembered: new Set(settled.map(({ id }) => id)),
  }
}

/** It is left as it is, and what it needs is not taken from it. */
const UNREADABLE = 'what is kept of it cannot be read'

/** A tag that cannot be read is not guessed: nothing is done to the resource. */
function withIdle(one: Seen): Seen {
  const { idle, refuses } = one
  if (typeof idle !== 'object' || refuses !== undefined) return one
  const found = cut(idle.unread, TAG_CHARACTERS)
  return { ...one, refuses: `its tag ${TAGS.idle} is "${found}"; allowed: ${WINDOWS}` }
}

const TAG_CHARACTERS = 50

const readOf = (seen: readonly Seen[], { sleepers, overrides, unreadable }: Kept): Read => ({
  seen: seen
    .filter(isNoMemberOf(seen))
    .map((one) => (unreadable.has(one.id) ? { ...one, refuses: UNREADABLE } : withIdle(one))),
  sleepers,
  overrides,
  unreadable,
})

/** An instance whose group carries a schedule sleeps with the group. */
function isNoMemberOf(seen: readonly Seen[]): (one: Seen) => boolean {
  const groups = new Set(seen.filter(({ kind }) => kind === 'group').map(({ name }) => name))
  return ({ group }) => group === undefined || !groups.has(group)
}

const wakingIn = ({ sleepers }: Kept): Set<string> =>
  new Set([...sleepers].filter(([, { moving }]) => moving?.to === 'awake').map(([id]) => id))

async function statesOf(
  { table, failed }: Sources,
  services: readonly Managed[],
  { unreadable }: Kept,
): Promise<Map<string, ServiceState | undefined>> {
  const items = await getItems(
    table,
    services.map(({ id }) => stateKey(id)),
  )
  const states = new Map<string, ServiceState | undefined>()
  for (const [place, { id }] of services.entries()) {
    const item = items[place]
    try {
      states.set(id, item === undefined ? undefined : readItem('service', item))
    } catch (error) {
      unreadable.add(`service/${id}`)
      failed(id, error)
    }
  }
  return states
}
