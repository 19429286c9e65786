import type { Aws } from '../../local/aws/aws.ts'
import { makeCertificate } from '../../local/wire/certificate.ts'
import { type Endpoint, serve } from '../../local/wire/endpoint.ts'
import { authorityFile } from './authority-file.ts'

type Options = NonNullable<Parameters<typeof serve>[1]>

/** The endpoint by HTTPS, and the file with the certificate by which clients know it. */
export type SecureEndpoint = Endpoint & { authority: string }

/**
 * Serves the simulated account by HTTPS too. Its private key stays in memory; the authority's
 * certificate is in a file until the endpoint is closed, or the program ends.
 *
 * @throws Error when the port is taken.
 */
export async function serveSecurely(aws: Aws, options: Options): Promise<SecureEndpoint> {
  const { authority, ...secure } = makeCertificate(Date.now())
  const endpoint = await serve(aws, { ...options, secure })
  const { file, remove } = authorityFile(authority)
  const close = () => {
    remove()
    return endpoint.close()
  }
  return { ...endpoint, authority: file, close }
}
