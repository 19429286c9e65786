import type { Key } from '../../domain/table/keys.ts'
import type { MessagePlace } from '../../domain/table/message.ts'
import { updateItem } from '../shared/table/update.ts'
import { ask, Later, Refused, SlackDown } from './ask.ts'
import type { Context } from './context.ts'
import { find, inThread, metadataOf } from './find.ts'
import type { Message } from './markup.ts'
import {
  claim,
  hashOf,
  isPosted,
  keep,
  keepSaid,
  keepsSaid,
  leased,
  type Posted,
  release,
} from './place.ts'

/** Where a message goes: a channel, and the parent of its thread. */
export type Target = { channel: string; thread?: string | undefined }

/** Seconds until a channel that could not be read is looked at again. */
const UNREADABLE_SECONDS = 300

/** What is posted: the message, and what is kept of it from the claim on. */
type Post = {
  message: Message
  offers?: Record<string, string> | undefined
  heading?: string | undefined
}

/**
 * Posts the message of a key, once: it is claimed before, and if the answer to an earlier post was
 * lost, Slack is searched for it first.
 *
 * @param found its place as it was read.
 * @returns its place.
 * @throws Later while somebody else's claim holds or nobody can know; SlackDown; Refused.
 */
export async function postOnce(
  context: Context,
  key: Key,
  target: Target,
  found: MessagePlace | undefined,
  { message, offers, heading }: Post,
): Promise<Posted> {
  if (found !== undefined && !isPosted(found) && found.free !== true) {
    const left = leased(found, context.now)
    if (left > 0) throw new Later(left, 'somebody else is posting it')
    const lost = await lookFor(context, key, found, target)
    if (lost !== undefined) return edited(context, key, { ...found, ...lost }, message)
  }
  const claimed = await claim(context, key, target.channel, found, { offers, heading })
  if (claimed === undefined) throw new Later(5, 'somebody else was faster')
  const answer = await posted(context, key, target, message, claimed)
  // Slack answers with the channel's id, and an edit must name that.
  const place = {
    channel: answer.channel ?? target.channel,
    ts: answer.ts ?? '',
    thread: (answer.message as { thread_ts?: string } | undefined)?.thread_ts,
    said: hashOf(message),
  }
  await keep(context, key, keepsSaid(key) ? place : { ...place, said: undefined })
  return { ...claimed, ...place }
}

/** A message that was found says what was true when it was posted. */
async function edited(
  context: Context,
  key: Key,
  place: Posted,
  message: Message,
): Promise<Posted> {
  const { channel, ts } = place
  await ask(context, 'chat.update', (slack) => slack.chat.update({ channel, ts, ...message }))
  const said = hashOf(message)
  await keepSaid(context, key, said)
  return { ...place, said }
}

/** One call; what is known not to have been done gives the claim back. */
async function posted(
  context: Context,
  key: Key,
  { channel, thread }: Target,
  message: Message,
  claimed: MessagePlace,
) {
  try {
    return await ask(context, 'chat.postMessage', (slack) =>
      slack.chat.postMessage({
        channel,
        ...message,
        metadata: metadataOf(key),
        unfurl_links: false,
        ...inThread(thread, true),
      }),
    )
  } catch (error) {
    if (!(error instanceof SlackDown && error.unsure)) await release(context, key, claimed)
    throw error
  }
}

/** The message whose answer was lost; where nobody can look, that is said on the record. */
export async function lookFor(
  context: Context,
  key: Key,
  claimed: MessagePlace,
  { thread }: Target,
): Promise<{ channel: string; ts: string; thread: string | undefined } | undefined> {
  try {
    const found = await find(context, claimed, key, { thread })
    if (found === undefined) return undefined
    const place = { channel: found.channel, ts: found.ts, thread: found.thread }
    await keep(context, key, place)
    return place
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    await updateItem(context.table, {
      key,
      expression: 'SET waits = :waits',
      condition: 'attribute_exists(pk) AND attribute_not_exists(waits)',
      values: {
        ':waits': {
          because: `it may have been posted, and the channel cannot be read (${error.code})`,
          at: context.now.toISOString(),
        },
      },
    })
    throw new Later(UNREADABLE_SECONDS, 'the channel cannot be read', { cause: error })
  }
}
