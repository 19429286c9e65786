import type { World } from '../../aws/world.ts'
import { BOT } from './app.ts'
import type { Channel } from './channels.ts'
import { type Control, withIds } from './controls.ts'
import { type Content, type SlackMessage, shown } from './message.ts'
import type { Shown, User } from './people.ts'

/** The deprecated token that stands in every request; the signature has taken its place. */
const VERIFICATION_TOKEN = 'simulated-verification-token'
const TEAM_DOMAIN = 'simulated'

/** The workspace in which something happens. */
export type Here = { world: World; team: string }

type Place = { user: User; channel: Channel; responseUrl: string }

/** Where a press happened: a message as it stood then, or one that only this person sees. */
export type Pressed = { message: SlackMessage; content: Content } | { ephemeral: Shown }

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function blockActions(
  { world, team }: Here,
  { user, channel, responseUrl }: Place,
  pressed: Pressed,
  { action }: Control,
): object {
  const isEphemeral = 'ephemeral' in pressed
  const { ts, thread_ts } = isEphemeral ? pressed.ephemeral : pressed.message
  return {
    type: 'block_actions',
    user: { id: user.id, username: user.name, name: user.name, team_id: team },
    api_app_id: BOT.app,
    token: VERIFICATION_TOKEN,
    container: {
      ...{ type: 'message', message_ts: ts, channel_id: channel.id, is_ephemeral: isEphemeral },
      ...(thread_ts === undefined ? {} : { thread_ts }),
    },
    trigger_id: triggerId(world),
    team: { id: team, domain: TEAM_DOMAIN },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel.id, name: channel.name },
    // A message for one person is not sent along.
    ...(isEphemeral ? {} : { message: withContent(pressed) }),
    state: { values: {} },
    response_url: responseUrl,
    actions: [{ ...action, action_ts: seconds(world.now, 6) }],
  }
}

const withContent = ({ message, content }: Exclude<Pressed, { ephemeral: Shown }>): object =>
  shown({ ...message, text: content.text, blocks: withIds(content.blocks) })

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
export function commandForm(
  { world, team }: Here,
  { user, channel, responseUrl }: Place,
  { command, text }: { command: string; text: string },
): Record<string, string> {
  return {
    token: VERIFICATION_TOKEN,
    team_id: team,
    team_domain: TEAM_DOMAIN,
    channel_id: channel.id,
    channel_name: channel.private ? 'privategroup' : channel.name,
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: BOT.app,
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: triggerId(world),
  }
}

/** Slack asks now and then whether the certificate of a command's address is good. */
export const sslCheckForm = (): Record<string, string> => ({
  ssl_check: '1',
  token: VERIFICATION_TOKEN,
})

export const urlVerification = (challenge: string): object => ({
  ...{ token: VERIFICATION_TOKEN, challenge, type: 'url_verification' },
})

/** https://docs.slack.dev/apis/events-api#callback-field */
export function eventCallback({ world, team }: Here, event: object): object {
  return {
    token: VERIFICATION_TOKEN,
    team_id: team,
    api_app_id: BOT.app,
    event,
    type: 'event_callback',
    event_id: `Ev0${world.random.hex('slack/event', 9).toUpperCase()}`,
    event_time: Math.floor(world.now / 1000),
    authorizations: [
      {
        ...{ enterprise_id: null, team_id: team, user_id: BOT.user, is_bot: true },
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${world.random.hex('slack/event', 16)}`,
  }
}

/** A message of a person's that names the bot. */
export function appMention(
  team: string,
  { user, text, ts, channelId, thread_ts }: SlackMessage,
): object {
  return {
    ...{ type: 'app_mention', user, text, ts, team: team, channel: channelId, event_ts: ts },
    ...(thread_ts === undefined ? {} : { thread_ts }),
  }
}

/** A message that was edited. */
export function messageChanged(world: World, now: SlackMessage, before: Content): object {
  const ts = seconds(world.now, 6)
  return {
    ...{ type: 'message', subtype: 'message_changed', hidden: true, channel_type: 'channel' },
    ...{ channel: now.channelId, ts, event_ts: ts },
    message: { ...shown(now), edited: { user: now.user, ts } },
    previous_message: shown({ ...now, ...before }),
  }
}

const triggerId = (world: World): string =>
  `${world.now}.${world.random.hex('slack/trigger', 12)}.${world.random.hex('slack/trigger', 32)}`

const seconds = (milliseconds: number, digits: number): string =>
  (milliseconds / 1000).toFixed(digits)
