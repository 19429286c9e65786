import { type Policy, type Tagged, takes } from '../../../domain/deploy-policy.ts'
import type { Cause } from '../../../domain/roll-out/observed.ts'
import type { Seen, ServiceState } from '../../../domain/table/service-state.ts'
import { repositoriesOf } from '../../../domain/tags.ts'
import type { Managed } from '../managed.ts'
import type { Registry } from './registry.ts'
import { addedSince, sketchOf } from './tag-sketch.ts'

/** The repositories that a cause is about. */
export const repositoriesFor = (cause: Cause, { tags }: Managed): string[] =>
  cause.kind === 'push' ? [cause.push.repository] : repositoriesOf(tags)

/**
 * The images that were there when the tags of their repository were last looked at, under tags that
 * were not: each was set since, and the registry dates the image as before.
 *
 * What was never looked at, or not with this policy, or has changed too much to tell, has none: a
 * service with a past does not go back to one of its old images.
 */
export function taggedSince(
  policy: Policy,
  repository: string,
  images: readonly Tagged[],
  state: ServiceState | undefined,
): Tagged[] {
  const last = state?.seen?.[repository]
  if (last === undefined || last.policy !== policy.text) return []
  const added = addedSince(last.tags, fitting(policy, images)) ?? []
  return added.filter(({ at }) => at < last.at)
}

/**
 * What is to be kept of the tags as they are now, for the next look; undefined when it is kept
 * already. An empty repository is not noted: a read that finds nothing proves nothing.
 *
 * @param at when the tags were looked at: ISO 8601.
 */
export async function seenNow(
  registry: Registry,
  { managed, policy, cause }: { managed: Managed; policy: Policy; cause: Cause },
  state: ServiceState | undefined,
  at: string,
): Promise<Seen | undefined> {
  // One tag names one image: which one it named is known without.
  if (policy.kind === 'exact' || policy.kind === 'off' || cause.kind === 'by-hand') return undefined
  const noted: Seen = {}
  for (const repository of repositoriesFor(cause, managed)) {
    const images = fitting(policy, await registry.tagged(repository, policy))
    const tags = sketchOf(images)
    const last = state?.seen?.[repository]
    if (images.length === 0 || (last?.policy === policy.text && last.tags === tags)) continue
    noted[repository] = { policy: policy.text, at, tags }
  }
  if (Object.keys(noted).length === 0) return undefined
  const followed = repositoriesOf(managed.tags)
  const kept = Object.entries(state?.seen ?? {}).filter(([name]) => followed.includes(name))
  return { ...Object.fromEntries(kept), ...noted }
}

const fitting = (policy: Policy, images: readonly Tagged[]): Tagged[] =>
  images.filter(({ tag }) => takes(policy, tag))
