import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { failureKey, refusalsKey } from '../../domain/table/keys.ts'
import { type SlackRefusals, slackRefusals } from '../../domain/table/message.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { putItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Context } from './context.ts'

/** Slack's words for a channel in which the bot cannot post, and what a person can do. */
const CHANNELS: Record<string, string> = {
  channel_not_found:
    'which Slack does not show me: it is private without me, renamed or misspelt; `/invite @caretaker` there, or correct it in catalog/environment.yaml',
  not_in_channel: 'of which I am no member; `/invite @caretaker` there',
  is_archived:
    'which is archived; take it out of the archive, or name another one in catalog/environment.yaml',
}
for (const code of ['restricted_action', 'restricted_action_read_only_channel'])
  CHANNELS[code] = 'where the workspace does not let me write; allow it in the channel’s settings'

export const isAboutChannel = (code: string): boolean => Object.hasOwn(CHANNELS, code)

/** What is said above a message that had to go to another channel. */
export const wrongChannel = (channel: string, code: string): string =>
  `:warning: For ${channel}, ${CHANNELS[code] ?? `where Slack says ${code}`}.`

/** What is known of Slack's refusals; a first write makes the item. */
export const refusalsOf = (item: Record<string, unknown> | undefined): SlackRefusals =>
  slackRefusals.parse(item ?? {})

/** Makes the item whose members are set one by one. */
async function ready(table: Table): Promise<void> {
  const item = { ...refusalsKey, version: VERSION, methods: {}, channels: {} }
  await putItem(table, { item, condition: 'attribute_not_exists(pk)' })
}

async function set(table: Table, expression: string, more: Parameters<typeof updateItem>[1]) {
  const update = { ...more, key: refusalsKey, expression }
  if (await updateItem(table, { ...update, condition: more.condition ?? 'attribute_exists(pk)' }))
    return true
  await ready(table)
  return updateItem(table, { ...update, condition: more.condition ?? 'attribute_exists(pk)' })
}

/** Nobody calls this method before then. */
export async function noteLimit(
  table: Table,
  refusals: SlackRefusals,
  method: string,
  until: string,
): Promise<void> {
  refusals.methods[method] = until
  await set(table, 'SET methods.#name = :until', {
    ...{ key: refusalsKey, expression: '' },
    names: { '#name': method },
    values: { ':until': until },
  })
}

/** The workspace takes no chart as a block: the next alarm does not try it first. */
export async function noteCharts({ table, refusals, now }: Context): Promise<void> {
  refusals.charts = now.toISOString()
  await set(table, 'SET charts = :at', {
    ...{ key: refusalsKey, expression: '' },
    values: { ':at': refusals.charts },
  })
}

/**
 * A channel takes nothing. The first time on a day that is a failure of its own, told in the default
 * channel: one per channel and day, not one per notice.
 */
export async function noteChannel(context: Context, channel: string, code: string): Promise<void> {
  const { table, refusals, now } = context
  const noted = `${code} ${now.toISOString().slice(0, 10)}`
  if (refusals.channels[channel] === noted) return
  refusals.channels[channel] = noted
  const first = await set(table, 'SET channels.#name = :noted', {
    ...{ key: refusalsKey, expression: '' },
    condition:
      'attribute_exists(pk) AND (attribute_not_exists(channels.#name) OR channels.#name <> :noted)',
    names: { '#name': channel },
    values: { ':noted': noted },
  })
  if (!first) return
  await putItem(table, {
    item: {
      ...failureKey(instant(now), `slack-channel-${channel}`),
      ...{ version: VERSION, kind: 'failure', verdict: 'failed', owner: '', at: instant(now) },
      subject: `Slack channel ${channel}`,
      reason:
        `Notices for ${channel} are in this channel until it is mended: ${CHANNELS[code]}`.replaceAll(
          '`',
          '',
        ),
      execution: '',
      detail: { arn: '', error: code, runbook: 'tell-slack-errors' },
      expires: epochSeconds(now) + KEPT_SECONDS,
    },
  })
}

/** A channel that took nothing takes messages again. */
export async function forgetChannel({ table, refusals }: Context, channel: string): Promise<void> {
  if (refusals.channels[channel] === undefined) return
  delete refusals.channels[channel]
  await updateItem(table, {
    key: refusalsKey,
    expression: 'REMOVE channels.#name',
    condition: 'attribute_exists(pk)',
    names: { '#name': channel },
  })
}
