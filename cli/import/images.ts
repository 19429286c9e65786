import { IMAGE_DIGEST } from '../../catalog/container-schema.ts'
import type { Draft } from './draft.ts'
import { type Tree, textOf } from './tree.ts'

/** An image in somebody's ECR: its repository there. */
export function ecrRepository(image: string): string | undefined {
  return /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image)?.[1]
}

/** Whether an image is named by what is in it. */
export const hasDigest = (image: string): boolean => IMAGE_DIGEST.safeParse(image).success

/** How one learns the digest of an image. */
export const digestCommand = (image: string): string =>
  `docker buildx imagetools inspect ${image} --format '{{.Manifest.Digest}}'`

/**
 * The image of a container beside the service's own, which is named by its digest.
 *
 * @param at the container.
 * @returns undefined for any other, and then the whole container is left out by name.
 */
export function sidecarImage(
  { file, report }: Draft,
  name: string,
  at: Tree,
  image = '<image>',
): string | undefined {
  if (hasDigest(image)) return image
  const because = 'a container beside the service’s own has an image by its digest'
  const remedy = `write sidecars.${name} into ${file} with image: ${image}@<digest>; ${digestCommand(image)} prints it`
  report.leave(at, because, remedy)
  return undefined
}

/**
 * Gives a service the image that its input names: one by its digest as it is, one of ECR by its
 * repository; any other is left out by name.
 *
 * @returns whether it runs that image, and no push rolls it out.
 */
export function giveImage(draft: Draft, tree: Tree, repository = draft.name): boolean {
  const image = textOf(tree) ?? ''
  const { report } = draft
  if (hasDigest(image)) {
    draft.put('image', image, tree)
    delete draft.is.repository
    return true
  }
  report.to(tree, `${draft.file} repository`)
  const ecr = ecrRepository(image)
  if (ecr !== undefined) {
    if (ecr !== draft.name) draft.is.repository ??= ecr
    report.note(
      'its repository is made by the environment: where the account has one of this name, write another into `repository`, and push there',
      draft.name,
    )
    return false
  }
  // Score writes a dot for what is built elsewhere.
  if (image === '' || image === '.' || repository !== draft.name) return false
  const because = `an image is run from a repository of the environment (${repository}), or by its digest`
  const remedy = `push it there, for linux/amd64; or write \`image: ${image.split('@')[0]}@<digest>\` into ${draft.file}: ${digestCommand(image)} prints it`
  report.leave(tree, because, remedy)
  return false
}
