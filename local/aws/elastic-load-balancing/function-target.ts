import type { InvocationResponse } from '@aws-sdk/client-lambda'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { balancerFor } from './function-groups.ts'
import { type BalancedAnswer, type BalancedRequest, errorPage } from './http.ts'
import type { Group } from './model.ts'

/** Bytes of a body, and of an answer's JSON. */
const LARGEST = 1_048_576

/** Bodies of these kinds are given as text, unless they are encoded. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b)/i

type Pairs = readonly (readonly [name: string, value: string])[]

/**
 * Asks a function that is a target. Whatever keeps it from answering in time and in form is a 502.
 *
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 * - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 */
export async function askFunction(
  aws: Aws,
  { group, arn }: { group: Group; arn: string },
  request: BalancedRequest,
): Promise<BalancedAnswer> {
  if (request.headers.some(([name]) => name === 'upgrade')) return errorPage(400)
  if (request.body.length > LARGEST) return errorPage(413)
  const isMulti = group.attributes['lambda.multi_value_headers.enabled'] === 'true'
  const event = JSON.stringify(eventOf(aws, group, request, isMulti))
  try {
    const { FunctionError, Payload } = await aws.call<InvocationResponse>(
      'lambda',
      'Invoke',
      { FunctionName: arn, Payload: new TextEncoder().encode(event) },
      balancerFor(group.arn),
    )
    if (FunctionError !== undefined || Payload === undefined || Payload.length > LARGEST) {
      return errorPage(502)
    }
    return answerOf(new TextDecoder().decode(Payload), isMulti) ?? errorPage(502)
  } catch (error) {
    // Not allowed any more, throttled, deleted.
    if (error instanceof AwsError) return errorPage(502)
    throw error
  }
}

function eventOf(aws: Aws, group: Group, request: BalancedRequest, isMulti: boolean): object {
  const { method, path, query, secure, port, sourceIp, body } = request
  const sent = request.headers.filter(([name]) => name !== 'host')
  const seconds = Math.floor(aws.world.now / 1000).toString(16)
  const trace = `Root=1-${seconds}-${aws.world.random.hex('elb/trace', 24)}`
  const headers: Pairs = [
    ...sent,
    ['host', request.host],
    ['x-amzn-trace-id', trace],
    ['x-forwarded-for', sourceIp],
    ['x-forwarded-port', String(port)],
    ['x-forwarded-proto', secure ? 'https' : 'http'],
  ]
  // Names and values stay encoded, as they were sent.
  const parameters: Pairs = query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => [part.split('=')[0] ?? '', part.split('=').slice(1).join('=')] as const)
  return {
    requestContext: { elb: { targetGroupArn: group.arn } },
    httpMethod: method,
    path,
    ...(isMulti
      ? {
          multiValueQueryStringParameters: valuesByName(parameters),
          multiValueHeaders: valuesByName(headers),
        }
      : {
          queryStringParameters: Object.fromEntries(parameters),
          headers: Object.fromEntries(headers),
        }),
    ...bodyOf(body, Object.fromEntries(headers)),
  }
}

function valuesByName(pairs: Pairs): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const [name, value] of pairs) found[name] = [...(found[name] ?? []), value]
  return found
}

function bodyOf(body: Uint8Array, headers: Record<string, string>) {
  const isText = TEXT.test(headers['content-type'] ?? '') && !headers['content-encoding']
  const isBase64Encoded = body.length > 0 && !isText
  return { body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded }
}

/** Of the connection, not of the answer: the load balancer sets them itself. */
const OF_CONNECTION = ['connection', 'content-length', 'keep-alive', 'transfer-encoding']

/** @returns undefined for what is no answer: without a numeric status code, or not JSON. */
function answerOf(payload: string, isMulti: boolean): BalancedAnswer | undefined {
  const value: unknown = JSON.parse(payload)
  if (typeof value !== 'object' || value === null) return undefined
  const { statusCode, headers, multiValueHeaders, body = '', isBase64Encoded } = value as Answer
  const isStatus = typeof statusCode === 'number' && statusCode >= 100 && statusCode <= 599
  if (!isStatus || !Number.isInteger(statusCode) || typeof body !== 'string') return undefined
  const given = Object.entries((isMulti ? multiValueHeaders : headers) ?? {})
  const pairs = given.flatMap(([name, found]) =>
    [found].flat().map((one) => [name.toLowerCase(), String(one)] as const),
  )
  return {
    status: statusCode,
    headers: pairs.filter(([name]) => !OF_CONNECTION.includes(name)),
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

type Answer = {
  statusCode?: unknown
  headers?: Record<string, unknown>
  multiValueHeaders?: Record<string, unknown[]>
  body?: unknown
  isBase64Encoded?: unknown
}
