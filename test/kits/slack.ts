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
