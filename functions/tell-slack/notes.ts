import type { Told } from '../../domain/acts/offers.ts'
import type { Note } from '../../domain/table/common.ts'
import { messageKey } from '../../domain/table/keys.ts'
import { updateItem } from '../shared/table/update.ts'
import { ask, Later, SlackDown } from './ask.ts'
import { type Context, keyOf } from './context.ts'
import { find, inThread, metadataOf } from './find.ts'
import { type Message, outside, plain, section } from './markup.ts'
import { LEASE_SECONDS, type Posted } from './place.ts'
import { stands } from './renderers.ts'

const NOTE_CHARACTERS = 1000

/**
 * Posts the notes of a record that are not in its thread yet, each once.
 *
 * @param quiet what notifies waits for the end of the quiet hours.
 * @param late whether it has waited: of what is over by now nobody need be told aloud.
 * @param headline of the record, for a note whose parent somebody has deleted.
 * @returns whether a note waits.
 */
export async function tellNotes(
  context: Context,
  record: Told,
  place: Posted,
  { quiet, late, headline }: { quiet: boolean; late: boolean; headline: string },
): Promise<boolean> {
  const untold = (record.notes ?? []).filter(({ id }) => place.notes?.[id]?.ts === undefined)
  for (const note of untold) {
    if (quiet && note.notifies) continue
    const aloud = note.notifies && (!late || stands(record))
    await tellNote(context, record, place, note, aloud, headline)
  }
  return quiet && untold.some(({ notifies }) => notifies)
}

async function tellNote(
  context: Context,
  record: Told,
  place: Posted,
  note: Note,
  broadcast: boolean,
  headline: string,
): Promise<void> {
  const before = place.notes?.[note.id]?.claimedAt
  const thread = place.thread ?? place.ts
  if (before !== undefined) {
    const left = LEASE_SECONDS - (context.now.getTime() - Date.parse(before)) / 1000
    if (left > 0) throw new Later(left, 'somebody else is posting a note')
    const claimed = { channel: place.channel, claimedAt: before }
    const lost = await find(context, claimed, keyOf(record), { thread, note: note.id })
    if (lost !== undefined) return kept(context, record, note.id, lost.ts)
  }
  if (!(await claimNote(context, record, place, note.id, before))) return
  const { ts = '', message } = await posted(context, record, place, note, broadcast)
  await kept(context, record, note.id, ts)
  if ((message as { thread_ts?: string } | undefined)?.thread_ts !== undefined) return
  // The parent was deleted, and Slack has put the reply into the channel: it must say what it is about.
  const standing = said(`${plain(headline)}: ${outside(note.text, NOTE_CHARACTERS)}`)
  await ask(context, 'chat.update', (slack) =>
    slack.chat.update({ channel: place.channel, ts, ...standing }),
  )
}

const said = (text: string): Message => ({ text: plain(text), blocks: [section(text)] })

async function posted(
  context: Context,
  record: Told,
  place: Posted,
  note: Note,
  broadcast: boolean,
) {
  try {
    return await ask(context, 'chat.postMessage', (slack) =>
      slack.chat.postMessage({
        channel: place.channel,
        ...inThread(place.thread ?? place.ts, broadcast),
        ...said(outside(note.text, NOTE_CHARACTERS)),
        metadata: metadataOf(keyOf(record), note.id),
        unfurl_links: false,
      }),
    )
  } catch (error) {
    if (!(error instanceof SlackDown && error.unsure)) await unclaim(context, record, note.id)
    throw error
  }
}

const KEYED = { '#notes': 'notes' }

/** @returns whether it is ours to post. */
async function claimNote(
  { table, now }: Context,
  record: Told,
  place: Posted,
  id: string,
  before: string | undefined,
): Promise<boolean> {
  const key = messageKey(record)
  if (place.notes === undefined) {
    // A message of the version before has no notes yet.
    await updateItem(table, {
      key,
      expression: 'SET #notes = :none',
      condition: 'attribute_exists(pk) AND attribute_not_exists(#notes)',
      names: KEYED,
      values: { ':none': {} },
    })
  }
  return updateItem(table, {
    key,
    expression: 'SET #notes.#id = :claim',
    condition:
      before === undefined ? 'attribute_not_exists(#notes.#id)' : '#notes.#id.claimedAt = :before',
    names: { ...KEYED, '#id': id },
    values: {
      ':claim': { claimedAt: now.toISOString() },
      ...(before === undefined ? {} : { ':before': before }),
    },
  })
}

async function kept({ table }: Context, record: Told, id: string, ts: string): Promise<void> {
  await updateItem(table, {
    key: messageKey(record),
    expression: 'SET #notes.#id.ts = :ts',
    condition: 'attribute_exists(#notes.#id)',
    names: { ...KEYED, '#id': id },
    values: { ':ts': ts },
  })
}

async function unclaim({ table }: Context, record: Told, id: string): Promise<void> {
  await updateItem(table, {
    key: messageKey(record),
    expression: 'REMOVE #notes.#id',
    condition: 'attribute_exists(#notes.#id) AND attribute_not_exists(#notes.#id.ts)',
    names: { ...KEYED, '#id': id },
  })
}
