import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Sts } from '../../local/aws/sts/sts.ts'

/** What a person signs with. */
export type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/** The keys that Identity Center gives a person who signs in: no trust policy is asked. */
export function signedIn({ sts }: { sts: Sts }, roleArn: string, name: string): Keys {
  return sts.sessions.open(roleArn, name, 3_600)
}

type Asked = {
  method?: string
  headers?: Record<string, string>
  body?: string
  /** Where the request is sent and what it is signed for, when these differ. */
  signedUrl?: string
  /** The clock of the sender. */
  at: Date
  region?: string
  service?: string
}

/** The headers by which the AWS SDK for JavaScript signs a request. */
export async function signedHeaders(url: string, keys: Keys, asked: Asked) {
  const { method = 'GET', headers = {}, body = '', signedUrl = url, at } = asked
  const { region = 'eu-central-1', service = 'lambda' } = asked
  const { protocol, host, hostname, pathname, searchParams } = new URL(signedUrl)
  const signer = new SignatureV4({ credentials: keys, region, service, sha256: Sha256 })
  const query = Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]),
  )
  const signed = await signer.sign(
    { method, protocol, hostname, path: pathname, query, headers: { ...headers, host }, body },
    { signingDate: at },
  )
  return signed.headers
}

/** A request that is signed as the AWS SDK for JavaScript does it. */
export async function signedRequest(url: string, keys: Keys, asked: Asked): Promise<Request> {
  const { method = 'GET', body } = asked
  const headers = await signedHeaders(url, keys, asked)
  return new Request(url, { method, headers, ...(body === undefined ? {} : { body }) })
}

/** SHA-256, and HMAC with a secret, in the form in which the SDK takes it. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array)
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    throw new Error('Each hash is used once')
  }
}
