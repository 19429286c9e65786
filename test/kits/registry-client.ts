import { OCI_MANIFEST, type OciImage, sha256 } from './oci.ts'

type Asking = { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> }

/** What a registry answers when it refuses. */
type Errors = { errors: { code: string; message: string }[] }

/** A small client of the OCI distribution API. */
export class RegistryClient {
  readonly #url: string
  readonly #authorization: string | undefined

  /** @param password that of `GetAuthorizationToken`; none for a client that does not say who it is. */
  constructor(url: string, password?: string, user = 'AWS') {
    this.#url = url
    this.#authorization =
      password === undefined
        ? undefined
        : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  }

  ask(method: string, path: string, { headers = {}, body }: Asking = {}): Promise<Response> {
    const authorization = this.#authorization
    return fetch(new URL(path, this.#url), {
      method,
      headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
      ...(body === undefined ? {} : { body }),
    })
  }

  /** The status, and the code and message of the first error: `[404, 'NAME_UNKNOWN', '…']`. */
  async refused(method: string, path: string, asking?: Asking): Promise<unknown[]> {
    const answer = await this.ask(method, path, asking)
    const { errors } = (await answer.json()) as Errors
    return [answer.status, errors[0]?.code, errors[0]?.message]
  }

  /** The status and the code of the first error: `[404, 'NAME_UNKNOWN']`. */
  async code(method: string, path: string, asking?: Asking): Promise<unknown[]> {
    return (await this.refused(method, path, asking)).slice(0, 2)
  }

  async json<Answer>(path: string): Promise<Answer> {
    return (await this.ask('GET', path)).json() as Promise<Answer>
  }

  /** Begins an upload. @returns where it goes on. */
  async upload(name: string, query = ''): Promise<string> {
    const begun = await this.ask('POST', `/v2/${name}/blobs/uploads/${query}`)
    if (begun.status !== 202) throw new Error(`${begun.status} ${await begun.text()}`)
    return begun.headers.get('location') ?? ''
  }

  /** Pushes a blob as Docker does: all of it in one part, whose end is said afterwards. */
  async blob(name: string, content: Uint8Array<ArrayBuffer>): Promise<string> {
    const part = await this.ask('PATCH', await this.upload(name), { body: content })
    const digest = sha256(content)
    const to = `${part.headers.get('location')}?digest=${digest}`
    const ended = await this.ask('PUT', to)
    if (ended.status !== 201) throw new Error(`${ended.status} ${await ended.text()}`)
    return digest
  }

  manifest(name: string, reference: string, body: string, type = OCI_MANIFEST): Promise<Response> {
    return this.ask('PUT', `/v2/${name}/manifests/${reference}`, {
      headers: { 'content-type': type },
      body,
    })
  }

  /** Pushes what is not there yet, and the manifest last. @returns its digest. */
  async push(name: string, reference: string, image: OciImage): Promise<string> {
    for (const [digest, content] of image.blobs) {
      const { status } = await this.ask('HEAD', `/v2/${name}/blobs/${digest}`)
      if (status === 404) await this.blob(name, new Uint8Array(content))
    }
    const put = await this.manifest(name, reference, image.manifest)
    if (put.status !== 201) {
      const { errors } = (await put.json()) as Errors
      throw new Error(`${put.status} ${errors[0]?.code} ${errors[0]?.message}`)
    }
    return put.headers.get('docker-content-digest') ?? ''
  }
}
