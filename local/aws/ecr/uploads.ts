import type {
  CompleteLayerUploadRequest,
  InitiateLayerUploadRequest,
  UploadLayerPartRequest,
} from '@aws-sdk/client-ecr'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { digestOf } from './image.ts'
import type { Registry } from './registry.ts'

/** Bytes; what ECR asks of a client's parts, the last one may be smaller. */
const PART = 10 * 1024 * 1024

/** How a push brings what its manifest names: configurations and layers. */
export function uploadOperations(registry: Registry) {
  const uploads = new Map<string, Buffer>()
  return {
    InitiateLayerUpload: (input: InitiateLayerUploadRequest) => {
      onlyMembers('ecr:InitiateLayerUpload', input, ['registryId', 'repositoryName'])
      const { name } = registry.repository(input.repositoryName, input.registryId)
      const uploadId = registry.aws.world.random.uuid(`ecr/upload/${name}/${uploads.size}`)
      uploads.set(uploadId, Buffer.alloc(0))
      return { uploadId, partSize: PART }
    },
    UploadLayerPart: (input: UploadLayerPartRequest) => uploadPart(registry, uploads, input),
    CompleteLayerUpload: (input: CompleteLayerUploadRequest) => complete(registry, uploads, input),
  }
}

type Uploads = Map<string, Buffer>

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
  const before = found(uploads, uploadId, name)
  const after = Buffer.concat([before, layerPartBlob])
  if (input.partFirstByte !== before.length || input.partLastByte !== after.length - 1) {
    throw new AwsError(
      'InvalidLayerPartException',
      `Layer part's first byte is ${input.partFirstByte} and its last ${input.partLastByte}; ${before.length} bytes were received before it, and it has ${layerPartBlob.length}`,
    )
  }
  uploads.set(uploadId, after)
  const registryId = registry.aws.account
  return { registryId, repositoryName: name, uploadId, lastByteReceived: after.length - 1 }
}

/** @throws AwsError as ECR does for content that is not what was said, or is there already. */
function complete(registry: Registry, uploads: Uploads, input: CompleteLayerUploadRequest) {
  onlyMembers('ecr:CompleteLayerUpload', input, [
    'registryId',
    'repositoryName',
    'uploadId',
    'layerDigests',
  ])
  const { name } = registry.repository(input.repositoryName, input.registryId)
  const { uploadId = '', layerDigests = [] } = input
  const content = found(uploads, uploadId, name)
  const layerDigest = digestOf(content)
  if (content.length === 0) {
    throw new AwsError('EmptyUploadException', `The upload '${uploadId}' contains no parts`)
  }
  if (!layerDigests.includes(layerDigest)) {
    throw new AwsError(
      'InvalidLayerException',
      `Layer with digest '${layerDigest}' is none of [${layerDigests.join(', ')}]`,
    )
  }
  uploads.delete(uploadId)
  if (registry.blobs.has(layerDigest)) {
    throw new AwsError(
      'LayerAlreadyExistsException',
      `Layer with digest '${layerDigest}' already exists in the repository with name '${name}' in registry with id '${registry.aws.account}'`,
    )
  }
  registry.blobs.set(layerDigest, content)
  return { registryId: registry.aws.account, repositoryName: name, uploadId, layerDigest }
}

/** @throws AwsError UploadNotFoundException */
function found(uploads: Uploads, uploadId: string, repository: string): Buffer {
  const upload = uploads.get(uploadId)
  if (upload !== undefined) return upload
  throw new AwsError(
    'UploadNotFoundException',
    `The upload '${uploadId}' does not exist within the repository with name '${repository}'`,
  )
}
