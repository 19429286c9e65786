import { type Policy, PolicyError, parsePolicy } from '../../domain/deploy-policy.ts'
import type { Cause } from '../../domain/roll-out/observed.ts'
import { plan } from '../../domain/roll-out/plan.ts'
import type { PinnedImage } from '../../domain/table/service-state.ts'
import { repositoriesOf, TAGS } from '../../domain/tags.ts'
import type { Verdict } from '../../domain/verdicts.ts'
import type { Managed } from '../shared/managed.ts'
import { candidatesFor } from '../shared/roll-out/candidates.ts'
import { observe, type Sources } from '../shared/roll-out/observe.ts'
import type { Registry } from '../shared/roll-out/registry.ts'
import { seenNow } from '../shared/roll-out/seen.ts'
import { readTried, type Stored } from '../shared/roll-out/stored.ts'

/** A service for which the roll-out machine has something to do, and what. */
export type Due = { service: Managed; reasons: string[] }

type Subject = { service: Managed; stored: Stored; policy: Policy }

/**
 * A service that may not run what it should; `digests`: the images it lacks, if it is only that.
 * `tags`: those that its policy takes have changed. `missing`: an image that it runs is not in the
 * registry.
 */
type Doubt = Subject & { digests?: string[]; tags?: boolean; missing?: boolean }

type Failed = (service: string, error: unknown) => void

/** Verdicts of what may have to be watched yet. */
const UNPROVED: ReadonlySet<string> = new Set<Verdict>(['staged', 'failed'])
const SWEEP: Cause = { kind: 'sweep' }
const TAGS_CHANGED = 'tags that its policy takes have changed since they were last looked at'

/**
 * The services that do not run what their tags name now, or whose roll-out has been left behind.
 *
 * Most services of most sweeps run what they should, and that is seen from what is read for all of
 * them together; only what looks otherwise is observed by itself.
 *
 * @param stored what the table says of each of the services.
 * @param failed told of each service that cannot be read; it is skipped.
 * @returns also how many services could be read.
 */
export async function dueRollOuts(
  sources: Sources,
  services: readonly Managed[],
  stored: readonly (Stored | Error)[],
  when: { now: Date; at: string },
  failed: Failed,
): Promise<{ due: Due[]; readable: number }> {
  let readable = services.length
  const each = async <Result>(service: Managed, look: () => Promise<Result>) => {
    try {
      return await look()
    } catch (error) {
      readable -= 1
      failed(service.id, error)
      return undefined
    }
  }
  const doubts: Doubt[] = []
  for (const [place, service] of services.entries()) {
    const doubt = await each(service, () => doubtAbout(sources, service, stored[place] ?? {}, when))
    if (doubt !== undefined) doubts.push(doubt)
  }
  const due: Due[] = []
  for (const { service, stored: known, policy, tags } of await withoutKnownBad(sources, doubts)) {
    const reasons = await each(service, async () => {
      const { places } = await observe(sources, service, known, policy, SWEEP)
      const decided = places.flatMap((observed) => plan(observed, SWEEP, when))
      return [...decided.map(({ reason }) => reason), ...(tags ? [TAGS_CHANGED] : [])]
    })
    if (reasons !== undefined && reasons.length > 0) due.push({ service, reasons })
  }
  return { due, readable }
}

/** Whether a service needs to be observed by itself; undefined when it runs what it should. */
async function doubtAbout(
  { registry }: Sources,
  service: Managed,
  stored: Stored | Error,
  { at }: { at: string },
): Promise<Doubt | undefined> {
  if (stored instanceof Error) throw stored
  const policy = readable(service)
  // A tag that cannot be read is never guessed.
  if (policy === undefined) return undefined
  const { state } = stored
  const subject = { service, stored, policy }
  if (state?.rolling !== undefined || state?.waiting) return subject
  // Nobody has seen the image hold: it was staged, and its service has been woken; or it failed.
  const awake = (service.service.desiredCount ?? 0) > 0
  if (awake && UNPROVED.has(state?.latest?.verdict ?? '')) return subject
  const candidates = await candidatesFor(registry, {
    managed: service,
    policy,
    cause: SWEEP,
    state,
    waiting: [],
  })
  const revision = state?.revisions?.find(
    ({ taskDefinition }) => taskDefinition === service.service.taskDefinition,
  )
  if (candidates.length === 0 && revision === undefined) {
    // Nothing was ever pushed for it, or everything is gone, what it runs too.
    return awake || state?.latest !== undefined ? subject : undefined
  }
  const asked = { managed: service, policy, cause: SWEEP }
  // Until they are noted: a tag that is set later is told from them.
  if ((await seenNow(registry, asked, state, at)) !== undefined) return { ...subject, tags: true }
  // Deployed by somebody else: only its task definition says what it runs.
  if (revision === undefined) return subject
  const digests = candidates
    .filter(
      ({ repository, digest }) =>
        !revision.images.some(
          (image) => image.repository === repository && image.digest === digest,
        ),
    )
    .map(({ digest }) => digest)
  const missing = await lacksAny(registry, subject, revision.images, candidates)
  return digests.length === 0 && !missing ? undefined : { ...subject, digests, missing }
}

/** Whether the registry has lost an image that a service runs; one that it has just named it has. */
async function lacksAny(
  registry: Registry,
  { service, policy }: Subject,
  images: readonly PinnedImage[],
  found: readonly { digest: string }[],
): Promise<boolean> {
  const followed = repositoriesOf(service.tags)
  for (const { repository, digest } of images) {
    if (!followed.includes(repository) || found.some((one) => one.digest === digest)) continue
    if (!(await registry.has(repository, digest, policy))) return true
  }
  return false
}

/**
 * An image that did not hold, or that a person rolled back from, is not run by the sweep: there is
 * nothing to look at where that is all a service lacks.
 */
async function withoutKnownBad({ table }: Sources, doubts: readonly Doubt[]): Promise<Doubt[]> {
  const pairs = doubts.flatMap(({ service, digests = [] }) =>
    digests.map((digest) => ({ service: service.id, digest })),
  )
  const tried = await readTried(table, pairs)
  const bad = new Set(
    pairs
      .filter((_, place) => ['rolled-back', 'recalled'].includes(tried[place]?.verdict ?? ''))
      .map(({ service, digest }) => `${service} ${digest}`),
  )
  return doubts.filter(
    ({ service, digests, missing }) =>
      digests === undefined ||
      missing ||
      digests.some((digest) => !bad.has(`${service.id} ${digest}`)),
  )
}

function readable({ tags }: Managed): Policy | undefined {
  try {
    return parsePolicy(tags[TAGS.deploy] ?? 'off')
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}
