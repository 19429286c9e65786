import { slackKey } from '../../domain/table/keys.ts'
import type { SlackState } from '../../domain/table/message.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { deleteItem } from '../shared/table/delete.ts'
import { getItems } from '../shared/table/get.ts'
import { claimItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Context } from './context.ts'

/** While Slack takes nothing, one call a minute tries. */
export const TRY_SECONDS = 60

/** The state's reason while there is no token: nobody wants Slack yet, or somebody took it away. */
export const NOT_CONNECTED = 'not connected'
/**
 * A secret is read again after so long: a call for it costs, and an environment may never be
 * connected. Below the age at which the queue's alarm is raised.
 */
export const CONNECT_SECONDS = 300

export const waitOf = ({ reason }: SlackState): number =>
  reason === NOT_CONNECTED ? CONNECT_SECONDS : TRY_SECONDS

const later = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString()

export async function stateOf({ table }: Pick<Context, 'table'>): Promise<SlackState | undefined> {
  const [item] = await getItems(table, [slackKey])
  return item && readItem('slack', item)
}

/** Notes that Slack takes nothing. @returns whether that is new. */
export async function enter(context: Context, reason: string): Promise<boolean> {
  const { table, now } = context
  const state: SlackState = {
    version: VERSION,
    since: now.toISOString(),
    until: later(now, TRY_SECONDS),
    reason,
  }
  const found = await claimItem(table, { ...slackKey, ...state })
  context.down = found === undefined ? state : readItem('slack', found)
  return found === undefined
}

/** Claims the next try. @returns false when somebody else has it, or has had it. */
export function claimTry({ table, now }: Context, { since, until }: SlackState, seconds: number) {
  return updateItem(table, {
    key: slackKey,
    expression: 'SET #until = :next',
    condition: '#since = :since AND #until = :until',
    names: { '#until': 'until', '#since': 'since' },
    values: { ':next': later(now, seconds), ':since': since, ':until': until },
  })
}

/** Why it takes nothing now, and that the fallback has spoken. */
export async function note(
  { table }: Context,
  { since }: SlackState,
  change: { reason: string; toldAt?: string | undefined },
): Promise<void> {
  await updateItem(table, {
    key: slackKey,
    expression: `SET reason = :reason${change.toldAt === undefined ? '' : ', toldAt = :told'}`,
    condition: '#since = :since',
    names: { '#since': 'since' },
    values: {
      ':reason': change.reason,
      ':since': since,
      ...(change.toldAt === undefined ? {} : { ':told': change.toldAt }),
    },
  })
}

/** Slack takes calls again. */
export async function leave(context: Context): Promise<void> {
  const { table } = context
  await deleteItem(table, slackKey)
  context.down = undefined
}
