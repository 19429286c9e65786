import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { resourceOf, TAGGED_TYPES } from '../../../domain/sleep/arns.ts'
import type { Read } from '../../../domain/sleep/decide.ts'
import { WINDOWS } from '../../../domain/sleep/idle.ts'
import type { Seen } from '../../../domain/sleep/resource.ts'
import { stateKey } from '../../../domain/table/keys.ts'
import { readItem } from '../../../domain/table/read.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { TAGS } from '../../../domain/tags.ts'
import { cut } from '../../../domain/text.ts'
import { type Listed, listTagged } from '../listed.ts'
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
import { describeUnlisted, type Fates, type Readers, seeUnlisted } from './unlisted.ts'

export type Sources = ServiceSources &
  Readers & { tagging: ResourceGroupsTaggingAPIClient; table: Table }

/** What was read, which of it is as an earlier look saw it, and what is not looked after any more. */
export type Gathered = Read & Fates & { remembered: ReadonlySet<string> }

/** What need not be read again. */
export type Known = {
  /** Services that were read a moment ago. */
  described?: readonly Managed[]
  /** Services that came to rest since then (ISO 8601) are as they were seen. */
  since?: string | undefined
}

/** Everything that carries `caretaker:schedule`, as AWS has it now, whatever lists leave out. */
export async function gather(sources: Sources, kept: Kept, known: Known = {}): Promise<Gathered> {
  const unread: string[] = []
  const failed: Sources['failed'] = (what, error) => {
    unread.push(what)
    sources.failed(what, error)
  }
  const { tagging, rds, ec2, catalog } = sources
  const own = catalog.environment
  const listed = await listTagged(tagging, own, TAGS.schedule, TAGGED_TYPES)
  const has = (type: RegExp) => listed.some(({ arn }) => type.test(arn))
  const scene = { sources: { ...sources, failed }, kept, listed }
  const services = await gatherServices(scene, known)
  const others = [
    ...(has(/:db:/) ? await seeDatabases(rds, own) : []),
    ...(has(/:cluster:/) ? await seeClusters(rds, own) : []),
    ...(has(/:instance\//) ? await seeInstances(ec2, own) : []),
    ...(await seeGroups(sources, own, kept.sleepers)),
  ]
  const shown = new Set(others.map(({ id }) => id))
  const isLost = (id: string) => !isService(id) && !shown.has(id)
  const readers = { ...scene.sources, kept: kept.sleepers }
  const unlisted = await seeUnlisted(expectedIn(scene).filter(isLost), readers)
  const isKept = (id: string) => kept.sleepers.has(id)
  return {
    ...readOf([...services.seen, ...others, ...unlisted.seen], kept),
    gone: [...services.gone, ...unlisted.gone].filter(isKept),
    untagged: [...services.untagged, ...unlisted.untagged].filter(isKept),
    away: [...services.away, ...unlisted.away].filter(isKept),
    ...(unread.length > 0 && { unread: `${unread.join(', ')} cannot be read` }),
    remembered: services.remembered,
  }
}

type Scene = { sources: Sources; kept: Kept; listed: readonly Listed[] }

const isService = (id: string): boolean => id.startsWith('service/')

/** Those that need not be read again are as they were seen. */
async function gatherServices(
  scene: Scene,
  { described = [], since }: Known,
): Promise<Fates & { seen: Seen[]; remembered: Set<string> }> {
  const { sources, kept, listed } = scene
  const { ecs, catalog, pause } = sources
  const clusters: string[] = []
  const failed: Sources['failed'] = (cluster, error) => {
    clusters.push(cluster)
    sources.failed(cluster, error)
  }
  const known = new Set(described.map(({ arn }) => arn))
  const remembered =
    since === undefined ? new Map<string, Seen>() : rememberedIn(listed, kept.sleepers, since)
  const arns = listed
    .map(({ arn }) => arn)
    .filter((arn) => /:service\//.test(arn) && !known.has(arn) && !remembered.has(arn))
  const tag = TAGS.schedule
  const managed = [
    ...described.filter(({ tags }) => tag in tags),
    ...(await describeManaged(ecs, arns, catalog.environment, { failed, pause, tag })),
  ]
  const ids = new Set([...remembered.values()].map(({ id }) => id))
  const shown = new Set([...managed.map(({ id }) => `service/${id}`), ...ids])
  const isLost = (id: string) =>
    isService(id) && !shown.has(id) && !clusters.includes(id.split('/')[1] ?? '')
  const { services, ...fates } = await describeUnlisted(expectedIn(scene).filter(isLost), sources)
  const all = [...managed, ...services]
  const states = await statesOf(sources, all, kept)
  const seen = await seeServices(sources, all, states, wakingIn(kept), capturedIn(kept))
  return { seen: [...remembered.values(), ...seen], ...fates, remembered: ids }
}

/** The ids of all that should be there: what a list shows, and what is kept, whatever lists show. */
const expectedIn = ({ listed, kept: { sleepers } }: Scene): string[] => {
  const shown = listed.flatMap(({ arn }) => resourceOf(arn)?.id ?? [])
  const own = [...sleepers].flatMap(([id, { untagged }]) => (untagged === undefined ? [id] : []))
  return [...new Set([...shown, ...own])]
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

const capturedIn = ({ sleepers }: Kept): Set<string> =>
  new Set([...sleepers].flatMap(([id, { captured }]) => (captured === undefined ? [] : [id])))

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
