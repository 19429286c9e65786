import type { Cors } from '@aws-sdk/client-lambda'
import type { UrlAnswer, UrlRequest } from './http.ts'

/** Whether a browser asks what a page of another origin may do: Lambda answers that itself. */
export const isPreflight = ({ method, headers }: UrlRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

/**
 * The headers by which a browser lets a page of another origin read an answer; they take the place
 * of the function's own.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
 */
export function corsHeaders(
  { AllowOrigins = [], AllowMethods = [], AllowHeaders = [], ExposeHeaders = [], ...more }: Cors,
  request: UrlRequest,
): Record<string, string> {
  const { origin } = request.headers
  const everybody = AllowOrigins.includes('*')
  if (origin === undefined || !(everybody || AllowOrigins.includes(origin))) return {}
  const credentials = more.AllowCredentials === true
  const list = (name: string, values: readonly string[]) =>
    values.length === 0 ? {} : { [name]: values.join(',') }
  return {
    'access-control-allow-origin': everybody && !credentials ? '*' : origin,
    vary: 'Origin',
    ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...(isPreflight(request)
      ? {
          ...list('access-control-allow-methods', AllowMethods),
          ...list('access-control-allow-headers', AllowHeaders),
          ...(more.MaxAge === undefined ? {} : { 'access-control-max-age': String(more.MaxAge) }),
        }
      : list('access-control-expose-headers', ExposeHeaders)),
  }
}

/** The answer to a browser's question. */
export const preflightAnswer = (cors: Cors, request: UrlRequest): UrlAnswer => ({
  statusCode: 200,
  headers: corsHeaders(cors, request),
  cookies: [],
  body: new Uint8Array(),
})
