import { DescribeImagesCommand, type ECRClient, type ImageDetail } from '@aws-sdk/client-ecr'
import { isGone } from './scan.ts'

/**
 * What the registry says of these images, by their digests; those that are gone are left out. One
 * call, unless one of them is gone: then the registry answers for none, and each is asked for.
 */
export async function imagesOf(
  ecr: ECRClient,
  repositoryName: string,
  digests: readonly string[],
): Promise<Map<string, ImageDetail>> {
  if (digests.length === 0) return new Map()
  const imageIds = digests.map((imageDigest) => ({ imageDigest }))
  try {
    const { imageDetails = [] } = await ecr.send(
      new DescribeImagesCommand({ repositoryName, imageIds }),
    )
    return new Map(imageDetails.map((detail) => [detail.imageDigest ?? '', detail]))
  } catch (error) {
    if (!isGone(error)) throw error
    if (digests.length === 1) return new Map()
    const each = await Promise.all(digests.map((digest) => imagesOf(ecr, repositoryName, [digest])))
    return new Map(each.flatMap((found) => [...found]))
  }
}
