import { nearest } from '../../../domain/acts/typed.ts'
import { parsePolicy, type Tagged } from '../../../domain/deploy-policy.ts'
import { lastThatRanWell, type Run, runsOf } from '../../../domain/roll-out/ran-well.ts'
import type { RollOutRecord } from '../../../domain/table/record.ts'
import { repositoriesOf } from '../../../domain/tags.ts'
import type { Acting } from './acting.ts'
import { imageName, recordsOf, runName, triedIn } from './history.ts'
import type { Found } from './services.ts'

/** An image that somebody named; or why it is not known which one is meant. */
export type Named = { digest: string; tag: string; ran?: Run } | { unknown: string }

const WHOLE = /^(sha256:)?[0-9a-f]{64}$/
/** The first digits of a digest: fewer than these are rather a tag. */
const DIGITS = /^(sha256:)?[0-9a-f]{4,63}$/
/** Images that are listed in an answer. */
const LISTED = 6

/** The image that a tag names in the service's repositories at this moment. */
export async function byTag({ registry }: Acting, found: Found, tag: string): Promise<Named> {
  const repositories = repositoriesOf(found.managed.tags)
  const all = parsePolicy('glob:*')
  const images: Tagged[] = []
  const names = new Set<string>()
  for (const repository of repositories) {
    images.push(...(await registry.tagged(repository, { kind: 'exact', tag, text: tag })))
  }
  const newest = images.toSorted((a, b) => b.at.localeCompare(a.at))[0]
  if (newest !== undefined) return { digest: newest.digest, tag }
  for (const repository of repositories) {
    const there = await registry.tagged(repository, all)
    for (const one of there.toSorted((a, b) => b.at.localeCompare(a.at))) names.add(one.tag)
  }
  const like = nearest(tag, [...names])
  const meant = like.length === 0 ? '' : ` Did you mean ${like.join(' or ')}?`
  const listed = [...names].slice(0, LISTED).join(', ') || 'none'
  return {
    unknown: `the tag "${tag}" is not in ${repositories.join(', ')}.${meant} The newest there: ${listed}`,
  }
}

/**
 * An image that ran in the service, by a tag, a digest or its first digits; without a name, the last
 * that ran well.
 *
 * @param running the digest that runs now, which is never meant.
 */
export async function ranHere(
  acting: Acting,
  found: Found,
  named: string | undefined,
  running: string | undefined,
): Promise<Named> {
  const records = await recordsOf(acting, found.managed.id)
  const runs = runsOf(records, acting.now)
  if (named === undefined || named.toLowerCase() === 'previous') {
    const digests = runs.map(({ digest }) => digest)
    const tried = await triedIn(acting, found.managed.id, digests)
    const run = lastThatRanWell(runs, tried, running)
    if (run !== undefined) return { digest: run.digest, tag: run.tag, ran: run }
    return { unknown: 'no other image is known to have run well here' }
  }
  return among(records, runs, named)
}

/** Among what was rolled out here, whatever became of it. */
function among(records: readonly RollOutRecord[], runs: readonly Run[], named: string): Named {
  const wanted = named.toLowerCase()
  const digits = wanted.replace('sha256:', '')
  if (WHOLE.test(wanted)) {
    const tag = records.find(({ detail }) => detail.digest === `sha256:${digits}`)?.detail.tag
    return withRun({ digest: `sha256:${digits}`, tag: tag ?? '' }, runs)
  }
  const tagged = records.find(({ detail }) => detail.tag === named)
  if (tagged !== undefined) return withRun(tagged.detail, runs)
  const beginning = DIGITS.test(wanted)
    ? records.filter(({ detail }) => detail.digest.startsWith(`sha256:${digits}`))
    : []
  const digests = new Map(beginning.map(({ detail }) => [detail.digest, detail.tag]))
  const [only] = digests
  if (only !== undefined && digests.size === 1) {
    return withRun({ digest: only[0], tag: only[1] }, runs)
  }
  const several = [...digests].map(([digest, tag]) => imageName(tag, digest))
  if (several.length > 1) {
    return { unknown: `"${named}" begins several digests: ${several.slice(0, LISTED).join(', ')}` }
  }
  const ran = runs.slice(0, LISTED).map(runName).join('; ') || 'nothing'
  return { unknown: `no image "${named}" was rolled out here lately. What ran well: ${ran}` }
}

function withRun({ digest, tag }: { digest: string; tag: string }, runs: readonly Run[]): Named {
  const ran = runs.find((run) => run.digest === digest)
  return { digest, tag, ...(ran === undefined ? {} : { ran }) }
}

/** The newest image here that did not hold, or that somebody rolled back from. */
export async function failedHere(acting: Acting, found: Found): Promise<Named> {
  const records = await recordsOf(acting, found.managed.id)
  const digests = records.map(({ detail }) => detail.digest)
  const tried = await triedIn(acting, found.managed.id, digests)
  const bad = records.find(({ detail }) =>
    ['rolled-back', 'recalled', 'failed'].includes(tried.get(detail.digest) ?? ''),
  )
  if (bad !== undefined) return { digest: bad.detail.digest, tag: bad.detail.tag }
  return { unknown: 'no image is known that did not hold here' }
}
