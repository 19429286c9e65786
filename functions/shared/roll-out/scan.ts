import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr'
import { findingsIn, type Scan } from '../../../domain/findings.ts'

/**
 * What ECR's scan of an image found.
 *
 * @returns undefined for an image that is not scanned, cannot be, or is gone.
 */
export async function scanOf(
  ecr: ECRClient,
  repositoryName: string,
  imageDigest: string,
): Promise<Scan | undefined> {
  const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] })
  const answer = await ecr.send(command).catch((error: unknown) => {
    if (isGone(error)) return undefined
    throw error
  })
  const { imageScanStatus, imageScanFindingsSummary: summary } = answer?.imageDetails?.[0] ?? {}
  if (summary !== undefined) return { findings: findingsIn(summary.findingSeverityCounts ?? {}) }
  return UNDER_WAY.includes(imageScanStatus?.status ?? '') ? 'pending' : undefined
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
const UNDER_WAY = ['IN_PROGRESS', 'PENDING']

/** An image or a repository that is not there is an answer: there is nothing to run. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error &&
  ['ImageNotFoundException', 'RepositoryNotFoundException'].includes(error.name)
