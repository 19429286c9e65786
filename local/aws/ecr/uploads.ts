import { createHash, type Hash } from 'node:crypto'
import type {
  CompleteLayerUploadRequest,
  InitiateLayerUploadRequest,
  UploadLayerPartRequest,
} from '@aws-sdk/client-ecr'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { Registry } from './registry.ts'

/** Bytes; what ECR asks of a client's parts. https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
export const PART = 10 * 1024 * 1024
/** Bytes; of every part but the last one. */
const SMALLEST_PART = 5 * 1024 * 1024
/** Simulated; after that an upload that nobody goes on with has to make room for others. */
const ABANDONED_MS = 24 * 3_600_000

type Upload = {
  repository: string
  parts: Uint8Array[]
  size: number
  hash: Hash
  /** Simulated milliseconds. */
  touched: number
}

/** Layers on their way into a registry. */
export class Uploads {
  readonly #registry: Registry
  readonly #uploads = new Map<string, Upload>()
  #begun = 0

  constructor(registry: Registry) {
    this.#registry = registry
  }

  begin(repository: string): string {
    const { random, now } = this.#registry.aws.world
    const id = random.uuid(`ecr/upload/${repository}/${this.#begun++}`)
    const hash = createHash('sha256')
    this.#uploads.set(id, { repository, parts: [], size: 0, hash, touched: now })
    return id
  }

  /** @throws AwsError UploadNotFoundException */
  find(id: string, repository: string): Upload {
    const upload = this.#uploads.get(id)
    if (upload?.repository === repository) return upload
    throw new AwsError(
      'UploadNotFoundException',
      `The upload '${id}' does not exist within the repository with name '${repository}'`,
    )
  }

  /** @throws AwsError LimitExceededException when there is no room for it. */
  add(upload: Upload, part: Uint8Array): void {
    if (part.length === 0) return
    this.#makeRoom(upload, part.length)
    upload.parts.push(part)
    upload.size += part.length
    upload.hash.update(part)
    upload.touched = this.#registry.aws.world.now
  }

  end(id: string): void {
    this.#uploads.delete(id)
  }

  #makeRoom(forThis: Upload, more: number): void {
    const { contents, repositories, aws } = this.#registry
    const make = () => contents.makeRoom(this.#bytes() + more, repositories.values())
    try {
      make()
    } catch {
      for (const [id, upload] of this.#uploads) {
        const old = aws.world.now - upload.touched > ABANDONED_MS
        if (old && upload !== forThis) this.#uploads.delete(id)
      }
      make()
    }
  }

  #bytes(): number {
    return [...this.#uploads.values()].reduce((sum, { size }) => sum + size, 0)
  }
}

/** How a push brings what its manifest names: configurations and layers. */
export function uploadOperations(registry: Registry, uploads: Uploads) {
  return {
    InitiateLayerUpload: (input: InitiateLayerUploadRequest) => {
      onlyMembers('ecr:InitiateLayerUpload', input, ['registryId', 'repositoryName'])
      const { name } = registry.repository(input.repositoryName, input.registryId)
      return { uploadId: uploads.begin(name), partSize: PART }
    },
    UploadLayerPart: (input: UploadLayerPartRequest) => uploadPart(registry, uploads, input),
    CompleteLayerUpload: (input: CompleteLayerUploadRequest) => complete(registry, uploads, input),
  }
}

/** @throws AwsError InvalidLayerPartException for a part that does not follow the one before. */
function uploadPart(registry: Registry, uploads: Uploads, input: UploadLayerPartRequest) {
  onlyMembers('ecr:UploadLayerPart', input, [
    'registryId',
    'repositoryName',
    'uploadId',
    'partFirstByte',
    'partLastByte',
    'layerPartBlob',
  ])
  const { name } = registry.repository(input.repositoryName, input.registryId)
  const { uploadId = '', layerPartBlob = new Uint8Array() } = input
  const upload = uploads.find(uploadId, name)
  const after = upload.size + layerPartBlob.length
  const registryId = registry.aws.account
  if (input.partFirstByte !== upload.size || input.partLastByte !== after - 1) {
    throw new AwsError(
      'InvalidLayerPartException',
      `Layer part's first byte is ${input.partFirstByte} and its last ${input.partLastByte}; ${upload.size} bytes were received before it, and it has ${layerPartBlob.length}`,
      {
        members: {
          ...{ registryId, repositoryName: name, uploadId },
          lastValidByteReceived: upload.size - 1,
        },
      },
    )
  }
  uploads.add(upload, layerPartBlob)
  return { registryId, repositoryName: name, uploadId, lastByteReceived: after - 1 }
}

/** @throws AwsError as ECR does for content that is not what was said, or is there already. */
function complete(registry: Registry, uploads: Uploads, input: CompleteLayerUploadRequest) {
  onlyMembers('ecr:CompleteLayerUpload', input, [
    'registryId',
    'repositoryName',
    'uploadId',
    'layerDigests',
  ])
  const repository = registry.repository(input.repositoryName, input.registryId)
  const { name } = repository
  const { uploadId = '', layerDigests = [] } = input
  const upload = uploads.find(uploadId, name)
  const layerDigest = `sha256:${upload.hash.copy().digest('hex')}`
  refuseIncomplete(upload, uploadId)
  if (!layerDigests.includes(layerDigest)) {
    throw new AwsError(
      'InvalidLayerException',
      `Layer with digest '${layerDigest}' is none of [${layerDigests.join(', ')}]`,
    )
  }
  uploads.end(uploadId)
  if (registry.contents.has(repository, layerDigest)) {
    throw new AwsError(
      'LayerAlreadyExistsException',
      `Layer with digest '${layerDigest}' already exists in the repository with name '${name}' in registry with id '${registry.aws.account}'`,
    )
  }
  registry.contents.keep(repository, layerDigest, Buffer.concat(upload.parts))
  return { registryId: registry.aws.account, repositoryName: name, uploadId, layerDigest }
}

function refuseIncomplete({ parts, size }: Upload, id: string): void {
  if (size === 0) {
    throw new AwsError('EmptyUploadException', `The upload '${id}' contains no parts`)
  }
  if (parts.slice(0, -1).every(({ length }) => length >= SMALLEST_PART)) return
  throw new AwsError(
    'LayerPartTooSmallException',
    `Layer parts must be at least ${SMALLEST_PART} bytes in size, all but the last one`,
  )
}
