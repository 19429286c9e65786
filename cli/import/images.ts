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

/** Why an image that lies elsewhere is not run from there, and what to do. */
export function elsewhere(image: string, repository: string): [because: string, remedy: string] {
  return [
    `an image is run from a repository of the environment: ${repository}`,
    `push it there, for linux/amd64: docker pull ${image} && docker tag ${image} <registry>/${repository}:main && docker push <registry>/${repository}:main`,
  ]
}

/** Gives a service the image that its input names. */
export function giveImage(draft: Draft, tree: Tree): void {
  const image = textOf(tree) ?? ''
  const { report } = draft
  const repository = ecrRepository(image)
  report.to(tree, `${draft.file} repository`)
  if (repository !== undefined && repository !== draft.name) draft.is.repository = repository
  // Score writes a dot for what is built elsewhere.
  if (repository !== undefined || image === '' || image === '.') return
  report.leave(tree, ...elsewhere(image, draft.name))
}
