import { offersOf, type Told } from '../../domain/acts/offers.ts'
import type { Offer } from '../../domain/acts/verbs.ts'
import type { Intent } from '../../domain/table/intent.ts'
import { intentKey, type Key, messageKey } from '../../domain/table/keys.ts'
import type { MessagePlace } from '../../domain/table/message.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import { getItems } from '../shared/table/get.ts'
import type { Update } from '../shared/table/table.ts'
import { transact, type Write } from '../shared/table/transact.ts'
import { type Context, keyOf } from './context.ts'
import type { Button, Used } from './notice.ts'

/** A button may be pressed for a week; the intent stays longer, so that a late press is answered. */
const USABLE_MILLISECONDS = 7 * 24 * 60 * 60_000
const KEPT_MILLISECONDS = 60 * 24 * 60 * 60_000

/** What an offer does, as a key: an edit of the message keeps the ids of the one before. */
const nameOf = ({ verb, input, key }: Offer): string => {
  const which = key ?? input.digest
  return typeof which === 'string' ? `${verb} ${which}` : verb
}

export type Offered = {
  buttons: Button[]
  used: Used[]
  /** The ids of all intents of the message, by what each does. */
  ids: Record<string, string>
  /** The intents that are to be made before their buttons are shown. */
  made: Record<string, Intent>
}

/**
 * The buttons of a record's message as it stands: an intent for each offer, of which the first time
 * is the only one.
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
  const made: Record<string, Intent> = {}
  const buttons: Button[] = []
  for (const offer of offersOf(record)) {
    const name = nameOf(offer)
    const id = known[name] ?? context.newId()
    ids[name] = id
    const intent = intents.get(id)
    if (known[name] === undefined) made[name] = intentFor(context, record, offer)
    if (intent === undefined || isUsable(intent, context.now)) buttons.push({ id, offer })
  }
  const used = [...intents.values()].flatMap((intent) =>
    intent.used === undefined ? [] : [{ label: WORDS[intent.verb] ?? intent.verb, ...intent.used }],
  )
  return { buttons, used, ids, made }
}

const WORDS: Partial<Record<Intent['verb'], string>> = {
  'roll-back': 'Roll back',
  pin: 'Pin',
  retry: 'Retry',
  keep: 'Keep awake',
  wake: 'Wake',
  sleep: 'Sleep',
  acknowledge: 'Acknowledge',
  mute: 'Mute',
  own: 'Owner',
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

const intentFor = ({ now }: Context, record: Told, { verb, input, expected }: Offer): Intent => ({
  version: VERSION,
  ...{ verb, input, expected, team: record.owner, record: keyOf(record) },
  createdAt: now.toISOString(),
  until: new Date(now.getTime() + USABLE_MILLISECONDS).toISOString(),
  expires: epochSeconds(new Date(now.getTime() + KEPT_MILLISECONDS)),
})

/**
 * Makes the intents behind new buttons, before anybody sees those; where the message is posted
 * already, their ids are kept with it at once.
 *
 * @returns false when somebody else has made them meanwhile, or the message is another one by now.
 */
export async function makeIntents(
  { table }: Context,
  key: Key,
  { ids, made }: Pick<Offered, 'ids' | 'made'>,
  place?: MessagePlace,
): Promise<boolean> {
  const names = Object.keys(made)
  if (names.length === 0) return true
  const writes: Write[] = names.map((name) => ({
    put: {
      item: { ...intentKey(ids[name] ?? ''), ...made[name] },
      condition: 'attribute_not_exists(pk)',
    },
  }))
  if (place !== undefined) writes.push({ update: withOffers(key, ids, names, place) })
  return transact(table, writes)
}

const withOffers = (
  key: Key,
  ids: Record<string, string>,
  names: readonly string[],
  { claimedAt }: MessagePlace,
): Update => ({
  key: messageKey(key),
  expression: 'SET offers = :ids',
  condition: [
    'claimedAt = :claimed',
    ...names.map((_, place) => `attribute_not_exists(offers.#n${place})`),
  ].join(' AND '),
  names: Object.fromEntries(names.map((name, place) => [`#n${place}`, name])),
  values: { ':ids': ids, ':claimed': claimedAt },
})
