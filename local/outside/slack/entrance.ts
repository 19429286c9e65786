import { createHmac } from 'node:crypto'
import type { World } from '../../aws/world.ts'
import { ConnectionLost } from '../internet.ts'
import type { App } from './app.ts'

/** Where the app listens, and how a request gets there. */
export type Connection = {
  /** The request URLs of the app's settings; they may be one. */
  urls: { interactions: string; commands: string; events: string }
  /** Event types the app has subscribed to, such as `app_mention`. */
  events?: readonly string[]
  /** @throws ConnectionLost when there is no answer; any other error is a defect of the simulation. */
  deliver(request: Request): Promise<Response>
}

export type Target = keyof Connection['urls']

/** How a request differs from what Slack sends, for tests of the entrance. */
export type Wrong = {
  /** The age that its timestamp pretends; negative for a timestamp in the future. */
  agedSeconds?: number
  /** Signed with the secret that was valid before, with another one, or not at all. */
  signed?: 'previous' | 'foreign' | 'not'
}

/** A request as it was sent, and what came back within Slack's patience. */
export type Sent = {
  at: string
  target: Target
  headers: Record<string, string>
  body: string
  answer:
    | { kind: 'answered'; status: number; headers: Headers; body: string }
    | { kind: 'timed out' }
    | { kind: 'not connected'; why: string }
}

/** https://docs.slack.dev/interactivity/handling-user-interaction: within three seconds, or too late. */
const PATIENCE_MILLISECONDS = 3_000
/** From Slack to AWS, one way. */
const ONE_WAY = { shortest: 15, longest: 60 }

const FORM = 'application/x-www-form-urlencoded'

/** Nobody has told Slack where the app listens. */
export class NoRequestUrl extends Error {
  override readonly name = 'NoRequestUrl'

  constructor() {
    super('The Slack app has no request URL: Slack cannot tell it what people do')
  }
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`

/** Sends Slack's signed requests to the app. */
export class Entrance {
  /** Every request, oldest first. */
  readonly sent: Sent[] = []
  readonly #world: World
  readonly #app: App
  #connection: Connection | undefined

  constructor(world: World, app: App) {
    this.#world = world
    this.#app = app
  }

  /** Somebody writes the request URLs into the app's settings. */
  connect(connection: Connection): void {
    this.#connection = connection
  }

  /** @throws NoRequestUrl when it is not. */
  mustBeConnected(): Connection {
    if (this.#connection === undefined) throw new NoRequestUrl()
    return this.#connection
  }

  isSubscribed(event: string): boolean {
    return this.#connection?.events?.includes(event) === true
  }

  form(target: Target, values: Record<string, string>, wrong: Wrong = {}): Promise<Sent> {
    return this.#signed(target, new URLSearchParams(values).toString(), FORM, wrong)
  }

  json(target: Target, value: object, headers: Record<string, string> = {}): Promise<Sent> {
    return this.#signed(target, JSON.stringify(value), 'application/json', {}, headers)
  }

  /** Sends a request once more, byte for byte: what somebody could do who has seen it. */
  replay({ target, headers, body }: Sent): Promise<Sent> {
    return this.#send(target, headers, body)
  }

  #signed(
    target: Target,
    body: string,
    type: string,
    { agedSeconds = 0, signed }: Wrong,
    more: Record<string, string> = {},
  ): Promise<Sent> {
    const timestamp = String(Math.floor(this.#world.now / 1000) - agedSeconds)
    const secret = {
      previous: this.#app.previousSigningSecret,
      foreign: 'somebody-elses-secret',
      not: '',
      now: this.#app.signingSecret,
    }[signed ?? 'now']
    const signature = {
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(secret, timestamp, body),
    }
    const agent = 'Slackbot 1.0 (+https://api.slack.com/robots)'
    const headers = { 'content-type': type, 'user-agent': agent, ...more }
    return this.#send(target, signed === 'not' ? headers : { ...headers, ...signature }, body)
  }

  async #send(target: Target, headers: Record<string, string>, body: string): Promise<Sent> {
    const { urls, deliver } = this.mustBeConnected()
    const request = new Request(urls[target], { method: 'POST', headers, body })
    const at = this.#world.date.toISOString()
    const answer = await this.#inTime(this.#answered(deliver, request))
    const sent: Sent = { at, target, headers, body, answer }
    this.sent.push(sent)
    return sent
  }

  async #inTime(answered: Promise<Sent['answer']>): Promise<Sent['answer']> {
    let stop = () => {}
    const late = new Promise<Sent['answer']>((resolve) => {
      const lose = () => resolve({ kind: 'timed out' })
      const timer = this.#world.after(PATIENCE_MILLISECONDS, 'Slack waits for the app', lose)
      stop = () => timer.cancel()
    })
    const answer = await Promise.race([answered, late])
    stop()
    return answer
  }

  async #answered(deliver: Connection['deliver'], request: Request): Promise<Sent['answer']> {
    try {
      await this.#travel()
      const response = await deliver(request)
      const body = await response.text()
      await this.#travel()
      return { kind: 'answered', status: response.status, headers: response.headers, body }
    } catch (error) {
      if (!(error instanceof ConnectionLost)) {
        this.#world.fail(error)
        throw error
      }
      return { kind: 'not connected', why: error.message }
    }
  }

  #travel(): Promise<void> {
    const { shortest, longest } = ONE_WAY
    const delay = this.#world.random.between('slack/entrance', shortest, longest)
    return this.#world.sleep(Math.round(delay), 'a request of Slack’s')
  }
}

/** Whether the app took a request, in time. */
export const isTaken = ({ answer }: Sent): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300
