import { bytes, text, type WireRequest, type WireResponse } from './message.ts'

/** Paths that are the simulation's own, such as `GET /_caretaker/about`: from JSON to JSON. */
export type OwnPaths = Record<string, (body: unknown) => Promise<unknown> | unknown>

/** Below this no service of AWS has anything: a bucket's name has no underscore. */
const BELOW = '/_caretaker/'

/** What was asked of the simulation itself cannot be done; its message says why. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken'
}

/** The answer of one of these paths; undefined for what is AWS's. */
export function answerOwn(own: OwnPaths, request: WireRequest): Promise<WireResponse> | undefined {
  return request.path.startsWith(BELOW) ? answer(own, request) : undefined
}

async function answer(own: OwnPaths, { method, path, headers, body }: WireRequest) {
  const name = `${method} ${path}`
  const found = Object.hasOwn(own, name) ? own[name] : undefined
  if (found === undefined) return json(404, { error: `There is no ${name} here` })
  // A form of another site cannot send this type without asking first (CORS).
  if (method !== 'GET' && !headers['content-type']?.startsWith('application/json')) {
    return json(415, { error: 'Send JSON (content-type: application/json)' })
  }
  try {
    return json(200, await found(method === 'GET' ? undefined : JSON.parse(text(body))))
  } catch (error) {
    if (!(error instanceof NotTaken || error instanceof SyntaxError)) throw error
    return json(400, { error: error.message })
  }
}

const json = (statusCode: number, content: unknown): WireResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: bytes(JSON.stringify(content)),
})
