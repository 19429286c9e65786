import type { WireResponse } from '../message.ts'
import { Refused, reply } from './answers.ts'
import { type Desk, DIGEST } from './desk.ts'

type Layer = { layerAvailability: string; layerSize?: number }

/** Whether a blob is there: what a client asks before it pushes one. */
export async function headBlob(desk: Desk, name: string, digest: string): Promise<WireResponse> {
  checkDigest(digest)
  const { layers } = await desk.call<{ layers: Layer[] }>('BatchCheckLayerAvailability', {
    repositoryName: name,
    layerDigests: [digest],
  })
  const [layer] = layers
  if (layer?.layerAvailability !== 'AVAILABLE') throw unknown(digest)
  return reply(200, { ...headersOf(digest), 'content-length': String(layer.layerSize ?? 0) })
}

/** The blob itself, or a range of it. ECR sends clients on to S3 for it. */
export async function getBlob(desk: Desk, name: string, digest: string): Promise<WireResponse> {
  checkDigest(digest)
  const { downloadUrl } = await desk.call<{ downloadUrl: string }>('GetDownloadUrlForLayer', {
    repositoryName: name,
    layerDigest: digest,
  })
  const content = desk.ecr.layer(downloadUrl)
  if (content === undefined) throw unknown(digest)
  return inRange(desk.request.headers.range, content, headersOf(digest))
}

const headersOf = (digest: string) => ({
  'content-type': 'application/octet-stream',
  'docker-content-digest': digest,
  'accept-ranges': 'bytes',
})

const unknown = (digest: string): Refused =>
  new Refused(404, 'BLOB_UNKNOWN', `The layer with digest '${digest}' does not exist`)

/** @throws Refused */
function checkDigest(digest: string): void {
  if (DIGEST.test(digest)) return
  throw new Refused(400, 'DIGEST_INVALID', `${digest.slice(0, 80)} is no digest of sha256`)
}

/** One range; whoever asks for another form gets everything. https://www.rfc-editor.org/rfc/rfc9110#section-14.2 */
function inRange(
  range: string | undefined,
  content: Uint8Array,
  headers: Record<string, string>,
): WireResponse {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '') ?? []
  if (from === '' && to === '') return reply(200, headers, content)
  const { length } = content
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from)
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1)
  if (first > last) {
    throw new Refused(416, 'SIZE_INVALID', `The blob has ${length} bytes`, {
      'content-range': `bytes */${length}`,
    })
  }
  return reply(
    206,
    { ...headers, 'content-range': `bytes ${first}-${last}/${length}` },
    content.subarray(first, last + 1),
  )
}
