import { choose, type Policy, type Tagged } from '../../../domain/deploy-policy.ts'
import type { Candidate, Cause } from '../../../domain/roll-out/observed.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { repositoriesOf } from '../../../domain/tags.ts'
import type { Managed } from '../managed.ts'
import type { Registry } from './registry.ts'

/**
 * The images a service should run, one for each repository it follows, newest first: what a person
 * named, else what its policy chooses now.
 */
export async function candidatesFor(
  registry: Registry,
  { tags }: Managed,
  policy: Policy,
  cause: Cause,
  state: ServiceState | undefined,
): Promise<Candidate[]> {
  const repositories = cause.kind === 'push' ? [cause.push.repository] : repositoriesOf(tags)
  const found: Candidate[] = []
  for (const repository of repositories) {
    const image =
      cause.kind === 'by-hand'
        ? await registry.byDigest(repository, cause.digest)
        : choose(policy, dated(await registry.tagged(repository, policy), repository, cause, state))
    if (image !== undefined) found.push({ ...image, repository, platforms: [] })
  }
  return found.toSorted((a, b) => b.at.localeCompare(a.at))
}

/**
 * The registry dates an image by its first push: a tag moved back to an older image keeps the old
 * date. The push at hand and the last one seen tell when their tag came to name their digest.
 */
function dated(
  images: readonly Tagged[],
  repository: string,
  cause: Cause,
  state: ServiceState | undefined,
): Tagged[] {
  const seen = [state?.latest, cause.kind === 'push' ? cause.push : undefined].filter(
    (push) => push?.repository === repository,
  )
  return images.map((image) => {
    const last = seen.findLast((push) => push?.tag === image.tag && push.digest === image.digest)
    return last === undefined ? image : { ...image, at: last.at }
  })
}
