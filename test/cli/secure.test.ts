import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { get } from 'node:https'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type SecureEndpoint, serveSecurely } from '../../cli/start/secure.ts'
import { serve } from '../../local/wire/endpoint.ts'
import { Account } from '../kits/account.ts'

let endpoint: SecureEndpoint
beforeAll(async () => {
  endpoint = await serveSecurely(new Account().aws, { port: 0 })
})
afterAll(async () => {
  await endpoint.close()
  expect(existsSync(endpoint.authority)).toBe(false)
})

type Asked = { ca?: string; host?: string; headers?: Record<string, string> }

/** The status of a path that nothing is at, asked by HTTPS. */
function status({ ca, host = '127.0.0.1', headers = {} }: Asked): Promise<number | undefined> {
  const { port } = new URL(endpoint.url)
  return new Promise((resolve, reject) => {
    const path = '/_caretaker/nothing'
    get({ host, port, path, headers, ...(ca === undefined ? {} : { ca }) }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })
}

describe('the local AWS by HTTPS', () => {
  const ca = () => readFileSync(endpoint.authority, 'utf8')

  test.each(['127.0.0.1', 'localhost'])('is known by its certificate as %s', async (host) => {
    expect(await status({ ca: ca(), host })).toBe(404)
  })

  it('is known to nobody without', async () => {
    await expect(status({})).rejects.toThrow('unable to verify the first certificate')
  })

  it('is known to a client that is told where the certificate is', async () => {
    const code = `console.log((await fetch('${endpoint.url}/_caretaker/nothing')).status)`
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', code],
      { env: { NODE_EXTRA_CA_CERTS: endpoint.authority } },
    )
    expect(stdout.trim()).toBe('404')
  })

  it('takes its own page, and none of the same name by another protocol', async () => {
    const { host } = new URL(endpoint.url)
    const asked = (origin: string) => status({ ca: ca(), headers: { origin, host } })
    expect(await asked(`https://${host}`)).toBe(404)
    expect(await asked(`http://${host}`)).toBe(403)
  })

  it('has a port of its own, which may be taken', async () => {
    const { aws } = new Account()
    const port = Number(new URL(endpoint.url).port)
    await expect(serveSecurely(aws, { port })).rejects.toThrow(
      `give the local AWS another port: --https-port ${port + 1}`,
    )
    const plain = await serve(aws, { port: 0 })
    expect(new URL(plain.url).protocol).toBe('http:')
    await plain.close()
  })
})

describe('the certificate', () => {
  it('is a file of the user’s alone, and no private key is beside it', () => {
    const directory = dirname(endpoint.authority)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    const files = readdirSync(directory)
    expect(files).toEqual(['local-aws.pem'])
    expect(statSync(join(directory, 'local-aws.pem')).mode & 0o777).toBe(0o600)
    expect(readFileSync(endpoint.authority, 'utf8')).toMatch(
      /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/,
    )
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('is gone when %s ends the program', async (signal) => {
    const code = `
      const { authorityFile } = await import('${pathToFileURL('cli/start/authority-file.ts')}')
      console.log(authorityFile('a certificate').file)
      setInterval(() => {}, 60_000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code])
    const file = await new Promise<string>((resolve) => {
      child.stdout.once('data', (text) => resolve(String(text).trim()))
    })
    expect(existsSync(file)).toBe(true)
    const ended = new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))
    child.kill(signal)
    expect(await ended).toBe(signal)
    expect(existsSync(dirname(file))).toBe(false)
  })
})
