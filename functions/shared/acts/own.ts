import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { InputOf } from '../../../domain/acts/inputs.ts'
import { mayActFor } from '../../../domain/acts/who.ts'
import { readItem } from '../../../domain/table/read.ts'
import { tagCaseKey } from '../../../domain/table/tag-keys.ts'
import { TAGS } from '../../../domain/tags.ts'
import { cut } from '../../../domain/text.ts'
import { DETAIL_TYPE } from '../../../events/resource-owned.ts'
import { CARETAKER } from '../../../events/roll-out-ended.ts'
import { ASKER_CHARACTERS } from '../roll-out/record.ts'
import { getItems } from '../table/get.ts'
import type { Acting } from './acting.ts'
import { alreadyDone, mistaken, type Planned } from './outcome.ts'
import { unknownTeam, unlessMember } from './services.ts'
import { setOrRemove } from './state.ts'

/**
 * `own <resource> <team>`: whose a resource without an owner is. Whoever is told of it may say whose
 * it is, and each team that it is its own; the tag is written at once, if it is absent then.
 */
export async function own(acting: Acting, input: InputOf<'own'>): Promise<Planned> {
  const { resource, team } = input
  const { catalog, table, who } = acting
  const unknown = unknownTeam(acting, team)
  if (unknown !== undefined) return mistaken(`Nothing was done. ${unknown}`)
  const done = await alreadyDone(acting, undefined)
  if (done !== undefined) return done
  const key = tagCaseKey(resource)
  const [item] = await getItems(table, [key])
  if (item === undefined) {
    return mistaken(
      `Nothing was done: no tags of "${resource}" are watched. The message about it names it, such as instance/i-0123456789abcdef0.`,
    )
  }
  const { name, owner, given } = readItem('tag-case', item)
  const denied = mayActFor(who, team)
    ? undefined
    : unlessMember(acting, owner, `say whose ${name} is`)
  if (denied !== undefined) return denied
  const value = {
    team,
    by: cut(who.name, ASKER_CHARACTERS),
    at: acting.now.toISOString(),
  }
  const then =
    catalog.features.tags === 'act'
      ? `Caretaker writes ${TAGS.owner}=${team} now, if it has no owner`
      : `Caretaker writes no tags here: write ${TAGS.owner}=${team} yourself`
  return {
    outcome: 'done',
    service: undefined,
    subject: name,
    from: given?.team ?? '',
    to: team,
    reason: '',
    undo: given === undefined ? '' : `own ${resource} ${given.team}`,
    said: `Done: ${name} is ${team}'s. ${then}.`,
    async commit(receipt) {
      const asked = { key, attribute: 'given', seen: item.given, value }
      const failed = await setOrRemove(acting, asked, receipt)
      if (failed === undefined) await announce(acting, resource)
      return failed
    },
  }
}

/** Where this fails the next sweep writes the tag, in the morning: what was said is kept. */
async function announce({ events, log }: Acting, resource: string): Promise<void> {
  const entry = {
    Source: CARETAKER,
    DetailType: DETAIL_TYPE,
    Detail: JSON.stringify({ resource }),
  }
  try {
    await events.send(new PutEventsCommand({ Entries: [entry] }))
  } catch (error) {
    log.error('whose it is was kept, and not handed on', { resource, error })
  }
}
