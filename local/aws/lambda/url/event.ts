import type { LambdaFunctionURLEvent, LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda'
import type { Aws, Caller } from '../../aws.ts'
import { identityOf } from '../../sts/identity.ts'
import { urlHost } from './config.ts'
import type { UrlRequest } from './http.ts'

/** Who signed a request, and with which key. */
export type Signer = { accessKeyId: string; caller: Caller }

type UrlEvent = LambdaFunctionURLEvent | LambdaFunctionURLEventWithIAMAuthorizer

type About = { id: string; requestId: string; signer: Signer | undefined }

/**
 * A request as its function is given it.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function eventOf(aws: Aws, request: UrlRequest, about: About): UrlEvent {
  const { method, path, query, body, sourceIp } = request
  const { id, requestId, signer } = about
  const { cookie, ...sent } = request.headers
  const domainName = urlHost(aws.region, id)
  const headers = {
    ...sent,
    host: domainName,
    'x-amzn-trace-id': traceOf(aws),
    'x-forwarded-for': sourceIp,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  }
  const parameters = parametersOf(query)
  const { date } = aws.world
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(Object.keys(parameters).length === 0 ? {} : { queryStringParameters: parameters }),
    requestContext: {
      accountId: signer === undefined ? 'anonymous' : aws.account,
      apiId: id,
      ...(signer === undefined ? {} : { authorizer: { iam: iamOf(aws, signer) } }),
      domainName,
      domainPrefix: id,
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: sent['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: logTime(date),
      timeEpoch: date.getTime(),
    },
    ...bodyOf(body, sent['content-type']),
  } as UrlEvent
}

function iamOf(aws: Aws, { accessKeyId, caller }: Signer) {
  const { account, arn, userId } = identityOf(aws, caller)
  return {
    accessKey: accessKeyId,
    accountId: account,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId,
  }
}

/** Several values of one name are joined by commas. */
function parametersOf(query: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(query)) {
    found[name] = found[name] === undefined ? value : `${found[name]},${value}`
  }
  return found
}

/** A form is no text: only these are given as they are. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b|application\/[\w.-]+\+(json|xml)\b)/i

function bodyOf(body: Uint8Array, type = '') {
  if (body.length === 0) return { isBase64Encoded: false }
  const isBase64Encoded = !TEXT.test(type)
  return { body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded }
}

function traceOf({ world }: Aws): string {
  const seconds = Math.floor(world.now / 1000).toString(16)
  return `Root=1-${seconds}-${world.random.hex('lambda/trace', 24)}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `02/Mar/2026:09:00:00 +0000` */
function logTime(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T')
  const [year, , day] = date.split('-')
  return `${day}/${MONTHS[at.getUTCMonth()]}/${year}:${time.slice(0, 8)} +0000`
}
