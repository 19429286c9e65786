import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Aws, Caller } from '../aws/aws.ts'
import { Sts } from '../aws/sts/sts.ts'
import { answer } from './answer.ts'
import { answerUrl, askedUrl } from './function-url.ts'
import { bodyOf, headersOf, partsOf } from './incoming.ts'
import { bytes, type WireRequest, type WireResponse } from './message.ts'
import { refuseForeign } from './origin.ts'
import { answerOwn, type OwnPaths } from './own-paths.ts'
import type { RegistryRequest } from './registry/desk.ts'
import { isRegistryPath } from './registry/path.ts'
import { answerRegistry } from './registry/registry.ts'
import { type Scope, scopeOf } from './route.ts'

type EndpointOptions = {
  /** A loopback address: only this machine may see or change the simulation. */
  host?: string
  port?: number
  /** Does a piece of work between two moments of the world. Default: at once. */
  run?: <T>(work: () => Promise<T>) => Promise<T>
  /** Milliseconds: the clock by which clients sign. Default: the real one. */
  clock?: () => number
  /** What is served besides AWS: what the simulation says of itself, and takes. */
  own?: OwnPaths
  /** With it the endpoint speaks HTTPS; both in PEM. */
  secure?: { certificate: string; key: string }
}

export type Endpoint = { url: string; close(): Promise<void> }

/** The port that AWS clients already know from LocalStack. */
const PORT = 4566
/**
 * While a machine simulates at full speed, neither side may come to its sockets for seconds: with
 * Node's five a client's next request could meet a connection that is just being closed.
 */
const KEPT_OPEN_MS = 75_000
/** Bytes; the largest that is uploaded in one piece is a function's code (50 MB). */
const LARGEST_BODY = 64 * 1024 * 1024

/**
 * Serves the simulated account over HTTP, for the AWS CLI, boto3, Terraform or any SDK:
 *
 *     aws --endpoint-url http://127.0.0.1:4566 ecs list-clusters
 *
 * Below `/v2/` it is the account's registry, for Docker, skopeo or crane. Any credentials will do; the access key's id is who made the call, or the session of a role that
 * AssumeRole has opened. Functions' URLs are reached by their own host or below `/_url/<id>/`, and
 * check signatures. Two calls put a prefix before
 * the host (`servicediscovery discover-instances`, `stepfunctions start-sync-execution`), which no
 * address has: set `AWS_DISABLE_HOST_PREFIX_INJECTION=true` for them.
 *
 * @throws Error when the port is taken or the host is not this machine alone.
 */
export async function serve(aws: Aws, options: EndpointOptions = {}): Promise<Endpoint> {
  const { host = '127.0.0.1', port = PORT, run = (work) => work() } = options
  const { clock = () => Date.now(), own = {}, secure } = options
  if (!/^(127(\.\d+){3}|::1|localhost)$/.test(host)) {
    throw new Error(`The local AWS listens on this machine only; ${host} is more than that.`)
  }
  const answering: Answering = {
    protocol: secure === undefined ? 'http' : 'https',
    whole: (request) => answerOwn(own, request) ?? run(() => handle(aws, request, clock)),
    registry: (request) => answerRegistry(aws, request, run),
  }
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    respond(incoming, answering)
      .then((response) => send(outgoing, response))
      .catch((error: unknown) => send(outgoing, defect(error)))
  }
  const server =
    secure === undefined
      ? createServer(listener)
      : createSecureServer({ cert: secure.certificate, key: secure.key }, listener)
  server.keepAliveTimeout = KEPT_OPEN_MS
  server.on('clientError', refuseUnread)
  await listen(server, host, port, secure === undefined ? '--aws-port' : '--https-port')
  return {
    url: `${answering.protocol}://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`,
    close: () => close(server),
  }
}

type Received = WireRequest & { search: string }

/** Who answers: requests as a whole, and those of the registry, whose bodies may be large. */
type Answering = {
  protocol: 'http' | 'https'
  whole(request: Received): Promise<WireResponse>
  registry(request: RegistryRequest): Promise<WireResponse>
}

function handle(aws: Aws, request: Received, clock: () => number): Promise<WireResponse> {
  const asked = askedUrl(aws, request)
  if (asked !== undefined) return answerUrl(aws, asked, request, clock())
  return answer(aws, request, (scope) => callerOf(aws, scope))
}

/** The signature itself is not checked. @throws AwsError for a session that has ended. */
function callerOf(aws: Aws, scope: Scope | undefined): Caller {
  const name = scope?.accessKeyId ?? 'anonymous'
  return aws.find(Sts)?.sessions.holder(name).caller ?? { kind: 'person', name }
}

async function respond(
  incoming: IncomingMessage,
  { protocol, whole, registry }: Answering,
): Promise<WireResponse> {
  const headers = headersOf(incoming)
  const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s)
  const forRegistry = isRegistryPath(path) && scopeOf(headers) === undefined
  const foreign = refuseForeign(headers, protocol, forRegistry)
  if (foreign !== undefined) return plain(403, foreign)
  const request = { method: incoming.method ?? 'GET', path, query: queryOf(search), headers }
  if (forRegistry) return registry({ ...request, body: partsOf(incoming) })
  const body = await bodyOf(incoming, LARGEST_BODY)
  if (body === undefined) return plain(413, `More than ${LARGEST_BODY} bytes`)
  return whole({ ...request, search, body })
}

function queryOf(search: string): Record<string, string[]> {
  // Without what every object inherits: a parameter may be called `__proto__`.
  const query: Record<string, string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(search)) {
    query[name] = [...(query[name] ?? []), value]
  }
  return query
}

function send(outgoing: ServerResponse, response: WireResponse): void {
  const { statusCode, headers, cookies = [], body } = response
  const set = cookies.length === 0 ? {} : { 'set-cookie': [...cookies] }
  // The answer to HEAD says how long the body of another one would be.
  outgoing.writeHead(statusCode, { 'content-length': body.length, ...headers, ...set })
  outgoing.end(body)
}

/**
 * What Node cannot read is refused, and what comes after it is read all the same: whoever is still
 * sending a body would else find the connection reset, and not the answer.
 */
function refuseUnread({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) return
  const status =
    code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function plain(statusCode: number, text: string): WireResponse {
  return { statusCode, headers: { 'content-type': 'text/plain' }, body: bytes(`${text}\n`) }
}

/** Not an answer of AWS: a defect of the simulation, with its error. */
function defect(error: unknown): WireResponse {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = `A defect of the local AWS: ${told}`
  return {
    statusCode: 500,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'InternalFailure' },
    body: bytes(JSON.stringify({ __type: 'InternalFailure', message })),
  }
}

function listen(server: Server, host: string, port: number, option: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? taken(port, option) : error)
    })
    server.listen(port, host, () => resolve())
  })
}

const taken = (port: number, option: string): Error =>
  new Error(
    `Port ${port} is taken, perhaps by LocalStack or another Caretaker. Stop that, or give the local AWS another port: ${option} ${port + 1}`,
  )

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    server.closeAllConnections()
  })
}
