import { judged, type Looked } from '../../domain/tagging/look.ts'
import { typeOf } from '../../domain/tagging/types.ts'
import { cut, REASON_CHARACTERS } from '../../domain/text.ts'
import { keepCase, newCase } from './cases.ts'
import { readAgain } from './read-again.ts'
import type { Sources } from './sources.ts'
import { writeTags } from './write.ts'

/** What was done about one resource. */
export type Fixed = Looked & { wrote: Record<string, string>; error?: string }

/**
 * Writes what is to be written. Tags are read again directly before, and only keys that are absent
 * then are sent: there is no write that holds only while a tag is absent.
 * A member takes what its parent has, with what is written there now.
 */
export async function fix(sources: Sources, looked: readonly Looked[]): Promise<Fixed[]> {
  const parents = new Map(
    looked.map(({ resource, writes }) => [resource.id, { ...resource.tags, ...writes }]),
  )
  const wanted = looked.filter(({ writes }) => Object.keys(writes).length > 0)
  const { found: fresh } = await readAgain(
    sources,
    wanted.map(({ resource }) => resource),
  )
  const now = fresh.map((resource) => {
    const { kept } = wanted.find((one) => one.resource.id === resource.id) ?? {}
    const parent = resource.parent === undefined ? undefined : parents.get(resource.parent)
    return judged(sources, resource, kept, parent)
  })
  return write(sources, now)
}

/** Writes what was judged just now; each is kept with what became of it. */
export async function write(sources: Sources, looked: readonly Looked[]): Promise<Fixed[]> {
  const { log } = sources
  const byArn = new Map(looked.map((one) => [one.resource.arn, one]))
  const fixed: Fixed[] = []
  const writes = looked
    .filter((one) => Object.keys(one.writes).length > 0)
    .map(({ resource, writes: tags }) => ({ arn: resource.arn, tags }))
  await writeTags(sources, writes, async (arn, error) => {
    const one = byArn.get(arn)
    if (one === undefined) return
    fixed.push(await keepWrite(sources, one, error))
    const { resource, writes: tags } = one
    log.info('decided', { resource: resource.id, done: error ?? 'tagged', tags })
  })
  return fixed
}

async function keepWrite(sources: Sources, one: Looked, error: string | undefined) {
  const { resource, kept = newCase(resource), writes, owner } = one
  const tags = { ...resource.tags, ...writes }
  const done = { ...one, resource: { ...resource, tags }, wrote: writes, writes: {} }
  if (typeOf(resource.type).passing) {
    return error === undefined ? done : { ...one, wrote: {}, error }
  }
  if (error !== undefined) {
    const refused = {
      times: (kept.refused?.times ?? 0) + 1,
      error: cut(error, REASON_CHARACTERS),
    }
    const after = { ...kept, owner, refused }
    await keepCase(sources, after)
    return { ...one, kept: after, wrote: {}, error }
  }
  const wrote = { ...kept.wrote }
  for (const key of Object.keys(writes)) wrote[key] = (wrote[key] ?? 0) + 1
  const { refused: _, ...rest } = kept
  const after = { ...rest, owner, wrote }
  await keepCase(sources, after)
  return { ...done, kept: after }
}
