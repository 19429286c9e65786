import type { Told } from '../../domain/acts/offers.ts'
import { dateAndTime } from '../../domain/local-time.ts'
import { type Key, summaryKey } from '../../domain/table/keys.ts'
import type { HeldMessage, MessagePlace } from '../../domain/table/message.ts'
import { Refused } from './ask.ts'
import { type Context, keyOf, saysIn } from './context.ts'
import { heldFor, unhold } from './held.ts'
import { footer, type Message, plain, section } from './markup.ts'
import { channelIsQuiet, mainChannel, quietHoursOf } from './message-of-record.ts'
import { fold, isPosted, leased, placeOf, release as releaseClaim } from './place.ts'
import { lookFor, postOnce } from './post.ts'
import { readRecord } from './records.ts'
import { isTold, lineOf, stands } from './renderers.ts'
import { tellFresh, tellRecord } from './tell.ts'

/** What is released: since when it waited names its one summary. */
export type Release = {
  channel: string
  because: HeldMessage['because']
  since: string
  /** Whether what is over is a line in a summary; after a short while each has its own message. */
  folds: boolean
}

type Waited = { record: Told; place: MessagePlace | undefined }

/**
 * Tells what waited for a channel: one summary of what is over by now, and what still stands as a
 * message of its own. Told again after a death in between, nothing is said twice: a record is marked
 * as a line of the summary before that is posted.
 *
 * @throws Later, SlackDown: what is left waits on.
 */
export async function releaseChannel(context: Context, release: Release): Promise<void> {
  const { channel, because } = release
  const keys = await heldFor(context, channel, because)
  if (keys.length === 0) return
  const waited: Waited[] = []
  for (const key of keys) {
    const record = await readRecord(context, key)
    if (record === undefined || !isTold(record)) await unhold(context, channel, key)
    else waited.push({ record, place: await found(context, record) })
  }
  // At night what waited for Slack waits on, for the morning.
  const aloud = because === 'quiet' || !channelIsQuiet(context, channel)
  const folded = release.folds && aloud ? await summarize(context, release, waited) : new Set()
  for (const { record } of waited.filter((one) => !folded.has(one.record))) {
    const done = await tellFresh(context, keyOf(record), (now) =>
      tellRecord(context, now, { released: aloud }),
    )
    if (done !== 'held' || record.held !== undefined) await unhold(context, channel, record)
  }
  for (const { record } of waited.filter((one) => folded.has(one.record)))
    await unhold(context, channel, record)
}

/**
 * Where the message of a record is. A claim whose answer was lost is looked for: what is not there is
 * free.
 */
async function found(context: Context, record: Told): Promise<MessagePlace | undefined> {
  const key = keyOf(record)
  const place = await placeOf(context, key)
  if (place === undefined || isPosted(place) || place.free === true) return place
  if (leased(place, context.now) > 0 || record.thread !== undefined) return place
  const lost = await lookFor(context, key, place, { channel: place.channel })
  if (lost !== undefined) return { ...place, ...lost }
  await releaseClaim(context, key, place)
  return { ...place, free: true }
}

/** @returns the records that are lines of the summary. */
async function summarize(
  context: Context,
  release: Release,
  waited: readonly Waited[],
): Promise<Set<Told>> {
  const { channel, because, since } = release
  const name = `${because}#${since}`
  const key = summaryKey(channel, name)
  const summary = await placeOf(context, key)
  const lines: Waited[] = []
  for (const one of waited) {
    const { record, place } = one
    const isLine =
      place?.folded === undefined
        ? !isPosted(summary) &&
          isOverUnsaid(record, place) &&
          (await fold(context, keyOf(record), { channel, summary: name }, place))
        : place.folded === name
    if (isLine) lines.push(one)
  }
  if (lines.length === 0) return new Set()
  const own = waited.filter((one) => !lines.includes(one) && !isPosted(one.place))
  if (!isPosted(summary)) await postSummary(context, key, release, lines, own.length)
  return new Set(lines.map(({ record }) => record))
}

/** Over, and nothing of it was ever posted; a claim that nobody knows of is looked for instead. */
const isOverUnsaid = (record: Told, place: MessagePlace | undefined): boolean =>
  !stands(record) &&
  record.held === undefined &&
  (place === undefined || (!isPosted(place) && place.free === true))

async function postSummary(
  context: Context,
  key: Key,
  release: Release,
  lines: readonly Waited[],
  rest: number,
): Promise<void> {
  const message = summaryOf(context, release, lines, rest)
  const post = { message }
  try {
    await postOnce(context, key, { channel: release.channel }, await placeOf(context, key), post)
  } catch (error) {
    // The channel takes nothing: the default channel does.
    const main = mainChannel(context)
    if (!(error instanceof Refused) || main === release.channel) throw error
    await postOnce(context, key, { channel: main }, await placeOf(context, key), post)
  }
}

/** Lines of a summary, at most; Slack takes 3,000 characters in a section. */
const LINES = 25
const CHARACTERS = 2600

function summaryOf(
  context: Context,
  { channel, because, since }: Release,
  lines: readonly Waited[],
  /** Messages of their own that follow. */
  rest: number,
): Message {
  const { timeZone } = saysIn(context)
  const [from, to] = [since, context.now.toISOString()].map((at) => dateAndTime(at, timeZone))
  const headline =
    because === 'quiet'
      ? `:sunrise: Quiet hours ${quietHoursOf(context, channel)} (${timeZone}) are over`
      : `:electric_plug: Slack took no messages from ${from} to ${to} ${timeZone}`
  const what = `${lines.length} ${lines.length === 1 ? 'thing is' : 'things are'} over by now${rest > 0 ? `, ${rest} more below` : ''}`
  const said: string[] = []
  for (const { record } of lines.slice(0, LINES)) {
    const line = `• ${lineOf(record, saysIn(context))}`
    if (said.join('\n').length + line.length > CHARACTERS) break
    said.push(line)
  }
  if (said.length < lines.length) said.push(`… and ${lines.length - said.length} more`)
  return {
    text: [headline, what, ...said].map(plain).join('. ').slice(0, 3900),
    blocks: [
      section(`${headline}. ${what}:`),
      section(said.join('\n')),
      footer('What still stands has a message of its own.'),
    ],
  }
}
