import { TAGS } from '../tags.ts'
import { isTaken, roomIn } from './characters.ts'
import { allows, type Problem, problemsOf, type Rule, type TagPolicy } from './policy.ts'
import type { WatchedType } from './types.ts'

type Tags = Readonly<Record<string, string>>

/** What is known besides a resource's own tags. */
export type Evidence = {
  /** The one team of whoever made it. */
  team?: string | undefined
  /** The tags of what it belongs to: its group, its cluster. */
  parent?: Tags | undefined
}

/** What is written, each key once and only where it is absent, and what is left to people. */
export type Judged = { writes: Record<string, string>; left: Problem[] }

/**
 * What a resource lacks, and what of that is known. Nothing that it carries is changed, whatever it
 * holds: a wrong value is left and said.
 *
 * @param tags as they were read just before; an unread resource is not judged.
 */
export function judge(
  policy: Pick<TagPolicy, 'required'>,
  { type, tags }: { type: WatchedType; tags: Tags },
  evidence: Evidence = {},
): Judged {
  const judged: Judged = { writes: {}, left: [] }
  let room = roomIn(tags)
  for (const problem of problemsOf(policy, tags)) {
    const rule = policy.required[problem.key] ?? {}
    const value = problem.what === 'missing' ? known(problem.key, rule, evidence) : undefined
    if (value === undefined) judged.left.push(problem)
    else if (!isTaken(problem.key, value, type)) {
      judged.left.push({ ...problem, what: 'refused', found: value })
    } else if (room <= 0) judged.left.push({ ...problem, what: 'full' })
    else {
      judged.writes[problem.key] = value
      room -= 1
    }
  }
  return judged
}

/** The parent's value before who made it, and both before the default. */
function known(key: string, rule: Rule, { team, parent = {} }: Evidence): string | undefined {
  const inherited = Object.hasOwn(parent, key) ? parent[key] : undefined
  const candidates = [inherited, key === TAGS.owner ? team : undefined, rule.default]
  return candidates.find((value) => value !== undefined && allows(rule, value))
}
