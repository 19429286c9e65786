import type { Told } from '../../domain/acts/offers.ts'
import type { Key } from '../../domain/table/keys.ts'
import type { MessagePlace } from '../../domain/table/message.ts'
import { updateItem } from '../shared/table/update.ts'
import { ask, Later, Refused } from './ask.ts'
import { type Context, keyOf, nameOf, saysIn } from './context.ts'
import { hold } from './held.ts'
import { mail } from './mail.ts'
import type { Known } from './memory.ts'
import { isQuiet, messageOf } from './message-of-record.ts'
import { tellNotes } from './notes.ts'
import { makeIntents, offered } from './offers.ts'
import { hashOf, isPosted, keep, keepSaid, type Posted, placeOf } from './place.ts'
import { postRecord } from './place-of-record.ts'
import { enqueue } from './queue.ts'
import { readRecord } from './records.ts'
import { noteCharts } from './refusals.ts'
import { isTold, lineOf, stands } from './renderers.ts'

export type Done = 'posted' | 'edited' | 'unchanged' | 'held' | 'not told' | 'refused'

/** Seconds after the words until the chart comes: CloudWatch has the last values by then. */
const CHART_SECONDS = 5

/**
 * Brings the one message of a record into step with it, and its notes into its thread.
 *
 * @param released whether quiet hours do not matter: they are over, or the record waited for Slack.
 * @param known what need not be read of its message.
 * @throws Later, SlackDown; Refused never: that is noted on the record.
 */
export async function tellRecord(
  context: Context,
  record: Told,
  { released = false, known }: { released?: boolean; known?: Known | undefined } = {},
): Promise<Done> {
  if (!isTold(record)) return 'not told'
  const place = known?.message ? known.message.place : await placeOf(context, keyOf(record))
  if (place?.gone === true && !stands(record)) return 'unchanged'
  const quiet = released ? false : isQuiet(context, record)
  if (!isPosted(place)) {
    if (record.held !== undefined) return 'held'
    // It was a line in a summary, and is over still.
    if (place?.folded !== undefined && place.free === true && !stands(record)) return 'unchanged'
    if (quiet) {
      await hold(context, record, 'quiet')
      return 'held'
    }
  }
  try {
    const { at, done } = isPosted(place)
      ? await edit(context, record, place)
      : await first(context, record, place)
    const headline = lineOf(record, saysIn(context))
    const how = { quiet, late: released, headline }
    const waits = at !== undefined && (await tellNotes(context, record, at, how))
    if (at !== undefined) known?.keep(at)
    if (!waits) return done
    await hold(context, record, 'quiet')
    return 'held'
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const isNew = await noteRefusal(context, record, place?.channel ?? '', error.code)
    // Somebody has deleted the message of what is over: the record says so, and nobody need know.
    if (!isNew || error.code === 'message_not_found') return 'unchanged'
    context.refused.push(`${nameOf(record)} (${error.code})`)
    await mail(context, record, `Slack refuses its message (${error.code})`)
    return 'refused'
  }
}

/** Times that a record is told again because it has changed meanwhile. */
const TIMES = 3

/**
 * Tells a record as it stands now, for whatever does not come from the stream: that tells each change
 * in its order, and must not be overtaken by what was read before.
 */
export async function tellFresh(
  context: Context,
  key: Key,
  tell: (record: Told) => Promise<Done | 'waits'>,
): Promise<Done | 'waits'> {
  let record = await readRecord(context, key)
  let done: Done | 'waits' = 'not told'
  for (let time = 0; time < TIMES && record !== undefined; time++) {
    done = await tell(record)
    const now = await readRecord(context, key)
    if (JSON.stringify(now) === JSON.stringify(record)) return done
    record = now
  }
  return done
}

type Outcome = { at: Posted | undefined; done: Done }

async function first(
  context: Context,
  record: Told,
  found: MessagePlace | undefined,
): Promise<Outcome> {
  const place = await postRecord(context, record, found, (parent) => tellRecord(context, parent))
  if (wantsChart(record))
    await enqueue(context, { ...keyOf(record), chart: chartKind(context) }, CHART_SECONDS)
  return { at: place, done: 'posted' }
}

const wantsChart = (record: Told): boolean =>
  record.kind === 'alarm' && stands(record) && record.detail.metric !== undefined

export const chartKind = ({ refusals }: Context): 'block' | 'picture' =>
  refusals.charts === undefined ? 'block' : 'picture'

async function edit(context: Context, record: Told, place: Posted): Promise<Outcome> {
  const offers = await offered(context, record, place)
  const message = messageOf(context, record, place, offers)
  const said = hashOf(message)
  if (said === place.said) return { at: place, done: 'unchanged' }
  const { channel, ts } = place
  if (!(await makeIntents(context, keyOf(record), offers, place)))
    throw new Later(1, 'somebody else makes its buttons')
  try {
    await ask(context, 'chat.update', (slack) => slack.chat.update({ channel, ts, ...message }))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return refusedEdit(context, record, place, error)
  }
  await keepSaid(context, keyOf(record), said)
  return { at: { ...place, said, offers: offers.ids }, done: 'edited' }
}

/** An edit that fails for good never becomes a new message by itself, but for one that is gone. */
async function refusedEdit(
  context: Context,
  record: Told,
  place: Posted,
  error: Refused,
): Promise<Outcome> {
  const key = keyOf(record)
  if (error.code === 'message_not_found') {
    if (!stands(record)) {
      await keep(context, key, { gone: true })
      throw error
    }
    const heading = 'The earlier message about this was deleted.'
    const found = { ...place, heading, chart: '' }
    const at = await postRecord(context, record, found, (parent) => tellRecord(context, parent))
    return { at, done: 'posted' }
  }
  if (error.code !== 'invalid_blocks' || !place.chart) throw error
  // Without the chart, at once: what the message says matters more.
  const isBlock = place.chart.includes('"data_visualization"')
  if (isBlock) await noteCharts(context)
  await keep(context, key, { chart: '' })
  const again = await edit(context, record, { ...place, chart: '' })
  if (isBlock) await enqueue(context, { ...key, chart: 'picture' }, 1)
  return again
}

/** @returns whether it was not noted before. */
function noteRefusal(
  { table, now }: Context,
  record: Told,
  channel: string,
  error: string,
): Promise<boolean> {
  return updateItem(table, {
    key: keyOf(record),
    expression: 'SET refused = :refused',
    condition: 'attribute_exists(pk) AND attribute_not_exists(refused)',
    values: { ':refused': { channel, error, at: now.toISOString() } },
  })
}
