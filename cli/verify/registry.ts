import {
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr'
import * as z from 'zod'
import { configurationOf } from '../asking/configuration.ts'
import type { Place } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import type { Pushed } from './image.ts'

/** One image of one platform, as a registry keeps it. */
export type Image = { manifest: string; mediaType: string; config: string }

const manifest = z.looseObject({
  mediaType: z.optional(z.string()),
  config: z.optional(z.looseObject({ digest: z.string() })),
  manifests: z.optional(
    z.array(
      z.looseObject({
        digest: z.string(),
        platform: z.optional(z.looseObject({ architecture: z.string() })),
      }),
    ),
  ),
})

type Id = { imageTag: string } | { imageDigest: string }

/**
 * Reads an image; of an index the one for the processor.
 *
 * @throws Problem when the repository does not have it.
 */
export async function readImage(
  place: Place,
  repositoryName: string,
  id: Id,
  processor: 'arm64' | 'amd64',
): Promise<Image> {
  const ecr = new ECRClient(await configurationOf(place))
  const { images: [image] = [] } = await ecr.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [id] }),
  )
  const text = image?.imageManifest
  const named = 'imageTag' in id ? id.imageTag : id.imageDigest
  if (text === undefined) throw new Problem(`The repository ${repositoryName} has no ${named}.`)
  const read = manifest.parse(JSON.parse(text))
  if (read.manifests !== undefined) {
    const child = read.manifests.find(({ platform }) => platform?.architecture === processor)
    if (child === undefined) {
      throw new Problem(`${named} of ${repositoryName} has no image for ${processor}.`)
    }
    return readImage(place, repositoryName, { imageDigest: child.digest }, processor)
  }
  const layerDigest = read.config?.digest ?? ''
  const { downloadUrl = '' } = await ecr.send(
    new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }),
  )
  const mediaType = image?.imageManifestMediaType ?? read.mediaType ?? ''
  return { manifest: text, mediaType, config: await download(place, downloadUrl) }
}

const layer = z.object({ text: z.string() })

/** The address is AWS's own network's; a simulation hands over what is behind it. */
async function download({ endpoint }: Place, url: string): Promise<string> {
  const response =
    endpoint === undefined
      ? await fetch(url)
      : await fetch(new URL('/_caretaker/layer', endpoint), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ url }),
        })
  if (!response.ok) {
    throw new Problem(`The image's configuration cannot be read: ECR answers ${response.status}.`)
  }
  return endpoint === undefined ? response.text() : layer.parse(await response.json()).text
}

/** Uploads an image's configuration in one part, which is smaller than any limit. */
export async function upload(
  place: Place,
  repositoryName: string,
  { config, configDigest }: Pushed,
): Promise<void> {
  const ecr = new ECRClient(await configurationOf(place))
  const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }))
  await ecr.send(
    new UploadLayerPartCommand({
      ...{ repositoryName, uploadId, layerPartBlob: config },
      ...{ partFirstByte: 0, partLastByte: config.length - 1 },
    }),
  )
  await ecr.send(
    new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [configDigest] }),
  )
}

/** The last step of a push: from here on the image has its tag, and ECR tells of it. */
export async function put(
  place: Place,
  repositoryName: string,
  { manifest: imageManifest, digest, tag }: Pushed,
  mediaType: string,
): Promise<void> {
  const ecr = new ECRClient(await configurationOf(place))
  const given = mediaType === '' ? {} : { imageManifestMediaType: mediaType }
  await ecr.send(
    new PutImageCommand({
      ...{ repositoryName, imageManifest, imageDigest: digest, imageTag: tag },
      ...given,
    }),
  )
}
