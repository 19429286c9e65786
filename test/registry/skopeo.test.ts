import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shortDigest } from '../../domain/image.ts'
import { ociImage, sha256, writeLayout } from '../kits/oci.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

const CARETAKER = join(import.meta.dirname, '../../cli/caretaker.mjs')
const directory = temporaryDirectory()

const free = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })

type Ended = { code: number; text: string }

/** What a program says and ends with. @throws Error when there is no such program. */
const ran = (program: string, ...given: string[]): Promise<Ended> =>
  promisify(execFile)(program, given).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    (error: { code: number | string; stdout: string; stderr: string }) => {
      if (typeof error.code === 'number')
        return { code: error.code, text: error.stdout + error.stderr }
      throw new Error(`${program} cannot be run (${error.code}): apt-get install ${program}`)
    },
  )

let simulation: ChildProcess
let http: string
let https: string
let credentials: string
let password: string

beforeAll(async () => {
  const [page = 0, plain = 0, secure = 0] = await Promise.all([free(), free(), free()])
  const ports = ['--console-port', page, '--aws-port', plain, '--https-port', secure]
  simulation = spawn(process.execPath, [CARETAKER, 'start', '--speed', '60', ...ports.map(String)])
  const authority = await printed(simulation, /AWS_CA_BUNDLE=(\S+)/)
  // skopeo takes a folder of certificates.
  copyFileSync(authority, join(directory, 'local-aws.crt'))
  http = `127.0.0.1:${plain}`
  https = `localhost:${secure}`
  const ecr = new ECRClient({
    endpoint: `http://${http}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'anna', secretAccessKey: 'local' },
  })
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
  const token = authorizationData?.[0]?.authorizationToken ?? ''
  credentials = Buffer.from(token, 'base64').toString()
  password = credentials.replace('AWS:', '')
})

afterAll(() => simulation.kill('SIGINT'))

/** Waits until the simulation has printed something. @returns its first group. */
function printed({ stdout }: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    stdout?.on('data', (more) => {
      text += more
      const found = wanted.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
}

/** An image on the disk, as a builder leaves it. @returns its digest and where it is. */
function built(name: string, labels: Record<string, string> = {}) {
  const layout = join(directory, name)
  const image = ociImage({ program: name, labels })
  writeLayout(layout, image)
  return { digest: image.digest, source: `oci:${layout}` }
}

const verdictOf = (service: string, digest: string) =>
  ran(
    process.execPath,
    ...[CARETAKER, 'wait', `${service}@${digest}`, '--timeout', '4m'],
    ...['--endpoint-url', `http://${http}`],
  )

it('skopeo pushes an image into a running simulation, and it is deployed', async () => {
  const { digest, source } = built('good')
  const pushed = await ran(
    'skopeo',
    ...['copy', '--insecure-policy', '--dest-tls-verify=false', '--dest-creds', credentials],
    ...[source, `docker://${http}/web:main`],
  )
  expect(pushed, pushed.text).toMatchObject({ code: 0 })
  const verdict = await verdictOf('web', digest)
  expect(verdict.code, verdict.text).toBe(0)
  expect(verdict.text).toContain(`(${shortDigest(digest)}) deployed`)
})

it('one that its label says crashes, pushed by HTTPS, is rolled back', async () => {
  const { digest, source } = built('bad', { 'caretaker.behaviour': 'crashes' })
  const pushed = await ran(
    'skopeo',
    ...['copy', '--insecure-policy', '--dest-cert-dir', directory, '--dest-creds', credentials],
    ...[source, `docker://${https}/web:main`],
  )
  expect(pushed, pushed.text).toMatchObject({ code: 0 })
  const verdict = await verdictOf('web', digest)
  expect(verdict.code, verdict.text).toBe(1)
  expect(verdict.text).toContain(`(${shortDigest(digest)}) rolled-back`)
})

it('what runs is pulled as it was pushed, by the name that Caretaker keeps for it', async () => {
  const target = join(directory, 'pulled')
  const kept = `web:caretaker-dev-web-${shortDigest(built('good').digest)}`
  const pulled = await ran(
    'skopeo',
    ...['copy', '--insecure-policy', '--src-tls-verify=false', '--src-creds', credentials],
    ...[`docker://${http}/${kept}`, `dir:${target}`],
  )
  expect(pulled, pulled.text).toMatchObject({ code: 0 })
  expect(sha256(readFileSync(join(target, 'manifest.json')))).toBe(built('good').digest)
})

it('skopeo says what ECR says: of a wrong password, of a repository that there is not', async () => {
  const { source } = built('refused')
  const push = (creds: string, name: string) =>
    ran(
      'skopeo',
      ...['copy', '--insecure-policy', '--dest-tls-verify=false', '--dest-creds', creds],
      ...[source, `docker://${http}/${name}`],
    )
  const unknown = await push(`AWS:${password.replace(/./g, '0')}`, 'web:main')
  expect(unknown.code).toBe(1)
  expect(unknown.text).toContain('400 (Bad Request)')
  const nothing = await push(credentials, 'nothing:main')
  expect(nothing.code).toBe(1)
  expect(nothing.text).toContain("name unknown: The repository with name 'nothing' does not exist")
})
