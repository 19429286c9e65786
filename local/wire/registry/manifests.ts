import { digestOf } from '../../aws/ecr/image.ts'
import { AwsError } from '../../aws/errors.ts'
import type { WireResponse } from '../message.ts'
import { Refused, refusedBy, reply } from './answers.ts'
import { type Desk, DIGEST } from './desk.ts'

/** Bytes. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html */
const LARGEST = 4_194_304

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

type Id = { imageTag: string } | { imageDigest: string }

/** @throws Refused for what is neither a tag nor a digest. */
function idOf(reference: string, otherwise: Refused): Id {
  if (DIGEST.test(reference)) return { imageDigest: reference }
  if (TAG.test(reference)) return { imageTag: reference }
  throw otherwise
}

type Image = {
  imageId: { imageDigest: string }
  imageManifest: string
  imageManifestMediaType: string
}

/** The manifest behind a tag or digest, of a type that the client takes. */
export async function getManifest(
  desk: Desk,
  name: string,
  reference: string,
): Promise<WireResponse> {
  const { images } = await desk.call<{ images: Image[] }>('BatchGetImage', {
    repositoryName: name,
    imageIds: [idOf(reference, unknown())],
    ...accepted(desk),
  })
  const [image] = images
  if (image === undefined) throw unknown()
  return reply(
    200,
    {
      'content-type': image.imageManifestMediaType,
      'docker-content-digest': image.imageId.imageDigest,
    },
    Buffer.from(image.imageManifest),
  )
}

/** As ECR says it: https://github.com/docker/buildx/issues/1384 shows the code. */
const unknown = (): Refused => new Refused(404, 'MANIFEST_UNKNOWN', 'Requested image not found')

/** A client that takes anything names nothing. */
function accepted({ request }: Desk): { acceptedMediaTypes?: string[] } {
  const types = (request.headers.accept ?? '').split(',').map(typeOf)
  if (types.some((type) => type === '' || type.includes('*'))) return {}
  return { acceptedMediaTypes: types.slice(0, 100) }
}

const typeOf = (text: string): string => text.split(';')[0]?.trim() ?? ''

/** The last step of a push. A manifest that is there already is no error, as it is for the API. */
export async function putManifest(
  desk: Desk,
  name: string,
  reference: string,
): Promise<WireResponse> {
  const tag = `The tag ${reference.slice(0, 140)} is none: ${TAG.source}`
  const id = idOf(reference, new Refused(400, 'TAG_INVALID', tag))
  const imageManifest = await manifestOf(desk)
  const imageManifestMediaType = typeOf(desk.request.headers['content-type'] ?? '')
  const input = { repositoryName: name, imageManifest, ...id }
  const digest = await putting(desk, {
    ...input,
    ...(imageManifestMediaType === '' ? {} : { imageManifestMediaType }),
  })
  const subject = subjectOf(imageManifest)
  return reply(201, {
    location: `/v2/${name}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(subject === undefined ? {} : { 'oci-subject': subject }),
  })
}

/** @returns the digest. @throws Refused */
async function putting(desk: Desk, input: { repositoryName: string; imageManifest: string }) {
  try {
    const { image } = await desk.call<{ image: Image }>('PutImage', input)
    return image.imageId.imageDigest
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.name !== 'ImageAlreadyExistsException') throw refusedBy(error, true)
    return digestOf(input.imageManifest)
  }
}

/** @throws Refused for more than a manifest may have. */
async function manifestOf({ request }: Desk): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > LARGEST) {
      throw new Refused(413, 'SIZE_INVALID', `A manifest has at most ${LARGEST} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** The digest of what the manifest says something about. */
function subjectOf(manifest: string): string | undefined {
  const digest = (JSON.parse(manifest) as { subject?: { digest?: string } }).subject?.digest
  return digest !== undefined && DIGEST.test(digest) ? digest : undefined
}

type Failure = { failureCode: string; failureReason: string }

/** Deletes a tag or an image. https://github.com/aws/containers-roadmap/issues/1229 */
export async function deleteManifest(
  desk: Desk,
  name: string,
  reference: string,
): Promise<WireResponse> {
  const { failures } = await desk.call<{ failures: Failure[] }>('BatchDeleteImage', {
    repositoryName: name,
    imageIds: [idOf(reference, unknown())],
  })
  const [failure] = failures
  if (failure === undefined) return reply(202, {})
  if (failure.failureCode === 'ImageNotFound') throw unknown()
  throw new Refused(403, 'DENIED', failure.failureReason)
}
