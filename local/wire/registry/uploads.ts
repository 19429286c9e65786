import { PART } from '../../aws/ecr/uploads.ts'
import { AwsError } from '../../aws/errors.ts'
import type { WireResponse } from '../message.ts'
import { Refused, reply } from './answers.ts'
import { type Desk, DIGEST, parameter } from './desk.ts'

type Upload = { name: string; id: string }

/**
 * Begins to push a blob, takes it over from another repository, or takes all of it at once.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
 */
export async function begin(desk: Desk, name: string): Promise<WireResponse> {
  const { uploadId: id } = await desk.call<{ uploadId: string }>('InitiateLayerUpload', {
    repositoryName: name,
  })
  const upload = { name, id }
  const [mount, from, digest] = ['mount', 'from', 'digest'].map((one) => parameter(desk, one))
  if (mount !== undefined && from !== undefined && (await isMounted(desk, name, mount, from))) {
    desk.ecr.uploads.end(id)
    return made(name, mount)
  }
  if (digest === undefined) return progress(desk, upload, 202)
  return finish(desk, upload)
}

/** Whoever takes a layer over has to have the right to pull it. */
async function isMounted(desk: Desk, name: string, digest: string, from: string) {
  try {
    await desk.call('GetDownloadUrlForLayer', { repositoryName: from, layerDigest: digest })
  } catch (error) {
    if (error instanceof AwsError) return false
    throw error
  }
  return desk.run(async () => desk.ecr.mount(from, name, digest))
}

/**
 * Takes a part. ECR answers 201 where the specification has 202, which some clients do not expect:
 * https://github.com/aws/containers-roadmap/issues/2831
 */
export async function append(desk: Desk, upload: Upload): Promise<WireResponse> {
  await receive(desk, upload)
  return progress(desk, upload, 201)
}

/** Takes what is left, and keeps the whole if it is what the client says. */
export async function finish(desk: Desk, upload: Upload): Promise<WireResponse> {
  const digest = parameter(desk, 'digest') ?? ''
  if (!DIGEST.test(digest)) {
    throw new Refused(400, 'DIGEST_INVALID', `${digest.slice(0, 80)} is no digest of sha256`)
  }
  await receive(desk, upload)
  try {
    await desk.call('CompleteLayerUpload', {
      ...{ repositoryName: upload.name, uploadId: upload.id },
      layerDigests: [digest],
    })
  } catch (error) {
    // Somebody else was faster with the same layer.
    if (!(error instanceof AwsError && error.name === 'LayerAlreadyExistsException')) throw error
  }
  return made(upload.name, digest)
}

/** How far it is. */
export const state = async (desk: Desk, upload: Upload): Promise<WireResponse> =>
  progress(desk, upload, 204)

export async function cancel({ ecr }: Desk, { name, id }: Upload): Promise<WireResponse> {
  ecr.uploads.find(id, name)
  ecr.uploads.end(id)
  return reply(204, {})
}

const made = (name: string, digest: string): WireResponse =>
  reply(201, {
    location: `/v2/${name}/blobs/${digest}`,
    'docker-content-digest': digest,
  })

function progress(desk: Desk, upload: Upload, statusCode: number): WireResponse {
  return reply(statusCode, standing(upload, received(desk, upload)))
}

const standing = ({ name, id }: Upload, size: number) => ({
  location: `/v2/${name}/blobs/uploads/${id}`,
  range: `0-${Math.max(0, size - 1)}`,
  'docker-upload-uuid': id,
})

const received = ({ ecr }: Desk, { name, id }: Upload): number => ecr.uploads.find(id, name).size

/** Hands the body on in parts as large as ECR asks for them. */
async function receive(desk: Desk, upload: Upload): Promise<void> {
  checkRange(desk, upload)
  let chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of desk.request.body) {
    chunks.push(chunk)
    size += chunk.length
    while (size >= PART) {
      const all = Buffer.concat(chunks)
      await send(desk, upload, all.subarray(0, PART))
      chunks = [all.subarray(PART)]
      size -= PART
    }
  }
  if (size > 0) await send(desk, upload, Buffer.concat(chunks))
}

async function send(desk: Desk, upload: Upload, layerPartBlob: Uint8Array): Promise<void> {
  const partFirstByte = received(desk, upload)
  await desk.call('UploadLayerPart', {
    ...{ repositoryName: upload.name, uploadId: upload.id, layerPartBlob, partFirstByte },
    partLastByte: partFirstByte + layerPartBlob.length - 1,
  })
}

/** A part says where it begins; one that does not is taken to follow. @throws Refused 416 */
function checkRange(desk: Desk, upload: Upload): void {
  const { 'content-range': range, 'content-length': length } = desk.request.headers
  const size = received(desk, upload)
  if (range === undefined) return
  const [, first, last] = /^(?:bytes )?(\d{1,15})-(\d{1,15})(?:\/.*)?$/.exec(range) ?? []
  if (first === undefined) {
    throw new Refused(400, 'BLOB_UPLOAD_INVALID', `Content-Range is ${range.slice(0, 80)}`)
  }
  const long = Number(last) - Number(first) + 1
  if (length !== undefined && Number(length) !== long) {
    throw new Refused(400, 'SIZE_INVALID', `Content-Range has ${long} bytes, the body ${length}`)
  }
  if (Number(first) === size) return
  throw new Refused(
    416,
    'BLOB_UPLOAD_INVALID',
    `The part begins at byte ${first}; ${size} were received before it`,
    standing(upload, size),
  )
}
