import type { Aws } from '../aws/aws.ts'
import { Lambda } from '../aws/lambda/lambda.ts'
import { urlDomain } from '../aws/lambda/url/config.ts'
import type { WireRequest, WireResponse } from './message.ts'

/** A request to a function's URL: by the URL's own host, or below `/_url/<id>` of this machine. */
type Asked = { id: string; path: string }

/** Which function's URL a request is for, if for one. */
export function askedUrl(aws: Aws, { path, headers }: WireRequest): Asked | undefined {
  const [id = '', ...domain] = (headers.host ?? '').replace(/:\d+$/, '').split('.')
  if (domain.join('.') === urlDomain(aws.region)) return { id, path }
  const [, below, rest = '/'] = /^\/_url\/([a-z0-9]+)(\/.*)?$/.exec(path) ?? []
  return below === undefined ? undefined : { id: below, path: rest }
}

/**
 * Hands a request over to the function. It may be signed for the URL's own address or for the one
 * it was sent to, by the real clock.
 *
 * @param now milliseconds: the clock by which clients on this machine sign.
 */
export async function answerUrl(
  aws: Aws,
  { id, path }: Asked,
  request: WireRequest & { search: string },
  now: number,
): Promise<WireResponse> {
  const { method, headers, body, search } = request
  return aws.the(Lambda).entrance.handle(id, {
    method,
    path,
    query: search,
    headers,
    body,
    sourceIp: '127.0.0.1',
    signedAs: { host: headers.host ?? '', path: request.path },
    sentAt: now,
  })
}
