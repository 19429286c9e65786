import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import { expect } from 'vitest'
import { World } from '../../local/aws/world.ts'
import { Internet } from '../../local/outside/internet.ts'
import { Slack, type SlackMessage, type SlackOptions } from '../../local/outside/slack/slack.ts'

const START = new Date('2026-03-02T09:00:00Z')

const nothing = () => {}
const SILENT: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  ...{ setLevel: nothing, setName: nothing, getLevel: () => LogLevel.ERROR },
}

export const section = (text: string) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, text },
})

/** A workspace with `#orders` and `#platform`, and the real client of its bot. */
export function workspace(options: Partial<SlackOptions> & { token?: string } = {}) {
  const { token, ...rest } = options
  const world = new World({ seed: 1, start: START })
  const slack = new Slack(world, { channels: ['#orders', 'platform'], ...rest })
  const internet = new Internet(world)
  for (const name of Slack.HOSTS) internet.host(name, (request) => slack.handle(request))
  const clientOf = (value: string) =>
    new WebClient(value, {
      fetch: internet.fetch,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: SILENT,
    })
  /** Lets the world run until the call is answered. */
  async function call<Answer>(ask: (client: WebClient) => Promise<Answer>): Promise<Answer> {
    const answer = world.busy(() => ask(clientOf(token ?? slack.token)))
    answer.catch(() => {})
    await world.run(400)
    return answer
  }
  const post = (more: object = {}) =>
    call((client) => client.chat.postMessage({ channel: '#orders', text: 'hello', ...more }))
  return { world, slack, internet, clientOf, call, post }
}

/** The one message that must be there. */
export function only(slack: Slack): SlackMessage {
  expect(slack.messages).toHaveLength(1)
  return slack.messages[0] as SlackMessage
}

/** What the client throws for an answer that is not ok. */
export const refused = (error: string, messages?: string[]) => ({
  data: { ok: false, error, ...(messages ? { response_metadata: { messages } } : {}) },
})

export const USERS = [
  { id: 'U0ANA', name: 'ana', email: 'ana@example.org', timeZone: 'Europe/Berlin' },
  { id: 'U0BO', name: 'bo', email: 'bo@example.org', timeZone: 'America/Lima' },
]

const SCOPES = [
  ...['chat:write', 'channels:read', 'groups:read', 'channels:history', 'groups:history'],
  ...['commands', 'app_mentions:read'],
]

const URLS = {
  interactions: 'https://app.example.org/press',
  commands: 'https://app.example.org/command',
  events: 'https://app.example.org/event',
}

/** What the app was sent, and what it answers. */
type Answering = (request: Request, body: string) => Response | Promise<Response>

/** A workspace with two people, and an app that answers as the test says. */
export function staffed(answer: Answering = () => new Response()) {
  const all = workspace({ users: USERS, scopes: SCOPES })
  const { world, slack, internet } = all
  const received: { url: string; headers: Headers; body: string }[] = []
  let answering = answer
  slack.connect({
    urls: URLS,
    events: ['app_mention', 'message.channels'],
    deliver: async (request) => {
      const body = await request.text()
      received.push({ url: request.url, headers: request.headers, body })
      return answering(request, body)
    },
  })
  /** Lets the world run until something that a person does has come to its end. */
  async function during<Result>(what: Promise<Result>, milliseconds = 4_000): Promise<Result> {
    what.catch(() => {})
    await world.run(milliseconds)
    return what
  }
  /** Sends to an address at hooks.slack.com; answers with the status and the body. */
  async function respond(url: string, value: object): Promise<string> {
    const init = { method: 'POST', body: JSON.stringify(value) }
    const answered = world.busy(() => internet.fetch(url, init))
    await world.run(200)
    const response = await answered
    return `${response.status} ${await response.text()}`
  }
  return {
    ...all,
    ...{ received, during, respond },
    answerWith: (next: Answering) => {
      answering = next
    },
  }
}

/** The payload of the newest request with one. */
export function payloadOf(received: readonly { body: string }[]): Record<string, unknown> {
  const payload = new URLSearchParams(received.at(-1)?.body).get('payload')
  return JSON.parse(payload ?? 'null') as Record<string, unknown>
}
