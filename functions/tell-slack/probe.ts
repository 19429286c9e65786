import { dateAndTime } from '../../domain/local-time.ts'
import type { SlackState } from '../../domain/table/message.ts'
import { ask, isAboutToken, Later, SlackDown } from './ask.ts'
import { type Context, saysIn } from './context.ts'
import { heldFor } from './held.ts'
import { publish } from './mail.ts'
import { channels } from './message-of-record.ts'
import { enqueue } from './queue.ts'
import { readRecord } from './records.ts'
import { type Release, releaseChannel } from './release.ts'
import { sentenceOf } from './renderers.ts'
import {
  claimTry,
  enter,
  leave,
  NOT_CONNECTED,
  note,
  stateOf,
  TRY_SECONDS,
  waitOf,
} from './state.ts'

/** After so long the fallback speaks; sooner where Slack itself says that it will not get better. */
const FALLBACK_MILLISECONDS = 10 * 60_000
const TOKEN_MILLISECONDS = 5 * 60_000
/** A try that is so late has been lost: somebody begins again. */
const LOST_MILLISECONDS = 10 * 60_000

/** Slack takes nothing: from now on one call a minute tries. */
export async function goDown(context: Context, reason: string): Promise<void> {
  const fresh = await enter(context, reason)
  const { down, now } = context
  if (down === undefined) return
  const lost = now.getTime() - Date.parse(down.until) > LOST_MILLISECONDS + waitOf(down) * 1000
  if (fresh || lost) await enqueue(context, { probe: down.since }, TRY_SECONDS)
}

/**
 * Tries whether Slack takes calls again, by telling what waits. Once it does, everything that waited
 * is told; while it does not, the next try is put into the queue.
 *
 * @param connected whether there is a token.
 * @param atOnce whether it is tried before its time: somebody has just put in a token.
 */
export async function probe(context: Context, connected: boolean, atOnce = false): Promise<void> {
  const state = await stateOf(context)
  context.down = state
  if (state === undefined) return releaseAll(context, undefined)
  // A message of SQS's may come twice, or begin a second row of tries: one a minute is enough.
  if (!atOnce && Date.parse(state.until) > context.now.getTime()) return
  const wait = connected ? TRY_SECONDS : waitOf({ ...state, reason: NOT_CONNECTED })
  if (!(await claimTry(context, state, wait))) return
  const failed = connected ? await attempt(context, state) : NOT_CONNECTED
  if (failed === undefined) {
    await leave(context)
    // What was put aside while this ran.
    return releaseAll(context, state)
  }
  await enqueue(context, { probe: state.since }, wait)
  await speak(context, { ...state, reason: failed })
}

/** @returns why Slack still takes nothing; undefined when it does. */
async function attempt(context: Context, state: SlackState): Promise<string | undefined> {
  try {
    await ask(context, 'auth.test', (slack) => slack.auth.test())
    await releaseAll(context, state)
    return undefined
  } catch (error) {
    if (error instanceof SlackDown) return error.message
    throw error
  }
}

/** What waited for Slack, channel by channel; one that must wait on does not hold up another. */
async function releaseAll(context: Context, state: SlackState | undefined): Promise<void> {
  const { now } = context
  const since = state?.since ?? now.toISOString()
  const folds = state !== undefined && now.getTime() - Date.parse(since) >= FALLBACK_MILLISECONDS
  for (const channel of channels(context))
    await releaseOrWait(context, { channel, because: 'slack', since, folds })
}

/** Releases a channel; what a rate limit keeps back comes again by the queue. */
export async function releaseOrWait(context: Context, release: Release): Promise<void> {
  try {
    await releaseChannel(context, release)
  } catch (error) {
    if (!(error instanceof Later)) throw error
    const { channel, ...rest } = release
    await enqueue(context, { release: channel, ...rest }, error.seconds)
  }
}

/** Tells by e-mail, once, that Slack takes nothing, and what waits. */
async function speak(context: Context, state: SlackState): Promise<void> {
  const { reason, since, toldAt } = state
  const after = isAboutToken(reason) ? TOKEN_MILLISECONDS : FALLBACK_MILLISECONDS
  const due = context.now.getTime() - Date.parse(since) >= after
  if (toldAt !== undefined || !due || reason === NOT_CONNECTED)
    return note(context, state, { reason })
  const says = saysIn(context)
  const from = `${dateAndTime(since, says.timeZone)} ${says.timeZone}`
  const lines: string[] = []
  for (const channel of channels(context)) {
    for (const key of await heldFor(context, channel, 'slack')) {
      const record = await readRecord(context, key)
      if (record !== undefined) lines.push(`${channel}: ${sentenceOf(record, says)}`)
    }
  }
  const about = `${context.catalog.environment}: Slack takes no messages since ${from}; ${lines.length} wait`
  const text = [
    `${about} (${reason}). AWS work goes on; they are told when Slack takes messages again.`,
    'What to do: docs/runbooks/tell-slack-errors.md',
    '',
    ...lines.slice(0, 50),
    ...(lines.length > 50 ? [`… and ${lines.length - 50} more`] : []),
  ]
  await publish(context, about, text.join('\n'))
  await note(context, state, { reason, toldAt: context.now.toISOString() })
}
