import type { Address } from '../../sts/signature.ts'

/** A request that reached a function's URL. */
export type UrlRequest = {
  method: string
  /** Percent-encoded, without the query. */
  path: string
  /** Percent-encoded, without the question mark. */
  query: string
  /** By lower-case name; several values of one are joined. */
  headers: Readonly<Record<string, string>>
  body: Uint8Array
  sourceIp: string
  /** What else than the URL's own host and path the sender may have signed. */
  signedAs?: Address
  /** Milliseconds: the sender's clock. Default: the world's. */
  sentAt?: number
}

export type UrlAnswer = {
  statusCode: number
  headers: Record<string, string>
  /** Each is a header of its own. */
  cookies: readonly string[]
  body: Uint8Array
}

export const urlAnswer = (
  statusCode: number,
  text: string,
  headers: Record<string, string> = {},
): UrlAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  cookies: [],
  body: new TextEncoder().encode(text),
})
