import type { Offer, Verb } from '../../../domain/acts/verbs.ts'
import { KEPT_SECONDS } from '../../../domain/table/common.ts'
import type { Receipt } from '../../../domain/table/intent.ts'
import { type Key, receiptKey } from '../../../domain/table/keys.ts'
import { readItem } from '../../../domain/table/read.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { cut, REASON_CHARACTERS } from '../../../domain/text.ts'
import { epochSeconds } from '../../../domain/time.ts'
import { ASKER_CHARACTERS } from '../roll-out/record.ts'
import { getItems } from '../table/get.ts'
import { putItem } from '../table/put.ts'
import type { Put } from '../table/table.ts'
import type { Acting } from './acting.ts'

/** What was asked for only reads, or is not done: words, and nothing has changed. */
export type Said = {
  outcome: 'read' | 'refused'
  said: string
  /** Something that was named is not there. */
  mistake?: boolean
  /** What is said, for a program to read. */
  data?: Record<string, unknown>
  receipt?: string
  offers?: Offered
}

/** What could be done instead, by whom, and the record that a press on its button is noted on. */
export type Offered = { offers: Offer[]; team: string; record: Key }

/** What would be done. Nothing has been written yet. */
export type Change = {
  outcome: 'done' | 'started'
  /** `<cluster>/<service>`; undefined for an act on the environment, a team or an alarm of neither. */
  service: string | undefined
  subject: string
  from: string
  to: string
  reason: string
  /** The command that undoes it, in words; empty where there is none. */
  undo: string
  /** What is true once it is done. */
  said: string
  /** ISO 8601: until when it holds, if it ends by itself. */
  until?: string
  /**
   * Does it, and writes the receipt, with it where both are writes of the table.
   *
   * @returns why it was not done; undefined when it was.
   */
  commit(receipt: Put): Promise<string | undefined>
}

export type Planned = Said | Change

export const refused = (said: string): Said => ({ outcome: 'refused', said })
/** The same, because of a name that nothing has. */
export const mistaken = (said: string): Said => ({ ...refused(said), mistake: true })
export const read = (said: string, data?: Record<string, unknown>): Said => ({
  outcome: 'read',
  said,
  ...(data !== undefined && { data }),
})

export const isChange = (planned: Planned): planned is Change =>
  planned.outcome === 'done' || planned.outcome === 'started'

/** What was done under this request's id already: a request may come twice, and is done once. */
export async function alreadyDone(
  acting: Acting,
  service: string | undefined,
): Promise<Said | undefined> {
  const [item] = await getItems(acting.table, [receiptKey(service, acting.at, acting.id)])
  if (item === undefined) return undefined
  const { said, id } = readItem('receipt', item)
  return { outcome: 'read', said, receipt: id }
}

/** The receipt of a change; of one id there is one. */
export function receiptPut(
  { at, id, who, via, now }: Acting,
  verb: Verb,
  change: Omit<Change, 'commit' | 'outcome'> & { outcome: Receipt['outcome'] },
): Put {
  const { outcome, service, subject, from, to, reason, undo, said } = change
  const item: Receipt & Key = {
    ...receiptKey(service, at, id),
    version: VERSION,
    id,
    verb,
    by: cut(who.name, ASKER_CHARACTERS),
    via,
    at,
    subject: cut(subject, REASON_CHARACTERS),
    from: cut(from, REASON_CHARACTERS),
    to: cut(to, REASON_CHARACTERS),
    reason: cut(reason, REASON_CHARACTERS),
    undo: cut(undo, REASON_CHARACTERS),
    outcome,
    said: cut(said, SAID_CHARACTERS),
    expires: epochSeconds(now) + KEPT_SECONDS,
  }
  return { item, condition: 'attribute_not_exists(pk)' }
}

/** An answer: a few sentences. */
const SAID_CHARACTERS = 2000

/** The receipt of what was refused, because of how things stand, to somebody who may ask. */
export async function refusal(
  acting: Acting,
  verb: Verb,
  service: string | undefined,
  subject: string,
  said: string,
): Promise<Said> {
  const nothing = { from: '', to: '', reason: '', undo: '' }
  const about = { outcome: 'refused', service, subject, said, ...nothing } as const
  await putItem(acting.table, receiptPut(acting, verb, about))
  return { outcome: 'refused', said, receipt: acting.id }
}
