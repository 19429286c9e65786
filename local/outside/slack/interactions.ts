import type { World } from '../../aws/world.ts'
import { type App, BOT } from './app.ts'
import { SlackError } from './arguments.ts'
import type { Channel, Channels } from './channels.ts'
import { type Control, controlsIn, type Question } from './controls.ts'
import { type Entrance, isTaken, type Sent, type Wrong } from './entrance.ts'
import { Events } from './events.ts'
import type { Content, SlackMessage } from './message.ts'
import type { Messages } from './messages.ts'
import { blockActions, commandForm, type Here, type Pressed, sslCheckForm } from './payloads.ts'
import { CannotDo, type People, type User } from './people.ts'
import type { ResponseUrls } from './response-urls.ts'

/** What a press or a command came to, as the person sees it. */
export type Outcome = {
  /** What Slack asked first. */
  question?: Question
  /** The page that opened in the person's browser. */
  opened?: string
  /** What was sent to the app; nothing was when the person said no to the question. */
  sent?: Sent
  /** What Slack tells the person when the app did not take it. */
  error?: string
}

export type Press = {
  by: string
  /** Part of the text of the message; the newest that has such a button when absent. */
  message?: string
  /** The message itself, as Slack names it. */
  ts?: string
  /** In a message that only this person sees. */
  ephemeral?: boolean
  /** The message as it was before its last edit that took the button away: an old window may show it. */
  old?: boolean
  /** What the person answers to the button's question. */
  answer?: 'confirm' | 'deny'
  wrong?: Wrong
}

/** A message whose buttons somebody may press. */
type Candidate = { ts: string; text: string; pressed: Pressed; content: Content }

type Parts = {
  world: World
  isDown(): boolean
  app: App
  channels: Channels
  messages: Messages
  people: People
  entrance: Entrance
  urls: ResponseUrls
}

/** What people do in the workspace that the app is told of. */
export class Interactions {
  readonly #parts: Parts
  readonly #events: Events

  constructor(parts: Parts) {
    this.#parts = parts
    this.#events = new Events(parts.world, parts.app, parts.entrance)
  }

  /** A person presses what says `label`. @throws when no message has it. */
  async press(label: string, asked: Press): Promise<Outcome> {
    const { entrance, channels, urls } = this.#parts
    entrance.mustBeConnected()
    const user = this.#person(asked.by)
    const { pressed, control } = this.#find(label, user, asked)
    const { question, url } = control
    const seen = question === undefined ? {} : { question }
    if (question !== undefined && asked.answer === 'deny') return seen
    const opened = url === undefined ? {} : { opened: url }
    const place = 'ephemeral' in pressed ? pressed.ephemeral : pressed.message
    const channel = channels.any(place.channel)
    const responseUrl = urls.make('actions', { user: user.id, channel, ...pressed })
    const payload = blockActions(this.#here, { user, channel, responseUrl }, pressed, control)
    const form = { payload: JSON.stringify(payload) }
    const sent = await entrance.form('interactions', form, asked.wrong)
    return { ...seen, ...opened, sent, ...this.#failure(sent, user, channel, interactionError) }
  }

  /** A person types a command; custom commands do not work in threads. */
  async command(
    typed: string,
    { by, channel: named, wrong }: { by: string; channel?: string; wrong?: Wrong },
  ): Promise<Outcome> {
    const { app, entrance, channels, urls } = this.#parts
    entrance.mustBeConnected()
    const user = this.#person(by)
    const channel = named === undefined ? channels.first : channels.any(named)
    const [, command = typed, text = ''] = /^(\S+)\s*(.*)$/s.exec(typed.trim()) ?? []
    if (!app.isInstalled || !app.has('commands')) {
      return this.#error(user, channel, `${command} is not a valid command.`)
    }
    const origin = { user: user.id, channel }
    const place = { user, channel, responseUrl: urls.make('commands', origin) }
    const form = commandForm(this.#here, place, { command, text: text.trim() })
    const sent = await entrance.form('commands', form, wrong)
    if (!isTaken(sent)) {
      return { sent, ...this.#failure(sent, user, channel, (one) => commandError(command, one)) }
    }
    const refused = this.#answer(sent, user, channel)
    if (refused === undefined) return { sent }
    return { sent, ...this.#error(user, channel, `${command} failed with the error "${refused}"`) }
  }

  /** A person names the bot in a message of their own. */
  async mention(
    text: string,
    { by, channel: named, thread }: { by: string; channel?: string; thread?: SlackMessage },
  ): Promise<{ message: SlackMessage; sent: Sent[] }> {
    const { channels, messages } = this.#parts
    const place = thread?.channelId ?? named
    const channel = place === undefined ? channels.first : channels.any(place)
    const message = messages.add(channel, {
      ...{ text: `<@${BOT.user}> ${text}`, blocks: [], user: this.#person(by).id },
      ...{ thread: thread?.thread_ts ?? thread?.ts, broadcast: false },
    })
    return { message, sent: await this.#events.mentioned(message, channel) }
  }

  /** A person edits a message of their own. */
  async edit(message: SlackMessage, text: string): Promise<Sent[]> {
    if (message.user === undefined) throw new Error('Only the bot edits its messages')
    const before: Content = { text: message.text, blocks: message.blocks }
    this.#parts.messages.edit(message, { text, blocks: [] })
    return this.#events.changed(message, before, this.#parts.channels.any(message.channelId))
  }

  /** Slack looks whether the command's address has a good certificate; such a request may be unsigned. */
  checkCertificate(): Promise<Sent> {
    return this.#parts.entrance.form('commands', sslCheckForm(), { signed: 'not' })
  }

  /** Slack asks the events' address whether it is the app's, as when somebody writes it into the settings. */
  verifyUrl(): Promise<boolean> {
    return this.#events.verifyUrl()
  }

  get #here(): Here {
    return { world: this.#parts.world, team: this.#parts.app.team }
  }

  /** @throws when there is nobody of that id or name, or when nobody can reach Slack. */
  #person(who: string): User {
    if (this.#parts.isDown()) throw new CannotDo('Slack is down')
    return this.#parts.people.get(who)
  }

  #find(label: string, user: User, asked: Press): { pressed: Pressed; control: Control } {
    const candidates =
      asked.ephemeral === true ? this.#shown(user) : this.#posted(asked.old === true)
    const about = candidates.filter(
      ({ text, ts }) =>
        text.includes(asked.message ?? '') && (asked.ts === undefined || asked.ts === ts),
    )
    for (const { pressed, content } of about.toReversed()) {
      const control = controlsIn(content.blocks).find((one) => one.label === label)
      if (control !== undefined) return { pressed, control }
    }
    const labels = about.flatMap(({ content }) =>
      controlsIn(content.blocks).map((one) => one.label),
    )
    const there = [...new Set(labels)].join(', ') || 'none'
    const where = asked.message === undefined ? '' : ` in a message with “${asked.message}”`
    throw new CannotDo(`There is no button “${label}”${where} (there are: ${there})`)
  }

  #posted(old: boolean): Candidate[] {
    return this.#parts.messages.all.flatMap((message) => {
      const before = [message.posted, ...message.edits].slice(0, -1)
      const contents: Content[] = old ? before : [message]
      return contents.map((content) => ({
        ...{ ts: message.ts, text: `${message.text}\n${content.text}`, content },
        pressed: { message, content },
      }))
    })
  }

  #shown({ id }: User): Candidate[] {
    return this.#parts.people.shownTo(id).map((ephemeral) => ({
      ...{ ts: ephemeral.ts, text: ephemeral.text },
      ...{ content: ephemeral, pressed: { ephemeral } },
    }))
  }

  /** What the app answers a command with at once. @returns why Slack does not take it. */
  #answer({ answer }: Sent, user: User, channel: Channel): string | undefined {
    if (answer.kind !== 'answered' || answer.body === '') return undefined
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
    try {
      const body = isJson ? JSON.parse(answer.body) : { text: answer.body }
      if (Object.keys(body).length > 0) this.#parts.urls.say({ user: user.id, channel }, body)
      return undefined
    } catch (error) {
      if (error instanceof SyntaxError) return 'invalid_command_response'
      if (error instanceof SlackError) return error.message
      throw error
    }
  }

  #failure(
    sent: Sent,
    user: User,
    channel: Channel,
    words: (sent: Sent) => string,
  ): { error?: string } {
    return isTaken(sent) ? {} : this.#error(user, channel, words(sent))
  }

  #error(user: User, channel: Channel, error: string): { error: string } {
    const ts = this.#parts.messages.timestamp()
    const place = { channel: `#${channel.name}`, ts }
    this.#parts.people.show(user.id, { kind: 'error', ...place, text: error, blocks: [] })
    return { error }
  }
}

/** What Slack shows beside a button. slackapi/node-slack-sdk#2095 has the first sentence. */
const interactionError = ({ answer }: Sent): string =>
  answer.kind === 'answered'
    ? `This app responded with Status Code ${answer.status}.`
    : 'Operation timed out. Apps need to respond within 3 seconds.'

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
const commandError = (command: string, { answer }: Sent): string =>
  `${command} failed with the error "${answer.kind === 'timed out' ? 'operation_timeout' : 'dispatch_failed'}"`
