import type { KnownBlock } from '@slack/types'
import type { Intent } from '../../domain/table/intent.ts'
import { intentKey } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds } from '../../domain/time.ts'
import type { Acting } from '../shared/acts/acting.ts'
import type { Answer } from '../shared/acts/carry-out.ts'
import { putItem } from '../shared/table/put.ts'

/** What is offered in an answer is about this moment; the intent stays, so that a late press is answered. */
const USABLE_MS = 12 * 60 * 60_000
const KEPT_MS = 60 * 24 * 60 * 60_000

/** The buttons of an answer, each with its intent; the ids are the request's, so that they are made once. */
export async function buttonsOf(
  { table, now, id }: Acting,
  { offers }: Answer,
): Promise<KnownBlock[] | undefined> {
  if (offers === undefined) return undefined
  const elements = []
  for (const [place, { verb, input, expected, label, danger }] of offers.offers.entries()) {
    const value = `${id}-${place}`
    const intent: Intent = {
      version: VERSION,
      ...{ verb, input, expected, team: offers.team, record: offers.record },
      createdAt: now.toISOString(),
      until: new Date(now.getTime() + USABLE_MS).toISOString(),
      expires: epochSeconds(new Date(now.getTime() + KEPT_MS)),
    }
    const item = { ...intentKey(value), ...intent }
    await putItem(table, { item, condition: 'attribute_not_exists(pk)' })
    elements.push({
      type: 'button' as const,
      action_id: `caretaker:${verb}`,
      text: { type: 'plain_text' as const, text: label.slice(0, 75) },
      value,
      ...(danger === true && { style: 'danger' as const }),
    })
  }
  return [{ type: 'actions', elements }]
}
