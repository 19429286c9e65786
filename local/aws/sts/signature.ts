import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { AwsError } from '../errors.ts'
import type { KeyHolder } from './sessions.ts'

/** A request as it was sent; header names are lower case. */
export type SignedRequest = {
  method: string
  headers: Readonly<Record<string, string>>
  /** Without the question mark, still percent-encoded. */
  query: string
  body: Uint8Array
}

/** A host and a percent-encoded path that the sender may have signed. */
export type Address = { host: string; path: string }

export type Verification = {
  service: string
  region: string
  /** Milliseconds: the clock of the sender. */
  now: number
  /** One request can be reached under several addresses; one of them must be the signed one. */
  addresses: readonly Address[]
  /** @throws AwsError for a key that is unknown or no longer valid. */
  holder(accessKeyId: string): KeyHolder
}

/** AWS takes a signature for five minutes, before and after its date. */
const SKEW_MILLISECONDS = 5 * 60_000

type Parts = {
  accessKeyId: string
  date: string
  region: string
  service: string
  signedHeaders: string
  signature: string
}

/**
 * Checks a request's Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @returns the holder of the key it was signed with; undefined for a request without a signature.
 * @throws AwsError InvalidSignatureException, UnrecognizedClientException, ExpiredTokenException
 */
export function verifySignature(
  request: SignedRequest,
  verification: Verification,
): (KeyHolder & { accessKeyId: string }) | undefined {
  const parts = partsOf(request.headers.authorization ?? '')
  if (parts === undefined) return undefined
  const time = request.headers['x-amz-date'] ?? ''
  checkScope(parts, time, verification)
  checkTime(time, verification.now)
  const holder = verification.holder(parts.accessKeyId)
  if (holder.token !== request.headers['x-amz-security-token']) throw otherToken()
  checkBody(request)
  const fits = verification.addresses.some((address) =>
    same(parts.signature, signatureOf(request, address, parts, time, holder.secret)),
  )
  if (!fits) throw mismatch()
  return { ...holder, accessKeyId: parts.accessKeyId }
}

function partsOf(authorization: string): Parts | undefined {
  const [, credential = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? []
  const [accessKeyId, date, region, service, end] = credential.split('/')
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request') return undefined
  return { accessKeyId, date, region, service, signedHeaders, signature }
}

function checkScope(
  { date, region, service, signedHeaders }: Parts,
  time: string,
  wanted: Verification,
): void {
  if (service !== wanted.service) {
    throw invalid(`Credential should be scoped to correct service: '${wanted.service}'.`)
  }
  if (region !== wanted.region) {
    throw invalid(`Credential should be scoped to a valid Region, not '${region}'.`)
  }
  if (!time.startsWith(date)) throw invalid('Date in Credential scope does not match YYYYMMDD')
  const signed = signedHeaders.split(';')
  if (!signed.includes('host') || !signed.includes('x-amz-date')) {
    throw invalid("'Host' and 'X-Amz-Date' must be 'SignedHeaders' in the AWS Authorization.")
  }
}

function checkTime(time: string, now: number): void {
  const at = Date.parse(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(at)) throw invalid(`Date must be in ISO-8601 'basic format'. Got '${time}'.`)
  const here = basic(now)
  if (at < now - SKEW_MILLISECONDS) {
    const earliest = basic(now - SKEW_MILLISECONDS)
    throw invalid(`Signature expired: ${time} is now earlier than ${earliest} (${here} - 5 min.)`)
  }
  if (at > now + SKEW_MILLISECONDS) {
    const latest = basic(now + SKEW_MILLISECONDS)
    throw invalid(
      `Signature not yet current: ${time} is still later than ${latest} (${here} + 5 min.)`,
    )
  }
}

/** A body that is not signed (`UNSIGNED-PAYLOAD`) is refused too. */
function checkBody({ headers, body }: SignedRequest): void {
  const said = headers['x-amz-content-sha256']
  if (said !== undefined && said !== sha256(body)) throw mismatch()
}

function signatureOf(
  request: SignedRequest,
  { host, path }: Address,
  { date, region, service, signedHeaders }: Parts,
  time: string,
  secret: string,
): string {
  const headers: Readonly<Record<string, string>> = { ...request.headers, host }
  const canonical = [
    request.method,
    canonicalPath(path),
    canonicalQuery(request.query),
    ...signedHeaders
      .split(';')
      .map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders,
    sha256(request.body),
  ].join('\n')
  const scope = [date, region, service, 'aws4_request']
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')
  const key = scope.reduce<Buffer | string>((from, part) => hmac(from, part), `AWS4${secret}`)
  return hmac(key, text).toString('hex')
}

/** Without empty and dot segments, and encoded once more: of all services only S3 does not. */
function canonicalPath(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${kept.map(encode).join('/')}${end}`
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      return [encode(decode(name)), encode(decode(value))] as const
    })
    .sort(([a, b], [c, d]) => (a === c ? compare(b, d) : compare(a, c)))
    .map((pair) => pair.join('='))
    .join('&')
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()
const same = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** `20260302T090000Z` */
const basic = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')

const invalid = (message: string): AwsError =>
  new AwsError('InvalidSignatureException', message, { statusCode: 403 })

const mismatch = (): AwsError =>
  invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )

const otherToken = (): AwsError =>
  new AwsError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    { statusCode: 403 },
  )
