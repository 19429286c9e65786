import type { Resource } from '../../domain/tagging/resource.ts'
import type { Reader } from './read/reader.ts'
import type { Sources } from './sources.ts'

type Asked = Pick<Resource, 'id' | 'arn' | 'type'>

/** What there is, and what of it cannot be known now, with why: by ids. */
export type ReadAgain = { found: Resource[]; unread: Map<string, unknown> }

/** Reads of one type that may fail before the rest of it is given up: AWS is down, or too busy. */
const MOST_FAILURES = 40

/**
 * What is there of these, as it is now. One that cannot be read does not keep the others from it: it is
 * unknown, which is not gone.
 */
export async function readAgain(
  { readers, log }: Pick<Sources, 'readers' | 'log'>,
  resources: readonly Asked[],
): Promise<ReadAgain> {
  const all: ReadAgain = { found: [], unread: new Map() }
  for (const [type, same] of Map.groupBy(resources, (one) => one.type)) {
    const reader = readers.get(type)
    if (reader === undefined) continue
    const { found, unread } = await parted(reader, same)
    all.found.push(...found)
    for (const [id, error] of unread) {
      all.unread.set(id, error)
      log.error('it cannot be read, and stands still', { resource: id, error })
    }
  }
  return all
}

/** Halves what cannot be read at once, until it is known what cannot be read at all. */
async function parted(reader: Reader, all: readonly Asked[]): Promise<ReadAgain> {
  const found: Resource[] = []
  const unread = new Map<string, unknown>()
  const open: (readonly Asked[])[] = [all]
  let failures = 0
  let last: unknown
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    try {
      if (failures === MOST_FAILURES) throw last
      found.push(...(await reader.read(part)))
    } catch (error) {
      if (failures < MOST_FAILURES) failures += 1
      last = error
      const middle = Math.ceil(part.length / 2)
      if (part.length > 1 && failures < MOST_FAILURES) {
        open.push(part.slice(middle), part.slice(0, middle))
      } else for (const { id } of part) unread.set(id, error)
    }
  }
  return { found, unread }
}

/** @throws what AWS says, where any of them cannot be known: whoever asked tries again later. */
export async function readWhole(sources: Sources, resources: readonly Asked[]) {
  const { found, unread } = await readAgain(sources, resources)
  for (const error of unread.values()) throw error
  return found
}
