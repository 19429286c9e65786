import { Agent, request as httpRequest } from 'node:http'
import { Random } from '../../../local/aws/random.ts'
import { OCI_INDEX, OCI_MANIFEST, ociImage, sha256 } from '../oci.ts'
import { registryServed } from '../registry-account.ts'
import { RegistryClient } from '../registry-client.ts'

type Sent = { method: string; path: string; headers: Record<string, string>; body: Buffer }
type Answer = { status: number; type: string; text: string; location: string | undefined }

const IMAGE = ociImage({})
const BAD = ociImage({ labels: { 'caretaker.behaviour': 'crashes' } })
const BLOBS = [...IMAGE.blobs, ...BAD.blobs]

const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'QUERY']
const NAMES = [
  'orders',
  'web',
  'nothing',
  'Orders',
  'a/b/c',
  '..',
  '%2e%2e',
  '__proto__',
  'x'.repeat(300),
]
const DIGESTS = [
  ...BLOBS.map(([digest]) => digest),
  ...[IMAGE.digest, BAD.digest, sha256(''), 'sha256:0', 'sha512:00', 'sha256:', 'md5:x', '%00'],
]
const TAGS = ['main', 'live', 'a+b', '-', 'constructor', '%E0%A4%A', 'x'.repeat(200)]
const RANGES = [
  '0-4',
  '5-9',
  '4-0',
  'bytes 0-4/*',
  'x',
  '0-99999999999999999999',
  'bytes=0-3',
  'bytes=-0',
  'bytes=9-',
]
const NUMBERS = ['0', '1', '2', '-1', '1e9', 'x', '99999999999', '']
const TYPES = [
  OCI_MANIFEST,
  OCI_INDEX,
  '',
  'text/html',
  'application/json; charset=x',
  `${'a'.repeat(300)}/b`,
]
const AUTHORIZATIONS = ['', 'Basic', 'Basic !', 'Bearer x', 'Basic QVdTOg==']
const ELSEWHERE = ['', '/', '//', '/%', '/x', '/_catalog', '/_catalog/x', '/orders/blobs/uploads/x']
const ODD = [null, true, 0, -1, '', 'x', [], {}, [null], { digest: null }, { __proto__: 1 }]

/**
 * Sends seeded requests that are right, nearly right and wrong to a registry; after each one a plain
 * one.
 *
 * @returns what was sent and answered where no registry would answer so.
 */
export async function fuzzRegistry(seed: number, count: number): Promise<string[]> {
  const random = new Random(seed)
  const { url, password, account, close } = await registryServed(['orders', 'web'])
  const authorization = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (sent: Sent) => answered(url, agent, sent)
  const plain = { method: 'GET', path: '/v2/', headers: { authorization }, body: Buffer.alloc(0) }
  const problems: string[] = []
  let location = '/v2/orders/blobs/uploads/none'
  const client = new RegistryClient(url, password)
  for (const [, content] of BLOBS) await client.blob('orders', new Uint8Array(content))
  for (let number = 0; number < count; number++) {
    const sent = requestOf(random, location, authorization)
    const answer = await ask(sent)
    if (answer.location?.includes('/uploads/')) location = answer.location
    const after = await ask(plain)
    const problem =
      problemOf(sent, answer) ?? (after.status === 200 ? undefined : `then ${after.status}`)
    if (problem !== undefined) problems.push(`${number} ${sent.method} ${sent.path}: ${problem}`)
    // What was asked is not what is tested here.
    account.aws.calls.length = 0
  }
  agent.destroy()
  await close()
  return problems
}

type One = <Item>(items: readonly Item[]) => Item

function requestOf(random: Random, location: string, authorization: string): Sent {
  const one: One = (items) => items[Math.floor(random.next('pick') * items.length)] as never
  const seldom = () => random.chance('seldom', 0.08)
  const body = bodyOf(random, one)
  const digests = [sha256(body), sha256(body), ...DIGESTS]
  const { path, methods } = shapeOf(one, { location, digests, seldom })
  const query = [
    ...(random.chance('digest', 0.4) ? [`digest=${one(digests)}`] : []),
    ...(seldom() ? [`n=${one(NUMBERS)}`, `last=${one(TAGS)}`] : []),
    ...(seldom() ? [`mount=${one(DIGESTS)}`, `from=${one(NAMES)}`] : []),
    ...(seldom() ? ['artifactType=x', '__proto__=1'] : []),
  ].join('&')
  return {
    method: seldom() ? one(METHODS) : one(methods),
    path: query === '' ? path : `${path}?${query}`,
    headers: {
      authorization: seldom() ? one(AUTHORIZATIONS) : authorization,
      'content-type': seldom() ? one(TYPES) : one([OCI_MANIFEST, OCI_MANIFEST, OCI_INDEX]),
      ...(seldom() ? { 'content-range': one(RANGES) } : {}),
      ...(seldom() ? { range: one(RANGES) } : {}),
      ...(seldom() ? { accept: one(TYPES) } : {}),
    },
    body,
  }
}

type Shape = { path: string; methods: readonly string[] }

function shapeOf(
  one: One,
  {
    location,
    digests,
    seldom,
  }: { location: string; digests: readonly string[]; seldom(): boolean },
): Shape {
  const name = seldom() ? one(NAMES) : one(['orders', 'orders', 'web'])
  const reference = seldom() ? one(TAGS) : one(['main', 'live', one(digests)])
  const manifests = `/v2/${name}/manifests/${reference}`
  const read = ['GET', 'HEAD']
  return one<Shape>([
    { path: `/v2/${name}/blobs/uploads/`, methods: ['POST'] },
    { path: location, methods: ['PATCH', 'PATCH', 'PUT', 'PUT', 'GET', 'DELETE'] },
    { path: location, methods: ['PUT'] },
    { path: manifests, methods: ['PUT'] },
    { path: manifests, methods: ['PUT', 'GET', 'HEAD', 'DELETE'] },
    { path: `/v2/${name}/blobs/${one(digests)}`, methods: read },
    { path: `/v2/${name}/${one(['tags/list', `referrers/${one(digests)}`])}`, methods: read },
    { path: `/v2${one(ELSEWHERE)}`, methods: METHODS },
  ])
}

/** A blob, a manifest, a manifest with one member that is odd, or anything. */
function bodyOf(random: Random, one: One): Buffer {
  const kind = Math.floor(random.next('body') * 4)
  if (kind === 0) return Buffer.from(one(BLOBS)[1])
  const manifest = one([IMAGE.manifest, BAD.manifest])
  if (kind === 1) return Buffer.from(manifest)
  if (kind === 2)
    return Buffer.from(one(['', '{', 'null', '[]', '"x"', '\u0000', manifest.slice(9)]))
  const member = one([
    'mediaType',
    'config',
    'layers',
    'manifests',
    'subject',
    'annotations',
    'artifactType',
  ])
  return Buffer.from(JSON.stringify({ ...(JSON.parse(manifest) as object), [member]: one(ODD) }))
}

/** Where an error comes from in our own code. */
const STACK = /\bat [\w.<>#]+ \(|file:\/\/|node:internal|\.ts:\d+/

function problemOf({ method }: Sent, { status, type, text }: Answer): string | undefined {
  const shown = `${status} ${type} ${text.slice(0, 300)}`
  if (status >= 500 || STACK.test(text)) return `our own error: ${shown}`
  if (status < 400 || method === 'HEAD') return undefined
  if (type.startsWith('text/plain') && [401, 403, 404].includes(status)) return undefined
  return isError(text) ? undefined : `it is no error of a registry: ${shown}`
}

function isError(text: string): boolean {
  try {
    const [error] = (JSON.parse(text) as { errors: Record<string, unknown>[] }).errors
    return typeof error?.code === 'string' && typeof error.message === 'string'
  } catch {
    return false
  }
}

function answered(
  url: string,
  agent: Agent,
  { method, path, headers, body }: Sent,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(url)
    const length = { 'content-length': String(body.length) }
    const asked = httpRequest({
      host,
      port,
      agent,
      method,
      path,
      headers: { ...headers, ...length },
    })
    asked.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString(),
          location: answer.headers.location,
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
