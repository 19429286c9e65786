import { type AwsError, NotImplemented } from '../../aws/errors.ts'
import { bytes, type WireResponse } from '../message.ts'

/** A refusal in the registry's own words. `code` is one of the specification's, or ECR's TAG_INVALID. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly statusCode: number
  readonly code: string
  readonly headers: Record<string, string>

  constructor(
    statusCode: number,
    code: string,
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.statusCode = statusCode
    this.code = code
    this.headers = headers
  }
}

/** Clients look for it to know the API. */
const VERSION = { 'docker-distribution-api-version': 'registry/2.0' }

export function reply(
  statusCode: number,
  headers: Record<string, string>,
  body: Uint8Array = new Uint8Array(),
): WireResponse {
  return { statusCode, headers: { ...VERSION, ...headers }, body }
}

export const replyJson = (content: unknown, headers: Record<string, string> = {}): WireResponse =>
  reply(
    200,
    { 'content-type': 'application/json; charset=utf-8', ...headers },
    bytes(JSON.stringify(content)),
  )

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
export function refusal({ statusCode, code, message, headers }: Refused): WireResponse {
  const body = bytes(JSON.stringify({ errors: [{ code, message }] }))
  return reply(statusCode, { 'content-type': 'application/json; charset=utf-8', ...headers }, body)
}

/**
 * What ECR's API answers, as its registry says it. Where a status was seen: 404 NAME_UNKNOWN
 * (https://github.com/moby/moby/pull/24520), TAG_INVALID of an immutable tag
 * (https://github.com/moby/buildkit/issues/3776), MANIFEST_INVALID of a digest
 * (https://github.com/google/go-containerregistry/issues/1568), MANIFEST_BLOB_UNKNOWN
 * (https://github.com/int128/docker-manifest-create-action/pull/63), 403 DENIED of a missing right
 * (https://github.com/aws/containers-roadmap/issues/1970). The others are the specification's.
 */
const CODES: Readonly<Record<string, readonly [number, string]>> = {
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  ImageNotFoundException: [404, 'MANIFEST_UNKNOWN'],
  LayersNotFoundException: [404, 'BLOB_UNKNOWN'],
  ReferencedImagesNotFoundException: [404, 'MANIFEST_BLOB_UNKNOWN'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  ImageDigestDoesNotMatchException: [400, 'MANIFEST_INVALID'],
  InvalidLayerException: [400, 'DIGEST_INVALID'],
  InvalidLayerPartException: [416, 'BLOB_UPLOAD_INVALID'],
  EmptyUploadException: [400, 'BLOB_UPLOAD_INVALID'],
  LayerPartTooSmallException: [400, 'BLOB_UPLOAD_INVALID'],
  UploadNotFoundException: [404, 'BLOB_UPLOAD_UNKNOWN'],
  LimitExceededException: [403, 'DENIED'],
  AccessDeniedException: [403, 'DENIED'],
  AccessDenied: [403, 'DENIED'],
  ThrottlingException: [429, 'TOOMANYREQUESTS'],
}

/** @param manifests whether a manifest is being put: what is missing is then what it names. */
export function refusedBy(error: AwsError, manifests = false): Refused {
  const [status, code] = CODES[error.name] ?? [400, manifests ? 'MANIFEST_INVALID' : 'UNSUPPORTED']
  if (error instanceof NotImplemented) return new Refused(501, 'UNSUPPORTED', error.message)
  const missing = manifests && code === 'BLOB_UNKNOWN' ? 'MANIFEST_BLOB_UNKNOWN' : code
  return new Refused(status, missing, error.message)
}
