import type {
  BatchCheckLayerAvailabilityRequest,
  GetDownloadUrlForLayerRequest,
} from '@aws-sdk/client-ecr'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { Registry } from './registry.ts'

/** Where a Region's registries keep their layers. */
export const layerHost = ({ region }: Aws): string =>
  `prod-${region}-starport-layer-bucket.s3.${region}.amazonaws.com`

/** Blobs of images: configurations and layers. */
export function layerOperations(registry: Registry) {
  const { aws, contents } = registry
  return {
    GetDownloadUrlForLayer: (input: GetDownloadUrlForLayerRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      const { name } = repository
      const digest = input.layerDigest ?? ''
      if (!contents.has(repository, digest)) {
        throw new AwsError(
          'LayersNotFoundException',
          `The layer with digest '${digest}' does not exist within the repository with name '${name}' in the registry with id '${aws.account}'`,
        )
      }
      const signed = `X-Amz-Date=${aws.world.date.toISOString().replace(/[-:]|\.\d{3}/g, '')}&X-Amz-Expires=3600`
      return { downloadUrl: `https://${layerHost(aws)}/${digest}?${signed}`, layerDigest: digest }
    },
    BatchCheckLayerAvailability: (input: BatchCheckLayerAvailabilityRequest) => {
      const repository = registry.repository(input.repositoryName, input.registryId)
      const layers = (input.layerDigests ?? []).map((layerDigest) =>
        contents.has(repository, layerDigest)
          ? {
              ...{ layerDigest, layerAvailability: 'AVAILABLE' },
              layerSize: contents.get(layerDigest)?.length,
            }
          : { layerDigest, layerAvailability: 'UNAVAILABLE' },
      )
      return { layers, failures: [] }
    },
  }
}

/** The content behind an address of `GetDownloadUrlForLayer`, or undefined. */
export function layerAt(registry: Registry, url: string): Uint8Array | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, pathname } = new URL(url)
  if (!/^prod-[a-z0-9-]+-starport-layer-bucket\.s3\./.test(hostname)) return undefined
  const content = registry.contents.get(decodeURIComponent(pathname.slice(1)))
  return content === undefined ? undefined : Buffer.from(content)
}
