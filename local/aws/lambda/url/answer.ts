import { type UrlAnswer, urlAnswer } from './http.ts'

type Structured = {
  statusCode: unknown
  headers?: unknown
  body?: unknown
  isBase64Encoded?: unknown
  cookies?: unknown
}

/** What the function could not answer, or not in a form that Lambda understands. */
export const badGateway = (): UrlAnswer => urlAnswer(502, 'Internal Server Error')

/** Of the connection, not of the answer: the server sets them itself. */
const OF_CONNECTION = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding'])

/**
 * What a function returned, as HTTP. Anything without a status code is a body of JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 *
 * @param payload JSON.
 */
export function answerOf(payload: string): UrlAnswer {
  const value: unknown = JSON.parse(payload)
  if (!isStructured(value)) return urlAnswer(200, payload)
  const { statusCode, body = '', isBase64Encoded = false, cookies = [] } = value
  const status = Number(statusCode)
  const headers = headersOf(value.headers)
  const readable =
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    typeof body === 'string' &&
    Array.isArray(cookies) &&
    headers !== undefined
  if (!readable) return badGateway()
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...headers },
    cookies: cookies.map(String),
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

const isStructured = (value: unknown): value is Structured =>
  typeof value === 'object' && value !== null && 'statusCode' in value

/** By lower-case name; undefined for what are no headers. */
function headersOf(given: unknown = {}): Record<string, string> | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
  const entries = Object.entries(given)
    .map(([name, value]) => [name.toLowerCase(), value as unknown] as const)
    .filter(([name]) => !OF_CONNECTION.has(name))
  if (entries.some(([, value]) => !['string', 'number', 'boolean'].includes(typeof value))) {
    return undefined
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}
