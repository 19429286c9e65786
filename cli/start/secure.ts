import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Aws } from '../../local/aws/aws.ts'
import { makeCertificate } from '../../local/wire/certificate.ts'
import { type Endpoint, serve } from '../../local/wire/endpoint.ts'

type Options = NonNullable<Parameters<typeof serve>[1]>

/** The endpoint by HTTPS, and the file with the certificate by which clients know it. */
export type SecureEndpoint = Endpoint & { authority: string }

/**
 * Serves the simulated account by HTTPS too. Its private key stays in memory; the certificate of
 * the authority, which everybody may read, is in a file until the program ends.
 *
 * @throws Error when the port is taken.
 */
export async function serveSecurely(aws: Aws, options: Options): Promise<SecureEndpoint> {
  const { authority, ...secure } = makeCertificate(Date.now())
  const endpoint = await serve(aws, { ...options, secure })
  return { ...endpoint, authority: written(authority) }
}

function written(authority: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'caretaker-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  process.once('exit', remove)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      remove()
      // Nobody listens any more: it ends the program as it would have without us.
      process.kill(process.pid, signal)
    })
  }
  const file = join(directory, 'local-aws.pem')
  writeFileSync(file, authority, { mode: 0o600 })
  return file
}
