import type { Server } from 'node:http'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveConsole } from '../../local/console/server.ts'
import { Pace } from '../../local/simulation/pace.ts'
import { BAD, execution, NOTHING, ORDERS, pushed, stillSource } from '../kits/console.ts'

const source = stillSource({
  ...NOTHING,
  services: [ORDERS],
  journal: [pushed(BAD, 1)],
  executions: [execution('one', 1, { inputText: '{}' })],
})
const pace = new Pace(source.world)
let server: Server
let port: number

beforeAll(async () => {
  server = await serveConsole({ source, pace }, { port: 0 })
  port = (server.address() as AddressInfo).port
  void pace.start()
})
afterAll(async () => {
  await pace.stop()
  await new Promise((resolve) => server.close(resolve))
})

type Answer = { status: number; headers: Record<string, unknown>; body: string }

/** `fetch` would not let us lie about who we are. */
function ask(
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: Partial<Record<'method' | 'body', string>> & {
    headers?: Record<string, string>
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const act = (action: unknown, headers: Record<string, string> = {}) =>
  ask('/do', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(action),
  })

describe('the page', () => {
  test('is served from memory, may run only its own script, and is not kept', async () => {
    const { status, headers, body } = await ask('/')
    expect(status).toBe(200)
    expect(body).toContain('<script type="module" src="/app.js">')
    expect(headers['content-security-policy']).toContain("script-src 'self'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['cache-control']).toBe('no-store')
    expect((await ask('/app.js')).headers['content-type']).toContain('javascript')
    expect((await ask('/app.css')).headers['content-type']).toContain('css')
  })

  test.each(['/teams/ordering', '/services/orders', '/roll-outs/one'])(
    'is the same at every address of a page: %s',
    async (path) => {
      const { status, headers, body } = await ask(path)
      expect(status).toBe(200)
      expect(body).toBe((await ask('/')).body)
      expect(headers['content-security-policy']).toContain("script-src 'self'")
    },
  )

  test.each(['/teams', '/teams/a/b', '/nothing/here', '/teams/%E0%A4%A'])(
    'is not at %s, where no page is',
    async (path) => {
      expect((await ask(path)).status).toBe(404)
    },
  )

  test('has the service whose page is looked at, and the execution by its name', async () => {
    const view = JSON.parse((await ask('/view?service=orders&execution=one')).body)
    expect(view.service).toMatchObject({ name: 'orders', takes: 'main' })
    expect(view.execution.status).toBe('SUCCEEDED')
    const none = JSON.parse((await ask('/view?service=nothing&execution=nothing')).body)
    expect([none.service, none.execution]).toEqual([null, null])
  })

  test('reads the view', async () => {
    const view = JSON.parse((await ask('/view')).body)
    expect(view.environment.name).toBe('dev')
    expect(view.services[0]).toMatchObject({ name: 'orders', asAsked: { state: 'yes' } })
    expect(view.timeline[0].image.digest).toBe(BAD)
    expect(view.execution.status).toBe('SUCCEEDED')
    expect(JSON.parse(view.machine.definition).StartAt).toBe('Plan')
  })

  test('hears of changes, and only of what changed', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/events`)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const next = async () => {
      for (;;) {
        const found = /data: (.*)\n\n/.exec(text)
        if (found !== null) {
          text = text.slice(found.index + found[0].length)
          return JSON.parse(found[1] ?? '')
        }
        text += (await reader?.read())?.value ?? ''
      }
    }
    expect(Object.keys(await next())).toContain('services')
    await act({ action: 'skip', seconds: 60 })
    const changed = await next()
    expect(Object.keys(changed)).toEqual(['clock'])
    await reader?.cancel()
  })
})

describe('actions', () => {
  test('a push goes to the repository as the image that was asked for', async () => {
    const { status, body } = await act({ action: 'push', repository: 'orders', image: 'crashes' })
    expect([status, body]).toEqual([200, '{"done":"Pushed an image that crashes as orders:main"}'])
    expect(source.pushes.at(-1)).toMatchObject({
      repository: 'orders',
      tag: 'main',
      image: { behaviour: 'crashes', exitCode: 137 },
    })
  })

  test('events are lost while the switch is on', async () => {
    await act({ action: 'faults', lose: 1 })
    expect(source.play.faults.rates.lose).toBe(1)
    await act({ action: 'faults', lose: 0 })
    expect(source.play.faults.rates.lose).toBe(0)
  })

  test('a press, a command and a message to the bot go to Slack as that person', async () => {
    const press = { action: 'press', by: 'U0ANN', ts: '1.2', label: 'Roll back' }
    expect((await act(press)).body).toBe('{"done":"Pressed Roll back"}')
    const say = { action: 'say', by: 'U0ANN', channel: '#storefront' }
    expect((await act({ ...say, text: '/caretaker status' })).status).toBe(200)
    expect(source.done).toEqual([
      { by: 'U0ANN', ts: '1.2', label: 'Roll back', ephemeral: false },
      { ...say, text: '/caretaker status' },
    ])
    const { status, body } = await act({ ...say, text: 'nonsense' })
    expect([status, body]).toEqual([409, '{"error":"Slack refuses it"}'])
  })

  test.each(['', 'bad tag!!', '-x'])(
    'a tag that no registry takes is told in words: %j',
    async (tag) => {
      const { status, body } = await act({
        action: 'push',
        repository: 'orders',
        tag,
        image: 'good',
      })
      expect([status, JSON.parse(body).error]).toEqual([
        400,
        expect.stringMatching(/^The tag: allowed are/),
      ])
    },
  )

  test('an act is asked for as a person, and the answer is said, also when it is refused', async () => {
    const asked = { action: 'act', by: 'bob@example.com', text: 'sleep orders' }
    expect((await act(asked)).body).toBe('{"done":"Done: sleep orders"}')
    expect(source.done).toContainEqual({ ...asked, action: 'act' })
    const refused = await act({ ...asked, text: 'nonsense' })
    expect([refused.status, refused.body]).toEqual([409, '{"error":"There is no such command"}'])
    expect((await act({ ...asked, by: 'bob' })).status).toBe(400)
  })

  test('a team overspends, and somebody starts an instance without tags', async () => {
    expect((await act({ action: 'overspend', team: 'ordering' })).body).toContain('$212.50')
    const made = await act({ action: 'make', by: 'bob@example.com' })
    expect(made.body).toContain('bob@example.com has started i-0123456789abcdef0, without a tag')
    expect((await act({ action: 'overspend', team: '' })).status).toBe(400)
  })

  test('an alarm is raised by its name', async () => {
    await act({ action: 'alarm', name: 'dev-web-errors' })
    expect(source.done.at(-1)).toBe('dev-web-errors')
  })

  test('the speed is set', async () => {
    await act({ action: 'speed', speed: 60 })
    expect(pace.speed).toBe(60)
    await act({ action: 'speed', speed: 'paused' })
    expect(pace.speed).toBe('paused')
  })

  test.each([
    [{ action: 'push', repository: 'orders', image: 'good', extra: 1 }, 'extra'],
    [{ action: 'speed', speed: -1 }, 'speed'],
    [{ action: 'explode' }, 'action'],
  ])('%j is refused, and the answer says why', async (action, named) => {
    const { status, body } = await act(action)
    expect(status).toBe(400)
    expect(JSON.parse(body).error).toContain(named)
  })

  test('what is no JSON, or too long, is refused', async () => {
    expect((await ask('/do', { method: 'POST', body: 'action=push' })).status).toBe(415)
    expect((await act({ action: 'x'.repeat(20_000) })).status).toBe(400)
  })
})

describe('strangers', () => {
  test.each([
    ['another name for this machine', { host: 'evil.example' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:3000' }],
    ['a page without an origin', { origin: 'null' }],
    ['a picture on a page of another port', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused', async (_, headers) => {
    expect((await ask('/view', { headers })).status).toBe(403)
    expect((await act({ action: 'faults', lose: 1 }, headers)).status).toBe(403)
  })

  test('a port that is taken is named', async () => {
    await expect(serveConsole({ source, pace }, { port })).rejects.toThrow(`Port ${port} is taken`)
  })
})
