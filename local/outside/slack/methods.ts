import type { Limit } from '../../aws/limits.ts'
import { type App, BOT } from './app.ts'
import { type Arguments, parsed, required, SlackError } from './arguments.ts'
import { type Channels, shownChannel } from './channels.ts'
import { type BlockRules, contentOf, validated } from './content.ts'
import { history, replies } from './conversations.ts'
import type { Files } from './files.ts'
import { shown } from './message.ts'
import { type Messages, named, page } from './messages.ts'
import type { People } from './people.ts'
import { RATES, type Rates } from './rates.ts'

export type Method = {
  limit: Limit
  scopes: readonly string[]
  /** The arguments whose meaning is simulated, or which change nothing that is. */
  takes: readonly string[]
  run(given: Arguments): object
}

/** What the methods work on. */
export type Workspace = {
  app: App
  channels: Channels
  messages: Messages
  people: People
  files: Files
  rates: Rates
  rules: BlockRules
}

type Methods = Readonly<Record<string, Method>>

/** `https://slack.com/api/<name>`. */
export const methodsOf = (workspace: Workspace): Methods => ({
  'auth.test': {
    ...{ limit: RATES.many, scopes: [], takes: [] },
    run: () => ({
      ...{ url: 'https://simulated.slack.com/', team: 'simulated', user: 'caretaker' },
      ...{
        team_id: workspace.app.team,
        user_id: BOT.user,
        bot_id: BOT.bot,
        is_enterprise_install: false,
      },
    }),
  },
  'blocks.validate': {
    ...{ limit: RATES.many, scopes: [], takes: ['blocks', 'message'] },
    run: (given) => validate(workspace, given),
  },
  // https://docs.slack.dev/reference/methods/users.info
  'users.info': {
    ...{ limit: RATES.tier4, scopes: ['users:read'], takes: ['user'] },
    run: (given) => {
      const user = workspace.people.users.find(({ id }) => id === required(given, 'user'))
      if (user === undefined) throw new SlackError('user_not_found')
      const { id, name, timeZone: tz } = user
      return { user: { id, team_id: workspace.app.team, name, tz, is_bot: false, deleted: false } }
    },
  },
  ...chat(workspace),
  ...conversations(workspace),
  ...files(workspace),
})

const CONTENT = ['channel', 'text', 'blocks']

const chat = (workspace: Workspace): Methods => ({
  'chat.postMessage': {
    ...{ limit: RATES.posts, scopes: ['chat:write'] },
    takes: [
      ...CONTENT,
      ...['metadata', 'thread_ts', 'reply_broadcast', 'unfurl_links', 'unfurl_media'],
    ],
    run: (given) => post(workspace, given),
  },
  'chat.postEphemeral': {
    ...{ limit: RATES.tier4, scopes: ['chat:write'] },
    takes: [...CONTENT, 'user', 'thread_ts'],
    run: (given) => postEphemeral(workspace, given),
  },
  'chat.update': {
    ...{ limit: RATES.tier3, scopes: ['chat:write'] },
    takes: [...CONTENT, 'ts', 'metadata', 'reply_broadcast'],
    run: (given) => {
      const { channels, messages } = workspace
      const channel = channels.byId(required(given, 'channel'))
      const message = named(messages, channel, given)
      if (channel.archived) throw new SlackError('is_inactive')
      messages.update(message, given)
      const { channelId, ts, text } = message
      return { channel: channelId, ts, text, message: shown(message) }
    },
  },
  'chat.delete': {
    ...{ limit: RATES.tier3, scopes: ['chat:write'], takes: ['channel', 'ts'] },
    run: (given) => {
      const { channels, messages } = workspace
      const message = named(messages, channels.byId(required(given, 'channel')), given)
      messages.remove(message, 'bot')
      return { channel: message.channelId, ts: message.ts }
    },
  },
})

const conversations = ({ app, channels, messages }: Workspace): Methods => ({
  'conversations.list': {
    ...{ limit: RATES.tier2, scopes: [] },
    takes: ['limit', 'types', 'exclude_archived', 'cursor'],
    run: (given) => {
      const types = (given.types ?? 'public_channel').split(',').map((type) => type.trim())
      app.need(types.map((type) => (type === 'private_channel' ? 'groups:read' : 'channels:read')))
      const archived = given.exclude_archived !== 'true'
      const { items, next } = page(channels.list({ types, archived }), given, 100)
      return { channels: items, response_metadata: { next_cursor: next } }
    },
  },
  'conversations.info': {
    ...{ limit: RATES.tier3, scopes: [], takes: ['channel'] },
    run: (given) => {
      const channel = channels.byId(required(given, 'channel'))
      app.need([channel.private ? 'groups:read' : 'channels:read'])
      return { channel: shownChannel(channel) }
    },
  },
  'conversations.history': {
    ...{ limit: RATES.tier3, scopes: [] },
    takes: ['channel', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata', 'cursor'],
    run: (given) => history(channels, messages, given),
  },
  'conversations.replies': {
    ...{ limit: RATES.tier3, scopes: [] },
    takes: [
      ...['channel', 'ts', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata'],
      'cursor',
    ],
    run: (given) => replies(channels, messages, given),
  },
})

const files = ({ files }: Workspace): Methods => ({
  'files.getUploadURLExternal': {
    ...{ limit: RATES.tier4, scopes: ['files:write'], takes: ['filename', 'length', 'alt_txt'] },
    run: (given) => files.begin(given),
  },
  'files.completeUploadExternal': {
    ...{ limit: RATES.tier4, scopes: ['files:write'], takes: ['files'] },
    run: (given) => files.complete(given),
  },
})

function post({ channels, messages, rates }: Workspace, given: Arguments): object {
  const channel = channels.toPostIn(required(given, 'channel'))
  rates.take(`chat.postMessage/${channel.id}`, RATES.channel)
  const message = messages.post(channel, given)
  return { channel: channel.id, ts: message.ts, message: shown(message) }
}

function postEphemeral(workspace: Workspace, given: Arguments): object {
  const { channels, messages, people, rules } = workspace
  const channel = channels.toPostIn(required(given, 'channel'))
  const user = people.find(required(given, 'user'))
  if (user === undefined) throw new SlackError('user_not_in_channel')
  const ts = messages.timestamp()
  const { thread_ts } = given
  people.show(user.id, {
    ...{ kind: 'ephemeral', channel: `#${channel.name}`, ts },
    ...contentOf(given, rules),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  })
  return { message_ts: ts }
}

/** https://docs.slack.dev/reference/methods/blocks.validate */
function validate({ rules }: Workspace, given: Arguments): object {
  const { blocks, message } = given
  if ((blocks === undefined) === (message === undefined)) throw new SlackError('invalid_arguments')
  const errors =
    blocks === undefined
      ? validated(
          (parsed(message ?? '', 'invalid_message') as { blocks?: unknown }).blocks,
          rules,
          '/blocks',
        )
      : validated(parsed(blocks, 'invalid_blocks'), rules, '')
  if (errors.length === 0) return {}
  throw new SlackError(blocks === undefined ? 'invalid_message' : 'invalid_blocks', [], { errors })
}
