import type { Logger } from '@aws-lambda-powertools/logger'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { lostIn, whatIsLost } from '../../domain/adopt/lost.ts'
import { cureFor } from '../../domain/adopt/owners.ts'
import { resourceOf, TAGGED_TYPES } from '../../domain/sleep/arns.ts'
import type { Adoption } from '../../domain/table/adoption.ts'
import { ADOPTED, adoptionKey, tagsLostKey } from '../../domain/table/adoption-keys.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { readItem } from '../../domain/table/read.ts'
import type { TagsLost } from '../../domain/table/tags-lost.ts'
import { VERSION } from '../../domain/table/version.ts'
import { isOfEnvironment, TAGS } from '../../domain/tags.ts'
import { cut } from '../../domain/text.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { listTagged } from '../shared/listed.ts'
import { describeThere, type Managed } from '../shared/managed.ts'
import { type Readers, seeUnlisted } from '../shared/sleep/unlisted.ts'
import { putItem } from '../shared/table/put.ts'
import { itemsBetween } from '../shared/table/query.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'

type Sources = Readers & {
  tagging: ResourceGroupsTaggingAPIClient
  table: Table
  log: Logger
}

/** A record is small, whatever somebody's tags are like. */
const CHARACTERS = 500

/**
 * Tells, once, of each adopted resource that lacks tags which it was given, and again only after they
 * had been back. Only what AWS says of the resource itself counts: one that is gone, belongs to another
 * environment now, or cannot be read has lost nothing.
 *
 * @param services that were read a moment ago.
 */
export async function tellLostTags(
  sources: Sources,
  services: readonly Managed[],
  now: Date,
): Promise<void> {
  const { table, log } = sources
  const adopted = await readAdopted(sources)
  const known = new Map([
    ...(await tagsOfServices(sources, adopted, services)),
    ...(await tagsOfOthers(sources, adopted)),
  ])
  for (const adoption of adopted) {
    const tags = known.get(adoption.id)
    if (tags === undefined) continue
    const gone = lostIn(adoption, tags)
    const isTold = adoption.lost !== undefined
    const isLost = Object.keys(gone).length > 0
    if (!isLost && isTold) await noteBack(table, adoption)
    if (!isLost || isTold) continue
    const item = recordOf(adoption, gone, now)
    await putItem(table, { item, condition: 'attribute_not_exists(pk)' })
    await noteLost(table, adoption, now)
    log.info('decided', { resource: adoption.id, done: 'told that its tags are gone' })
  }
}

async function readAdopted({ table, failed }: Sources): Promise<Adoption[]> {
  const found: Adoption[] = []
  for (const item of await itemsBetween(table, ADOPTED, '!', '~')) {
    try {
      const one = readItem('adoption', item)
      if (one.state === 'adopted') found.push(one)
    } catch (error) {
      failed(String(item.sk), error)
    }
  }
  return found
}

type Tags = Readonly<Record<string, string>>

/** The tags of services that are there, and of no other environment; by their ids. */
async function tagsOfServices(
  { ecs, catalog, failed, pause }: Sources,
  adopted: readonly Adoption[],
  services: readonly Managed[],
): Promise<[string, Tags][]> {
  const own = adopted.filter(({ kind }) => kind === 'service')
  const known = new Map(services.map((one) => [one.arn, one]))
  const others = own.flatMap(({ arn }) => (known.has(arn) ? [] : [arn]))
  for (const one of await describeThere(ecs, others, { failed, pause })) known.set(one.arn, one)
  return own.flatMap(({ arn, id }) => {
    const tags = known.get(arn)?.tags
    return tags !== undefined && isOfEnvironment(tags, catalog.environment) ? [[id, tags]] : []
  })
}

/**
 * Of everything else only whether it carries its schedule, for which alone it was adopted: a list
 * shows those that do, and what it leaves out is asked for by itself.
 */
async function tagsOfOthers(
  sources: Sources,
  adopted: readonly Adoption[],
): Promise<[string, Tags][]> {
  const own = adopted.filter(({ kind, set }) => kind !== 'service' && TAGS.schedule in set)
  if (own.length === 0) return []
  const { tagging, catalog } = sources
  const listed = await listTagged(tagging, catalog.environment, TAGS.schedule, TAGGED_TYPES)
  const shown = new Set(listed.flatMap(({ arn }) => resourceOf(arn)?.id ?? []))
  const missing = own.flatMap(({ id }) => (shown.has(id) ? [] : [id]))
  const { seen, untagged } = await seeUnlisted(missing, { ...sources, kept: new Map() })
  const lost = new Set(untagged)
  const there = new Set([...shown, ...seen.map(({ id }) => id)])
  return own.flatMap(({ id, set }): [string, Tags][] => {
    const { [TAGS.schedule]: _, ...without } = set
    if (lost.has(id)) return [[id, without]]
    return there.has(id) ? [[id, set]] : []
  })
}

function recordOf(
  { id, arn, kind, name, at, losses, maker, set }: Adoption,
  gone: Record<string, string>,
  now: Date,
): TagsLost {
  const keys = Object.keys(gone)
  const isAre = keys.length === 1 ? 'is' : 'are'
  const isService = kind === 'service'
  return {
    ...tagsLostKey(id, at, losses),
    ...{ version: VERSION, kind: 'tags-lost', subject: id, owner: set[TAGS.owner] ?? '' },
    at: instant(now),
    reason: `${keys.join(', ')} ${isAre} gone, which it was given at ${at}. ${whatIsLost(gone)}`,
    execution: '',
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      ...{ name, arn, tags: gone },
      ...(isService && { service: name }),
      write: cureFor({ maker }, set, isService).map((line) => cut(line, CHARACTERS)),
    },
  }
}

const noteLost = (table: Table, { id, losses }: Adoption, now: Date): Promise<boolean> =>
  updateItem(table, {
    key: adoptionKey(id),
    expression: 'SET lost = :at, losses = :losses',
    condition: 'attribute_exists(pk) AND attribute_not_exists(lost)',
    values: { ':at': instant(now), ':losses': losses + 1 },
  })

const noteBack = (table: Table, { id }: Adoption): Promise<boolean> =>
  updateItem(table, {
    key: adoptionKey(id),
    expression: 'REMOVE lost',
    condition: 'attribute_exists(pk)',
  })
