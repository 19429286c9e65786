import type { Logger } from '@aws-lambda-powertools/logger'
import type { ECSClient } from '@aws-sdk/client-ecs'
import { cureFor } from '../../domain/adopt/owners.ts'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { Adoption } from '../../domain/table/adoption.ts'
import { ADOPTED, adoptionKey, tagsLostKey } from '../../domain/table/adoption-keys.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { readItem } from '../../domain/table/read.ts'
import type { TagsLost } from '../../domain/table/tags-lost.ts'
import { VERSION } from '../../domain/table/version.ts'
import { isOfEnvironment, TAGS } from '../../domain/tags.ts'
import { cut } from '../../domain/text.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { describeThere, type Managed } from '../shared/managed.ts'
import { putItem } from '../shared/table/put.ts'
import { itemsBetween } from '../shared/table/query.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'

type Sources = {
  ecs: ECSClient
  table: Table
  catalog: CompiledCatalog
  pause(milliseconds: number): Promise<void>
  log: Logger
}

/** A record is small, whatever somebody's tags are like. */
const CHARACTERS = 500

/**
 * Tells, once, of each adopted service that lacks tags which it was given, and again only after they
 * had been back. Only what ECS says of the service itself counts: one that is gone, belongs to another
 * environment now, or cannot be read has lost nothing.
 *
 * @param services that were read a moment ago.
 */
export async function tellLostTags(
  { ecs, table, catalog, pause, log }: Sources,
  services: readonly Managed[],
  now: Date,
  failed: (what: string, error: unknown) => void,
): Promise<void> {
  const adopted = await adoptedServices(table, failed)
  const known = new Map(services.map((one) => [one.arn, one]))
  const others = adopted.flatMap(({ arn }) => (known.has(arn) ? [] : [arn]))
  for (const one of await describeThere(ecs, others, { failed, pause })) known.set(one.arn, one)
  for (const adoption of adopted) {
    const service = known.get(adoption.arn)
    if (service === undefined || !isOfEnvironment(service.tags, catalog.environment)) continue
    const gone = Object.entries(adoption.set).filter(([key]) => !(key in service.tags))
    const isTold = adoption.lost !== undefined
    if (gone.length === 0 && isTold) await noteBack(table, adoption)
    if (gone.length === 0 || isTold) continue
    await putItem(table, {
      item: recordOf(adoption, Object.fromEntries(gone), service, now),
      condition: 'attribute_not_exists(pk)',
    })
    await noteLost(table, adoption, now)
    log.info('decided', { caretakerService: service.id, done: 'told that its tags are gone' })
  }
}

async function adoptedServices(
  table: Table,
  failed: (what: string, error: unknown) => void,
): Promise<Adoption[]> {
  const found: Adoption[] = []
  for (const item of await itemsBetween(table, ADOPTED, '!', '~')) {
    try {
      const one = readItem('adoption', item)
      if (one.kind === 'service' && one.state === 'adopted') found.push(one)
    } catch (error) {
      failed(String(item.sk), error)
    }
  }
  return found
}

function recordOf(
  { at, losses, maker, set }: Adoption,
  gone: Record<string, string>,
  { arn, id }: Managed,
  now: Date,
): TagsLost {
  const [cluster = '', service = ''] = id.split('/')
  const keys = Object.keys(gone)
  const isAre = keys.length === 1 ? 'is' : 'are'
  return {
    ...tagsLostKey(id, at, losses),
    ...{ version: VERSION, kind: 'tags-lost', subject: id, owner: set[TAGS.owner] ?? '' },
    at: instant(now),
    reason: `${keys.join(', ')} ${isAre} gone, which it was given at ${at}. ${consequence(gone)}`,
    execution: '',
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      ...{ service, cluster, serviceArn: arn, tags: gone },
      write: cureFor({ maker }, set).map((line) => cut(line, CHARACTERS)),
    },
  }
}

function consequence(gone: Readonly<Record<string, string>>): string {
  const left = [
    ...(TAGS.repository in gone || TAGS.deploy in gone ? ['rolls out no push to it'] : []),
    ...(TAGS.schedule in gone ? ['neither puts it to sleep nor wakes it'] : []),
  ]
  return left.length === 0
    ? 'Caretaker goes on looking after it'
    : `Caretaker ${left.join(', and ')}`
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
