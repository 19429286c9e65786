import type {
  DescribeImageScanFindingsRequest,
  FindingSeverity,
  ImageScanFinding,
  StartImageScanRequest,
} from '@aws-sdk/client-ecr'
import { AwsError } from '../errors.ts'
import { emitScan } from './events.ts'
import { INDEXES } from './image.ts'
import type { Registry } from './registry.ts'
import { ecrPage } from './registry.ts'
import type { Repository, StoredImage } from './repository.ts'

/** Basic scanning. An index is not scanned, its images are. */
export function scanOperations(registry: Registry) {
  return {
    StartImageScan: (input: StartImageScanRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      const image = registry.image(repository, input.imageId ?? {})
      if (INDEXES.includes(image.mediaType)) {
        throw new AwsError(
          'UnsupportedImageTypeException',
          `The specified image is a manifest list: scan its images instead ('${image.digest}')`,
        )
      }
      startScan(registry, repository, image)
      return { ...named(registry, repository, image), imageScanStatus: { status: 'IN_PROGRESS' } }
    },
    DescribeImageScanFindings: (input: DescribeImageScanFindingsRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      const image = registry.image(repository, input.imageId ?? {})
      return findings(registry, repository, image, input)
    },
  }
}

function findings(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
  input: DescribeImageScanFindingsRequest,
) {
  const { scan } = image
  if (scan === undefined) {
    throw new AwsError(
      'ScanNotFoundException',
      `Image scan does not exist for the image with '{imageDigest:'${image.digest}', imageTag:'${input.imageId?.imageTag ?? 'null'}'}' in the repository with name '${repository.name}' in the registry with id '${registry.aws.account}'`,
    )
  }
  const status = { ...named(registry, repository, image), imageScanStatus: { status: scan.status } }
  if (scan.completedAt === undefined) return status
  const { items, next } = ecrPage(scan.findings, input.nextToken, input.maxResults)
  return {
    ...status,
    imageScanFindings: {
      imageScanCompletedAt: scan.completedAt,
      vulnerabilitySourceUpdatedAt: scan.completedAt,
      findingSeverityCounts: countsOf(scan.findings),
      findings: items,
    },
    ...(next === undefined ? {} : { nextToken: next }),
  }
}

const named = (registry: Registry, repository: Repository, { digest }: StoredImage) => ({
  registryId: registry.aws.account,
  repositoryName: repository.name,
  imageId: { imageDigest: digest },
})

/** How many findings there are of each severity; those with none are left out. */
export function countsOf(found: readonly ImageScanFinding[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { severity = 'UNDEFINED' } of found) counts[severity] = (counts[severity] ?? 0) + 1
  return counts
}

/** Scans one image: takes some seconds, then sends an event. */
export function startScan(registry: Registry, repository: Repository, image: StoredImage): void {
  if (INDEXES.includes(image.mediaType)) return
  const { aws } = registry
  image.scan = { status: 'IN_PROGRESS', findings: [] }
  aws.world.after(aws.world.random.between('ecr/scan', 8_000, 25_000), 'ECR scan', () => {
    if (!repository.images.has(image.digest)) return
    const found = findingsOf(registry.describe(image.digest).findings ?? {})
    image.scan = { status: 'COMPLETE', completedAt: aws.world.date, findings: found }
    const tags = registry.tagsOf(repository, image.digest)
    emitScan(aws, repository, image.digest, { counts: countsOf(found), tags })
  })
}

function findingsOf(counts: Readonly<Record<string, number>>): ImageScanFinding[] {
  return Object.entries(counts).flatMap(([severity, count], kind) =>
    Array.from({ length: count }, (_, index) => {
      const name = `CVE-2026-${1000 * (kind + 1) + index}`
      return {
        name,
        description: `${name} in a package of this image`,
        uri: `https://nvd.nist.gov/vuln/detail/${name}`,
        severity: severity as FindingSeverity,
        attributes: [{ key: 'package_name', value: `package-${kind}-${index}` }],
      }
    }),
  )
}
