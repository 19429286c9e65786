import type { World } from '../../aws/world.ts'
import type { App } from './app.ts'
import type { Channel } from './channels.ts'
import { type Entrance, isTaken, type Sent } from './entrance.ts'
import type { Content, SlackMessage } from './message.ts'
import { appMention, eventCallback, messageChanged, urlVerification } from './payloads.ts'

/** After a refusal: almost at once, a minute later, five minutes later. https://docs.slack.dev/apis/events-api#retries */
const RETRIES_MILLISECONDS = [1_000, 60_000, 300_000]

/** The Events API: what happens in channels with the bot in them, to an app that has subscribed to it. */
export class Events {
  readonly #world: World
  readonly #app: App
  readonly #entrance: Entrance

  constructor(world: World, app: App, entrance: Entrance) {
    this.#world = world
    this.#app = app
    this.#entrance = entrance
  }

  mentioned(message: SlackMessage, channel: Channel): Promise<Sent[]> {
    return this.#tell(
      'app_mention',
      'app_mentions:read',
      channel,
      appMention(this.#app.team, message),
    )
  }

  changed(message: SlackMessage, before: Content, channel: Channel): Promise<Sent[]> {
    const [event, scope] = channel.private
      ? (['message.groups', 'groups:history'] as const)
      : (['message.channels', 'channels:history'] as const)
    return this.#tell(event, scope, channel, messageChanged(this.#world, message, before))
  }

  /** https://docs.slack.dev/reference/events/url_verification */
  async verifyUrl(): Promise<boolean> {
    const challenge = this.#world.random.hex('slack/challenge', 40)
    const { answer } = await this.#entrance.json('events', urlVerification(challenge))
    if (answer.kind !== 'answered' || answer.status !== 200) return false
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
    const said: unknown = isJson ? JSON.parse(answer.body) : { challenge: answer.body }
    return (said as { challenge?: unknown }).challenge === challenge
  }

  /**
   * @returns after the first attempt; those that follow are added to the list as they are made. An
   *   empty list: the app is not told of such events.
   */
  async #tell(type: string, scope: string, channel: Channel, event: object): Promise<Sent[]> {
    const told = this.#entrance.isSubscribed(type) && this.#app.isInstalled && this.#app.has(scope)
    if (!told || !channel.member) return []
    const callback = eventCallback({ world: this.#world, team: this.#app.team }, event)
    const attempts = [await this.#entrance.json('events', callback)]
    this.#again(callback, attempts).catch((error: unknown) => this.#world.fail(error))
    return attempts
  }

  async #again(callback: object, attempts: Sent[]): Promise<void> {
    for (const [index, delay] of RETRIES_MILLISECONDS.entries()) {
      const last = attempts.at(-1)
      if (last === undefined || isTaken(last) || wantsNoRetry(last)) return
      await this.#world.sleep(delay, 'Slack sends an event again')
      const retry = {
        'x-slack-retry-num': String(index + 1),
        'x-slack-retry-reason': reasonOf(last),
      }
      attempts.push(await this.#entrance.json('events', callback, retry))
    }
  }
}

const wantsNoRetry = ({ answer }: Sent): boolean =>
  answer.kind === 'answered' && answer.headers.get('x-slack-no-retry') === '1'

function reasonOf({ answer }: Sent): string {
  if (answer.kind === 'timed out') return 'http_timeout'
  return answer.kind === 'answered' ? 'http_error' : 'connection_failed'
}
