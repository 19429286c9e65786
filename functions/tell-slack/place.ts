import { createHash } from 'node:crypto'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { type Key, messageKey, ROLL_OUT } from '../../domain/table/keys.ts'
import type { MessagePlace } from '../../domain/table/message.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import { getItems } from '../shared/table/get.ts'
import { claimItem } from '../shared/table/put.ts'
import { updateItem } from '../shared/table/update.ts'
import type { Context } from './context.ts'
import type { Message } from './markup.ts'

/**
 * Where the message of a record is, kept beside the record. A claim without a message belongs to
 * whoever made it for as long as a function can run; after that somebody else may look whether the
 * message is there, and post it if it is not.
 */

/** Longer than the function may run (`infra/control-plane/notices.ts`). */
export const LEASE_SECONDS = 50

/** A message's place in Slack, whole. */
export type Posted = MessagePlace & { ts: string }

export const isPosted = (place: MessagePlace | undefined): place is Posted =>
  place?.ts !== undefined

export async function placeOf({ table }: Context, key: Key): Promise<MessagePlace | undefined> {
  const [item] = await getItems(table, [messageKey(key)])
  const place = item && readItem('message', item)
  // Of a version that kept what a roll-out's message said.
  return place && !keepsSaid(key) ? { ...place, said: undefined } : place
}

/**
 * Whether it is kept what a message said. Not of a roll-out: its record changes a few times, and each
 * time its message does.
 */
export const keepsSaid = ({ sk }: Key): boolean => !sk.startsWith(ROLL_OUT)

export async function keepSaid(context: Context, key: Key, said: string): Promise<void> {
  if (keepsSaid(key)) await keep(context, key, { said })
}

/** Seconds that a claim without a message is still its maker's; 0 when it may be taken. */
export function leased({ claimedAt, free }: MessagePlace, now: Date): number {
  if (free === true) return 0
  const age = (now.getTime() - Date.parse(claimedAt)) / 1000
  return Math.max(0, Math.ceil(LEASE_SECONDS - age))
}

/** What a claim may bring with it. */
type Brought = Pick<MessagePlace, 'offers' | 'heading'>

/**
 * Claims the place of a record's message: it is ours to post from here on.
 *
 * @param found the place as it was read, undefined for none.
 * @returns the claim; undefined when somebody else was faster.
 */
export async function claim(
  context: Context,
  key: Key,
  channel: string,
  found: MessagePlace | undefined,
  brought: Brought,
): Promise<MessagePlace | undefined> {
  const { table, now } = context
  const place: MessagePlace = {
    version: VERSION,
    channel,
    claimedAt: now.toISOString(),
    notes: found?.notes ?? {},
    ...(brought.offers && { offers: brought.offers }),
    ...(brought.heading === undefined ? {} : { heading: brought.heading }),
  }
  if (found === undefined) {
    const expires = epochSeconds(now) + KEPT_SECONDS
    const other = await claimItem(table, { ...messageKey(key), ...place, expires })
    return other === undefined ? place : undefined
  }
  const taken = await updateItem(table, {
    key: messageKey(key),
    expression:
      'SET channel = :channel, claimedAt = :now, notes = :notes, offers = :offers, heading = :heading REMOVE ts, #free, thread, said',
    condition: 'claimedAt = :before AND (attribute_not_exists(ts) OR ts = :ts)',
    names: { '#free': 'free' },
    values: {
      ...{ ':channel': channel, ':now': place.claimedAt, ':before': found.claimedAt },
      ...{ ':notes': place.notes, ':offers': place.offers ?? {}, ':ts': found.ts ?? '' },
      ':heading': place.heading ?? '',
    },
  })
  return taken ? place : undefined
}

/** Gives a claim back: nothing was posted, whoever comes next need not look for it. */
export async function release({ table }: Context, key: Key, claimed: MessagePlace): Promise<void> {
  await updateItem(table, {
    key: messageKey(key),
    expression: 'SET #free = :true',
    condition: 'claimedAt = :mine AND attribute_not_exists(ts)',
    names: { '#free': 'free' },
    values: { ':true': true, ':mine': claimed.claimedAt },
  })
}

/**
 * Makes a record a line of a summary, in place of a message of its own.
 *
 * @param found the place as it was read, undefined for none; nothing may have been posted there.
 * @returns false when somebody else has claimed the place meanwhile: it has, or gets, its own message.
 */
export async function fold(
  { table, now }: Context,
  key: Key,
  { channel, summary }: { channel: string; summary: string },
  found: MessagePlace | undefined,
): Promise<boolean> {
  const claimedAt = now.toISOString()
  if (found === undefined) {
    const place: MessagePlace = { version: VERSION, channel, claimedAt, notes: {} }
    const expires = epochSeconds(now) + KEPT_SECONDS
    const item = { ...messageKey(key), ...place, free: true, folded: summary, expires }
    return (await claimItem(table, item)) === undefined
  }
  return updateItem(table, {
    key: messageKey(key),
    // A claim of its own, so that whoever has read the place before does not get it.
    expression: 'SET folded = :summary, claimedAt = :now',
    condition: 'claimedAt = :before AND #free = :true AND attribute_not_exists(ts)',
    names: { '#free': 'free' },
    values: {
      ...{ ':summary': summary, ':now': claimedAt },
      ...{ ':before': found.claimedAt, ':true': true },
    },
  })
}

/** Notes what became of the message; members that are undefined are left as they are. */
export async function keep(
  { table }: Context,
  key: Key,
  change: Partial<Omit<MessagePlace, 'version' | 'notes'>>,
): Promise<void> {
  const members = Object.entries(change).filter(([, value]) => value !== undefined)
  await updateItem(table, {
    key: messageKey(key),
    expression: `SET ${members.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    condition: 'attribute_exists(pk)',
    names: Object.fromEntries(members.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(members.map(([name, value]) => [`:${name}`, value])),
  })
}

/** Tells two messages apart without keeping them. */
export const hashOf = (message: Message): string =>
  createHash('sha256').update(JSON.stringify(message)).digest('base64url').slice(0, 22)
