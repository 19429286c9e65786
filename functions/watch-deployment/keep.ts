import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  type ECRClient,
  type ImageDetail,
  ListTagsForResourceCommand,
  PutImageCommand,
} from '@aws-sdk/client-ecr'
import { keptName } from '../../domain/kept-name.ts'
import { isOfEnvironment, TAGS } from '../../domain/tags.ts'

/** The image that a service runs now, and what the names of its images begin with. */
export type Kept = {
  names: string
  environment: string
  repository: string
  digest: string
} & Written

/** A manifest as ECR has it: its digest is made of it, character for character. */
type Written = { manifest?: string | undefined; mediaType?: string | undefined }

/**
 * Gives the image that runs its name.
 *
 * @returns whether it has it: not in a repository that has not opted in, and not when it is gone.
 */
export async function keep(ecr: ECRClient, serviceArn: string, kept: Kept): Promise<boolean> {
  const { names, environment, repository: repositoryName, digest } = kept
  const [, partition, , region, account] = serviceArn.split(':')
  const resourceArn = `arn:${partition}:ecr:${region}:${account}:repository/${repositoryName}`
  const { tags = [] } = await ecr.send(new ListTagsForResourceCommand({ resourceArn }))
  const own = Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
  // No tag, no touch; the role's conditions say the same.
  if (own[TAGS.service] === undefined || !isOfEnvironment(own, environment)) return false
  const written = kept.manifest === undefined ? await manifestOf(ecr, kept) : kept
  if (written?.manifest === undefined) return false
  const command = new PutImageCommand({
    repositoryName,
    imageManifest: written.manifest,
    imageManifestMediaType: written.mediaType,
    imageDigest: digest,
    imageTag: keptName(names, digest),
  })
  await ecr.send(command).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'ImageAlreadyExistsException') throw error
  })
  return true
}

/** Read here where the plan did not hand it on. */
async function manifestOf(
  ecr: ECRClient,
  { repository: repositoryName, digest: imageDigest }: Kept,
): Promise<Written> {
  const command = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] })
  const { images: [image] = [] } = await ecr.send(command)
  return { manifest: image?.imageManifest, mediaType: image?.imageManifestMediaType }
}

/**
 * Takes the name from images that ran before. One that has no other tag keeps it: an image goes
 * with its last tag.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
 */
export async function letGo(
  ecr: ECRClient,
  { names, repository: repositoryName }: Kept,
  images: readonly ImageDetail[],
): Promise<void> {
  const imageIds = images.flatMap(({ imageDigest = '', imageTags = [] }) => {
    const imageTag = keptName(names, imageDigest)
    return imageTags.includes(imageTag) && imageTags.length > 1 ? [{ imageTag }] : []
  })
  if (imageIds.length === 0) return
  await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))
}
