import { createHash } from 'node:crypto'
import type { Kind } from '../sleep/resource.ts'
import type { Assessment } from './assess.ts'
import type { Maker } from './origin.ts'

/** Tags that one resource is given. */
export type Change = {
  id: string
  arn: string
  kind: Kind
  name: string
  maker: Maker
  set: Record<string, string>
  /** What it ran before, of a service. */
  taskDefinition?: string
}

/** What is printed, and nothing else is applied. */
export type Plan = { changes: Change[]; digest: string }

const DIGEST_CHARACTERS = 12

/**
 * The changes, and a digest of all that they rest on: of each resource its tags, what it runs, what
 * stands in the way, and what would be rolled out at once. What has changed since it was printed has
 * another digest.
 */
export function planOf(assessments: readonly Assessment[]): Plan {
  const ordered = assessments.toSorted((a, b) => (a.found.arn < b.found.arn ? -1 : 1))
  const rests = ordered.map(({ found, set, obstacles, atOnce }) => [
    found.arn,
    pairs(found.tags),
    pairs(set),
    found.service?.taskDefinition ?? '',
    obstacles.map(({ why }) => why),
    atOnce.map(({ tag, digest }) => [tag, digest]),
  ])
  const digest = createHash('sha256').update(JSON.stringify(rests)).digest('hex')
  const changes = ordered.flatMap(({ found, origin, set }) =>
    Object.keys(set).length === 0
      ? []
      : [
          {
            ...{ id: found.id, arn: found.arn, kind: found.kind, name: found.name },
            ...{ maker: origin.maker, set },
            ...(found.service && { taskDefinition: found.service.taskDefinition }),
          },
        ],
  )
  return { changes, digest: digest.slice(0, DIGEST_CHARACTERS) }
}

const pairs = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1))

/** What gives a resource its tags back: what is set, what is taken away, and what is left. */
export type Undone = {
  set: Record<string, string>
  take: string[]
  left: { key: string; wrote: string; found: string }[]
}

/**
 * What is done for each tag that was written: one that still has the value that was written goes, or
 * gets its old value back; one that somebody has changed since is left.
 */
export function undoOf(
  { set, before }: { set: Record<string, string>; before: Record<string, string> },
  now: Readonly<Record<string, string>>,
): Undone {
  const undone: Undone = { set: {}, take: [], left: [] }
  for (const [key, wrote] of Object.entries(set)) {
    const [found, old] = [now[key], before[key]]
    if (found === wrote && old === undefined) undone.take.push(key)
    else if (found === wrote && old !== undefined) undone.set[key] = old
    else if (found === undefined && old !== undefined) undone.set[key] = old
    else if (found !== undefined && found !== old) undone.left.push({ key, wrote, found })
  }
  return undone
}
