import { offersOf, type Told } from '../../domain/acts/offers.ts'
import type { Offer } from '../../domain/acts/verbs.ts'
import type { Intent } from '../../domain/table/intent.ts'
import { intentKey } from '../../domain/table/keys.ts'
import type { MessagePlace } from '../../domain/table/message.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import { type Context, keyOf } from './context.ts'
import type { Button, Used } from './notice.ts'

/** A button may be pressed for a week; the intent stays longer, so that a late press is answered. */
const USABLE_MILLISECONDS = 7 * 24 * 60 * 60_000
const KEPT_MILLISECONDS = 60 * 24 * 60 * 60_000

/** What an offer does, as a key: an edit of the message keeps the ids of the one before. */
const nameOf = ({ verb, input }: Offer): string =>
  typeof input.digest === 'string' ? `${verb} ${input.digest}` : verb

export type Offered = {
  buttons: Button[]
  used: Used[]
  /** The ids of all intents of the message, by what each does. */
  ids: Record<string, string>
}

/**
 * The buttons of a record's message as it stands: an intent for each offer, made at the first time.
 * One that was used says by whom in its place, one that has expired is gone.
 */
export async function offered(
  context: Context,
  record: Told,
  place: MessagePlace | undefined,
): Promise<Offered> {
  const known = place?.offers ?? {}
  const intents = await intentsOf(context, Object.values(known))
  const ids: Record<string, string> = { ...known }
  const buttons: Button[] = []
  for (const offer of offersOf(record)) {
    const name = nameOf(offer)
    const id = known[name] ?? context.newId()
    ids[name] = id
    const intent = intents.get(id)
    if (intent === undefined && known[name] === undefined)
      await putIntent(context, record, id, offer)
    if (intent === undefined || isUsable(intent, context.now)) buttons.push({ id, offer })
  }
  const used = [...intents.values()].flatMap((intent) =>
    intent.used === undefined ? [] : [{ label: WORDS[intent.verb] ?? intent.verb, ...intent.used }],
  )
  return { buttons, used, ids }
}

const WORDS: Partial<Record<Intent['verb'], string>> = {
  'roll-back': 'Roll back',
  pin: 'Pin',
  retry: 'Retry',
  acknowledge: 'Acknowledge',
  mute: 'Mute',
}

const isUsable = ({ used, until }: Intent, now: Date): boolean =>
  used === undefined && Date.parse(until) > now.getTime()

async function intentsOf({ table }: Context, ids: readonly string[]): Promise<Map<string, Intent>> {
  if (ids.length === 0) return new Map()
  const items = await getItems(
    table,
    ids.map((id) => intentKey(id)),
  )
  return new Map(
    ids.flatMap((id, index) => {
      const item = items[index]
      return item === undefined ? [] : [[id, readItem('intent', item)] as const]
    }),
  )
}

async function putIntent(
  { table, now }: Context,
  record: Told,
  id: string,
  { verb, input, expected }: Offer,
): Promise<void> {
  const intent: Intent = {
    version: VERSION,
    ...{ verb, input, expected, team: record.owner, record: keyOf(record) },
    createdAt: now.toISOString(),
    until: new Date(now.getTime() + USABLE_MILLISECONDS).toISOString(),
    expires: epochSeconds(new Date(now.getTime() + KEPT_MILLISECONDS)),
  }
  await putItem(table, {
    item: { ...intentKey(id), ...intent },
    condition: 'attribute_not_exists(pk)',
  })
}
