import type { Server } from 'node:http'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveConsole } from '../../local/console/server.ts'
import { NOTHING, ORDERS, stillSource } from '../kits/console.ts'

/** A console of an account, served with the credentials of whoever has started it. */
const KEY = 'k3y-that-only-the-terminal-has'
const { play: _, ...source } = stillSource({ ...NOTHING, services: [ORDERS] })
let server: Server
let port: number
/** The same behind a proxy that lets people in. */
let hosted: Server
let hostedPort: number

beforeAll(async () => {
  server = await serveConsole({ source, admission: { key: KEY } }, { port: 0 })
  port = (server.address() as AddressInfo).port
  const servedAt = new URL('https://caretaker.example.com')
  hosted = await serveConsole({ source, admission: { servedAt } }, { port: 0 })
  hostedPort = (hosted.address() as AddressInfo).port
})
afterAll(async () => {
  for (const one of [server, hosted]) await new Promise((resolve) => one.close(resolve))
})

type Asked = { method: string; path: string; headers: Record<string, string>; body: string }
type Answer = { status: number; headers: Record<string, unknown>; body: string }

const ask = (asked: Partial<Asked>, to = port): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', path = '/', headers = {}, body = '' } = asked
    const sent = request(
      { port: to, host: '127.0.0.1', agent: false, method, path, headers },
      (answer) => {
        let text = ''
        answer.on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })

const cookie = () => `caretaker-${port}=${KEY}`
const JSON_TYPE = { 'content-type': 'application/json' }
const PIN = JSON.stringify({ action: 'act', by: '', text: 'pin orders' })
/** What a page that a person follows a link to is asked with. */
const FOLLOWED = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

describe('whoever has the key', () => {
  test('gets a cookie by the printed address, and the key is gone from it', async () => {
    const { status, headers } = await ask({ path: `/services/orders?key=${KEY}` })
    expect([status, headers.location]).toEqual([303, '/services/orders'])
    expect(String(headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Lax/)
    expect((await ask({ headers: { cookie: cookie() } })).status).toBe(200)
  })

  test('comes to a page by a link of Slack, and to nothing else so', async () => {
    const headers = { cookie: cookie(), ...FOLLOWED }
    expect((await ask({ path: '/services/orders', headers })).status).toBe(200)
    for (const path of ['/view', '/events', '/logs?service=orders', '/app.js']) {
      expect([path, (await ask({ path, headers })).status]).toEqual([path, 403])
    }
  })

  test('acts by the page itself', async () => {
    const headers = { cookie: cookie(), ...JSON_TYPE, origin: `http://127.0.0.1:${port}` }
    const { status, body } = await ask({ method: 'POST', path: '/do', headers, body: PIN })
    expect([status, body]).toEqual([200, '{"done":"Done: pin orders"}'])
    expect(source.done.splice(0)).toHaveLength(1)
    const play = JSON.stringify({ action: 'alarm', name: 'dev-orders-memory' })
    const other = await ask({ method: 'POST', path: '/do', headers, body: play })
    expect([other.status, other.body]).toEqual([404, expect.stringContaining('a real account')])
  })
})

describe('whoever has not', () => {
  test('is told what to do, and sees nothing', async () => {
    for (const path of ['/', '/view', '/events', '/logs?service=orders', '/?key=guessed']) {
      const { status, body } = await ask({ path })
      expect([path, status]).toEqual([path, 403])
      expect(body).toContain('Open the address that `caretaker console` has printed')
    }
  })
})

const origins = [
  'https://evil.example',
  'null',
  'http://localhost:3000',
  'https://127.0.0.1',
  'file://',
]
const hosts = ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1']

/** A request that is forged in one way at the least: another site, another name, no key, a form. */
const forged = fc
  .record({
    origin: fc.constantFrom(undefined, undefined, ...origins),
    host: fc.constantFrom(undefined, undefined, ...hosts),
    site: fc.constantFrom(undefined, 'cross-site', 'same-site'),
    type: fc.constantFrom(
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ),
    cookie: fc.oneof(fc.constant('own'), fc.constant(''), fc.base64String({ maxLength: 40 })),
    method: fc.constantFrom('POST', 'POST', 'POST', 'PUT', 'GET', 'DELETE', 'PATCH'),
    body: fc.oneof(fc.constant(PIN), fc.constant(PIN), fc.json()),
    path: fc.constantFrom('/do', '/do', '/do?x=1', '/do/', '/DO', '//do', '/events'),
  })
  .filter((one) => !isOwn(one))

type Forged = Record<'origin' | 'host' | 'site', string | undefined> &
  Record<'type' | 'cookie' | 'method' | 'body' | 'path', string>

/** What the page itself sends, or a stream that it opens: nothing is forged. */
function isOwn({ origin, host, site, type, cookie: given, method, body, path }: Forged): boolean {
  if (origin !== undefined || host !== undefined || site !== undefined || given !== 'own')
    return false
  if (method === 'GET') return path === '/events'
  return method === 'POST' && type === 'application/json' && body === PIN && path.startsWith('/do')
}

test('1,000 forged and cross-site requests change nothing', async () => {
  let tried = 0
  await fc.assert(
    fc.asyncProperty(
      forged,
      async ({ origin, host, site, type, cookie: given, method, body, path }) => {
        const headers = {
          'content-type': type,
          ...(origin !== undefined && { origin }),
          ...(host !== undefined && { host }),
          ...(site !== undefined && { 'sec-fetch-site': site }),
          ...(given !== '' && {
            cookie: given === 'own' ? cookie() : `caretaker-${port}=${given}`,
          }),
        }
        const { status } = await ask({ method, path, headers, body })
        tried++
        expect(status).toBeGreaterThanOrEqual(400)
      },
    ),
    { numRuns: 1_000, seed: 1 },
  )
  expect(tried).toBe(1_000)
  expect([source.done, source.pushes]).toEqual([[], []])
})

describe('behind a proxy that lets people in', () => {
  const headers = (more: object = {}) => ({ host: 'caretaker.example.com', ...more })

  test.each<[what: string, status: number, headers: Record<string, string>]>([
    ['its own name', 200, headers()],
    ['its own page', 200, headers({ origin: 'https://caretaker.example.com' })],
    ['another name', 403, { host: 'evil.example' }],
    ['a page of another site', 403, headers({ origin: 'https://evil.example' })],
    ['a request of another site', 403, headers({ 'sec-fetch-site': 'cross-site' })],
  ])('%s: %s', async (_what, status, given) => {
    expect((await ask({ path: '/view', headers: given }, hostedPort)).status).toBe(status)
  })
})
