import { choose, type Policy, type Tagged } from '../../../domain/deploy-policy.ts'
import type { Candidate, Cause } from '../../../domain/roll-out/observed.ts'
import { type Push, pushOf, type RollOutRecord } from '../../../domain/table/record.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import type { Managed } from '../managed.ts'
import type { Registry } from './registry.ts'
import { repositoriesFor, taggedSince } from './seen.ts'

type Asked = {
  managed: Managed
  policy: Policy
  cause: Cause
  state: ServiceState | undefined
  /** Records of pushes that wait for a roll-out to end, oldest first. */
  waiting: readonly RollOutRecord[]
}

/** Images that are looked into, one after the other, before a repository is said to have none. */
const LOOKED_INTO = 5

/**
 * The images a service should run, one for each repository it follows, newest first: what a person
 * named, else what its policy chooses now.
 */
export async function candidatesFor(registry: Registry, asked: Asked): Promise<Candidate[]> {
  const { managed, cause } = asked
  const found: Candidate[] = []
  for (const repository of repositoriesFor(cause, managed)) {
    const image =
      cause.kind === 'by-hand'
        ? await registry.byDigest(repository, cause.digest)
        : await chosen(registry, repository, asked)
    if (image !== undefined) found.push({ ...image, repository, platforms: [] })
  }
  return found.toSorted((a, b) => b.at.localeCompare(a.at))
}

/**
 * What the policy chooses of a repository. Of several tags the newest may name a signature or a
 * build cache: what an image is, its manifest says, and then the next one is chosen.
 */
async function chosen(
  registry: Registry,
  repository: string,
  { policy, cause, state, waiting }: Asked,
): Promise<Tagged | undefined> {
  const heard = heardOf(repository, cause, state, waiting)
  if (policy.kind === 'exact' && cause.kind === 'push') {
    const image = await registry.heard(repository, policy.tag, heard)
    if (image !== undefined) return image
  }
  const tagged = await registry.tagged(repository, policy)
  const since = new Set(taggedSince(policy, repository, tagged, state))
  const last = latest(state?.seen?.[repository]?.at, state?.latest?.at)
  const images = dated(tagged, heard).map((image, place) => {
    const found = since.has(tagged[place] as Tagged) && image.order === undefined
    return found ? { ...image, at: last, order: heard.length + 1, unheard: true as const } : image
  })
  const first = choose(policy, images)
  if (policy.kind === 'exact' || first === undefined) return first
  let left = images
  for (let looked = 0; looked < LOOKED_INTO; looked++) {
    const image = choose(policy, left)
    if (image === undefined || image.digest === state?.latest?.digest) return image ?? first
    const { companion } = await registry.inspect(repository, image)
    if (companion === undefined) return image
    left = left.filter(({ digest }) => digest !== image.digest)
  }
  return first
}

/** The later of two instants, as far as they are known. */
const latest = (...instants: readonly (string | undefined)[]): string =>
  instants
    .flatMap((one) => one ?? [])
    .toSorted()
    .at(-1) ?? ''

/** Pushes that were heard of, the last one last: what the policy chose, what waits, the one at hand. */
function heardOf(
  repository: string,
  cause: Cause,
  state: ServiceState | undefined,
  waiting: readonly RollOutRecord[],
): Push[] {
  const pushes = [
    state?.latest,
    ...waiting.map(pushOf),
    cause.kind === 'push' ? cause.push : undefined,
  ]
  return pushes.flatMap((push) => (push?.repository === repository ? [push] : []))
}

/**
 * The registry dates an image by its first push, in whole seconds: a tag moved back to an older
 * image keeps the old date. The pushes that were heard of tell when their tags came to name their
 * digests, and which of two within one second was the last.
 */
function dated(images: readonly Tagged[], heard: readonly Push[]): Tagged[] {
  return images.map((image) => {
    const place = heard.findLastIndex(
      (push) => push.tag === image.tag && push.digest === image.digest,
    )
    const push = heard[place]
    return push === undefined ? image : { ...image, at: push.at, order: place + 1 }
  })
}
