import { type Act, actOf } from '../../domain/acts/inputs.ts'
import { writeCommand } from '../../domain/acts/read.ts'
import { mayActFor } from '../../domain/acts/who.ts'
import type { Intent } from '../../domain/table/intent.ts'
import { intentKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { type Acting, clockOf, command, sayAt } from '../shared/acts/acting.ts'
import { commit, planned } from '../shared/acts/carry-out.ts'
import { isChange } from '../shared/acts/outcome.ts'
import { whatRuns } from '../shared/acts/running.ts'
import { findService, isSaid, unlessMember } from '../shared/acts/services.ts'
import { runsLine } from '../shared/acts/why.ts'
import type { Asked } from '../shared/slack/asked.ts'
import { getItems } from '../shared/table/get.ts'
import { updateItem } from '../shared/table/update.ts'
import { buttonsOf } from './offers.ts'
import { type Reply, withoutButtons } from './say.ts'

type Pressed = Extract<Asked, { kind: 'press' }>

/**
 * What a press on a button comes to: its intent is looked at, held against the present state, used
 * up by a conditional write, and only then carried out. Only the presser hears of it; everybody sees
 * the message's buttons give way.
 */
export async function press(acting: Acting, pressed: Pressed): Promise<Reply[]> {
  const [item] = await getItems(acting.table, [intentKey(pressed.intent)])
  if (item === undefined) {
    return alone(
      `Nothing was done: this button is too old for me to know what it was for. ${command(acting, 'status')} says how things stand, ${command(acting, 'help')} what you can do.`,
      pressed,
    )
  }
  const intent = readItem('intent', item)
  const isOwn = intent.used?.receipt === acting.id
  const { record } = intent
  const act = actOf(intent.verb, { ...intent.input, ...(isAboutAlarm(intent) ? { record } : {}) })
  if (act === undefined) return alone('Nothing was done: I cannot read what this button is for.')
  // Whose a thing is, is said by those whose it is, wherever it was asked.
  if (intent.verb !== 'own' && !mayActFor(acting.who, intent.team)) {
    return alone(unlessMember(acting, intent.team, 'press this')?.said ?? '')
  }
  if (intent.used !== undefined && !isOwn) return alone(usedUp(acting, intent))
  if (intent.until <= acting.at && !isOwn) {
    const now = await present(acting, act)
    const until = sayAt(acting, intent.until)
    return alone(`Nothing was done: this button was good until ${until}. ${now}`, pressed)
  }
  const plan = await planned(acting, act)
  if (isChange(plan)) {
    const stale = isOwn ? undefined : await changedSince(acting, intent, act)
    if (stale !== undefined) return alone(stale)
    const second = isOwn ? undefined : await useUp(acting, pressed.intent)
    if (second !== undefined) return alone(usedUp(acting, second))
    await giveWay(acting, intent)
  }
  const answer = await commit(acting, act, plan)
  const { outcome, text, until } = answer
  if (isChange(plan) && outcome === 'refused') await comeBack(acting, intent)
  const buttons = await buttonsOf(acting, answer)
  return [{ text, isPublic: false, ...(until && { until }), ...(buttons && { buttons }) }]
}

const isAboutAlarm = ({ verb }: Intent): boolean => verb === 'acknowledge' || verb === 'mute'

/** @param pressed whose message loses its buttons, since they are good for nothing. */
const alone = (text: string, pressed?: Pressed): Reply[] => [
  { text, isPublic: false },
  ...(pressed?.message === undefined ? [] : [{ message: withoutButtons(pressed.message) }]),
]

function usedUp(acting: Acting, { used }: Intent): string {
  const { by = '', at = '', receipt = '' } = used ?? {}
  return `Nothing more was done: under way since ${sayAt(acting, at)} by ${by}, receipt ${receipt}.`
}

/** Uses an intent up, for one press alone. @returns the intent as somebody else has used it. */
async function useUp(acting: Acting, id: string): Promise<Intent | undefined> {
  const { table, who, id: receipt, now } = acting
  const mine = await updateItem(table, {
    key: intentKey(id),
    expression: 'SET used = :used',
    condition: 'attribute_exists(pk) AND attribute_not_exists(used)',
    values: { ':used': { by: who.name, at: now.toISOString(), receipt } },
  })
  if (mine) return undefined
  const [item] = await getItems(table, [intentKey(id)])
  return readItem('intent', item ?? {})
}

/** The message's buttons give way before the work begins: the record says who has pressed. */
function giveWay({ table, who, id, now }: Acting, { record, verb }: Intent): Promise<boolean> {
  return updateItem(table, {
    key: record,
    expression: 'SET acted = :acted',
    condition: 'attribute_exists(pk)',
    values: { ':acted': { verb, by: who.name, at: now.toISOString(), receipt: id } },
  })
}

/** Somebody else was quicker at what was to be changed: nothing was done, and the record says so. */
function comeBack({ table, id }: Acting, { record }: Intent): Promise<boolean> {
  return updateItem(table, {
    key: record,
    expression: 'REMOVE acted',
    condition: 'acted.receipt = :own',
    values: { ':own': id },
  })
}

/** What has changed since the button was offered; undefined while what it was held against is so. */
async function changedSince(
  acting: Acting,
  { expected, createdAt }: Intent,
  act: Act,
): Promise<string | undefined> {
  if (!expected.startsWith('sha256:') || !('service' in act.input)) return undefined
  const found = await findService(acting, String(act.input.service))
  if (isSaid(found)) return found.said
  const { image } = await whatRuns(acting, found)
  if (image?.digest === expected) return undefined
  return `Nothing was done: things have changed since this button was offered (${sayAt(acting, createdAt)}). ${await present(acting, act)}`
}

/** What runs now, and the command that does today what the button was for. */
async function present(acting: Acting, act: Act): Promise<string> {
  const words = command(acting, writeCommand(act, clockOf(acting)))
  if (!('service' in act.input)) return `How things stand: ${command(acting, 'status')}.`
  const found = await findService(acting, String(act.input.service))
  if (isSaid(found)) return found.said
  return `${found.name} runs ${await runsLine(acting, found)}. Today it is done by ${words}.`
}
