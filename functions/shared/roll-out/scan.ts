import type { ImageDetail } from '@aws-sdk/client-ecr'
import { findingsIn, type Scan } from '../../../domain/findings.ts'

/**
 * What ECR's scan of an image found.
 *
 * @returns undefined for an image that is not scanned, cannot be, or is gone.
 */
export function scanIn(detail: ImageDetail | undefined): Scan | undefined {
  const { imageScanStatus, imageScanFindingsSummary: summary } = detail ?? {}
  if (summary !== undefined) return { findings: findingsIn(summary.findingSeverityCounts ?? {}) }
  return UNDER_WAY.includes(imageScanStatus?.status ?? '') ? 'pending' : undefined
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
const UNDER_WAY = ['IN_PROGRESS', 'PENDING']

/** An image or a repository that is not there is an answer: there is nothing to run. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error &&
  ['ImageNotFoundException', 'RepositoryNotFoundException'].includes(error.name)
