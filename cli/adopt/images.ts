import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr'
import { parseImage } from '../../domain/image.ts'
import { isGone } from '../../functions/shared/roll-out/scan.ts'

/** The tags that an image has in the registry now; none where it is gone. */
export async function tagsOfImage(ecr: ECRClient, image: string): Promise<string[]> {
  const { repository, tag = 'latest', digest } = parseImage(image)
  const id = digest === undefined ? { imageTag: tag } : { imageDigest: digest }
  try {
    const { imageDetails = [] } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [id] }),
    )
    return imageDetails.flatMap(({ imageTags = [] }) => imageTags)
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}
