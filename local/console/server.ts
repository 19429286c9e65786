import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import * as z from 'zod'
import type { Pace } from '../simulation/pace.ts'
import { bodyOf } from '../wire/incoming.ts'
import { actionSchema, NotHere, perform } from './actions.ts'
import { type Admission, admit } from './admission.ts'
import type { Bundle } from './bundle.ts'
import { Feed } from './feed.ts'
import { pageAt } from './pages.ts'
import { servedPage } from './served.ts'
import type { Source } from './source.ts'

export type Console = {
  source: Source
  /** What moves a simulation's time; it must have been started, or be started soon. */
  pace?: Pace
  admission?: Admission
}

/** A button sends a few words. */
const LONGEST_BODY = 10_000

/** Whatever text Slack or a log contains, the page runs and requests only what this server serves. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/**
 * Serves the console on this machine only.
 *
 * @returns the listening server; closing it closes every open page's stream too.
 * @throws Error that names the port and what to do, when the port is taken.
 */
export async function serveConsole(
  { source, pace, admission = {} }: Console,
  { port = 4400, host = '127.0.0.1' }: { port?: number; host?: string } = {},
): Promise<Server> {
  const bundle = await servedPage()
  const feed = new Feed(source, pace)
  const server = createServer((request, response) => {
    answer({ source, pace, admission, feed, bundle }, request, response).catch((error: unknown) => {
      reply(response, 500, { error: String(error) })
    })
  })
  const close = server.close.bind(server)
  server.close = (callback) => {
    feed.close()
    return close(callback)
  }
  await listen(server, port, host)
  return server
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE'
      reject(
        isTaken
          ? new Error(
              `Port ${port} is taken: the console may be running already. Stop that, or choose another port.`,
            )
          : error,
      )
    })
    server.listen(port, host, resolve)
  })
}

type Served = {
  source: Source
  pace: Pace | undefined
  admission: Admission
  feed: Feed
  bundle: Bundle
}

async function answer(served: Served, request: IncomingMessage, response: ServerResponse) {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  const admitted = admit(request, served.admission)
  if (admitted.let === 'out') return reply(response, 403, { error: admitted.error })
  if (admitted.let === 'again') {
    const { to: location, cookie } = admitted
    return void response.writeHead(303, { location, 'set-cookie': cookie }).end()
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const asked = (name: string) => searchParams.get(name) ?? undefined
  const watching = { execution: asked('execution'), service: asked('service') }
  if (request.method === 'GET' && pageAt(pathname) !== undefined) {
    return send(response, 'text/html; charset=utf-8', served.bundle.html)
  }
  switch (`${request.method} ${pathname}`) {
    case 'GET /app.js':
      return send(response, 'text/javascript; charset=utf-8', served.bundle.script)
    case 'GET /app.css':
      return send(response, 'text/css; charset=utf-8', served.bundle.style)
    case 'GET /view':
      return reply(response, 200, await served.feed.view(watching))
    case 'GET /events':
      return served.feed.open(response, watching)
    case 'GET /logs':
      return read(served, response, ({ logs }) => logs(asked('service') ?? '', asked('since')))
    case 'GET /job':
      return read(served, response, ({ job }) => job(asked('job') ?? ''))
    case 'GET /job-log':
      return read(served, response, ({ jobLog }) =>
        jobLog(asked('job') ?? '', asked('task') ?? '', asked('since')),
      )
    case 'GET /revisions':
      return read(served, response, ({ revisions }) => revisions(asked('service') ?? ''))
    case 'POST /do':
      return doAction(served, request, response)
    default:
      return reply(response, 404, { error: `There is no ${request.method} ${pathname} here` })
  }
}

/** Answers with what was read, or with why it could not be. */
async function read(
  { source, pace }: Served,
  response: ServerResponse,
  work: (source: Source) => Promise<unknown>,
): Promise<void> {
  try {
    // A simulation answers between two of its moments.
    const read = () => work(source)
    reply(response, 200, await (pace === undefined ? read() : pace.run(read)))
  } catch (error) {
    reply(response, 409, { error: (error as Error).message })
  }
}

async function doAction(
  { source, pace }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A form of another site cannot send this type without a CORS preflight.
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return reply(response, 415, { error: 'Send JSON (content-type: application/json)' })
  }
  const body = await textOf(request)
  const asked = actionSchema.safeParse(body === undefined ? undefined : parse(body))
  if (!asked.success) return reply(response, 400, { error: wrongIn(asked.error) })
  try {
    reply(response, 200, { done: await perform(source, pace, asked.data) })
  } catch (error) {
    const status = error instanceof NotHere ? 404 : 409
    reply(response, status, { error: (error as Error).message })
  }
}

/** What is wrong, in words of ours where there are some. */
function wrongIn(error: z.ZodError): string {
  const [issue] = error.issues
  return issue?.path[0] === 'tag' ? issue.message : z.prettifyError(error)
}

/** The body, or undefined if it is longer than any action. */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const body = await bodyOf(request, LONGEST_BODY)
  return body && Buffer.from(body).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type }).end(body)
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return void response.end()
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body))
}
