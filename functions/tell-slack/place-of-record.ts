import type { Told } from '../../domain/acts/offers.ts'
import { shortDigest } from '../../domain/image.ts'
import type { MessagePlace } from '../../domain/table/message.ts'
import { ask, Later, Refused } from './ask.ts'
import { type Context, keyOf } from './context.ts'
import { literal } from './markup.ts'
import { channelsOf, messageOf } from './message-of-record.ts'
import { makeIntents, offered } from './offers.ts'
import { hashOf, isPosted, keep, keepSaid, leased, type Posted, placeOf } from './place.ts'
import { postOnce, type Target } from './post.ts'
import { readRecord } from './records.ts'
import { forgetChannel, isAboutChannel, noteChannel, wrongChannel } from './refusals.ts'
import { isTold } from './renderers.ts'

/**
 * Posts the message of a record: in the thread it names, else in its team's channel, else, where that
 * takes nothing, in the default channel with a line that says so.
 *
 * @throws Later, SlackDown; Refused when no channel takes it.
 */
export async function postRecord(
  context: Context,
  record: Told,
  found: MessagePlace | undefined,
  tellParent: (parent: Told) => Promise<unknown>,
): Promise<Posted> {
  const parent = await parentOf(context, record, tellParent)
  const [own, fallback] = channelsOf(context, record)
  const target: Target = parent ?? { channel: own }
  try {
    const place = await posted(context, record, target, found, found?.heading)
    if (parent === undefined) await forgetChannel(context, own)
    else if (place.thread === undefined) return await standAlone(context, record, place)
    return place
  } catch (error) {
    if (!(error instanceof Refused) || !isAboutChannel(error.code)) throw error
    return elsewhere(context, record, { ...{ refused: target.channel, fallback }, error })
  }
}

async function posted(
  context: Context,
  record: Told,
  target: Target,
  found: MessagePlace | undefined,
  heading: string | undefined,
): Promise<Posted> {
  const offers = await offered(context, record, found)
  await makeIntents(context, keyOf(record), offers)
  const message = messageOf(context, record, { heading: heading ?? '' }, offers)
  const post = { message, heading, offers: offers.ids }
  return postOnce(context, keyOf(record), target, found, post)
}

/** The channel takes nothing: the default channel does, or nobody in Slack hears of it. */
async function elsewhere(
  context: Context,
  record: Told,
  { refused, fallback, error }: { refused: string; fallback: string; error: Refused },
): Promise<Posted> {
  if (refused !== fallback) {
    await noteChannel(context, refused, error.code)
    const free = await placeOf(context, keyOf(record))
    try {
      return await posted(
        context,
        record,
        { channel: fallback },
        free,
        wrongChannel(refused, error.code),
      )
    } catch (second) {
      if (!(second instanceof Refused)) throw second
    }
  }
  throw error
}

/**
 * The place of the message in whose thread a record is told. One that is not told yet is told first.
 *
 * @returns undefined when there is none: then the record stands by itself.
 */
async function parentOf(
  context: Context,
  { thread }: Told,
  tellParent: (parent: Told) => Promise<unknown>,
): Promise<Target | undefined> {
  if (thread === undefined) return undefined
  const place = await placeOf(context, thread)
  if (isPosted(place)) return parentAt(place)
  if (place !== undefined && leased(place, context.now) > 0)
    throw new Later(5, 'the message above it is being posted')
  const parent = await readRecord(context, thread)
  // One level: what is told in a thread has no thread of its own.
  if (parent === undefined || parent.thread !== undefined || !isTold(parent)) return undefined
  await tellParent(parent)
  const told = await placeOf(context, thread)
  return isPosted(told) ? parentAt(told) : undefined
}

const parentAt = ({ gone, channel, thread, ts }: Posted): Target | undefined =>
  gone === true ? undefined : { channel, thread: thread ?? ts }

/**
 * Somebody deleted the parent: Slack has put the reply into the channel without an error. It is
 * edited to stand by itself, and nothing more is told below the one that is gone.
 */
async function standAlone(context: Context, record: Told, place: Posted): Promise<Posted> {
  if (record.thread !== undefined) await keep(context, record.thread, { gone: true })
  const heading = `The message of ${aboutThread(record)} was deleted; this stands by itself.`
  const offers = await offered(context, record, place)
  const message = messageOf(context, record, { heading }, offers)
  const { channel, ts } = place
  await ask(context, 'chat.update', (slack) => slack.chat.update({ channel, ts, ...message }))
  const said = hashOf(message)
  await keep(context, keyOf(record), { heading })
  await keepSaid(context, keyOf(record), said)
  return { ...place, heading, said }
}

/** `the deployment of web 9f3c` */
function aboutThread(record: Told): string {
  if (record.kind !== 'alarm' || record.detail.suspect === undefined) return 'what this belongs to'
  const { service, suspect } = record.detail
  return `the deployment of ${literal(service ?? '')} \`${shortDigest(suspect.digest)}\` (${literal(suspect.tag)})`
}
