import { type Decision, type Due, decide } from '../../../domain/alarms/decide.ts'
import type { Owner } from '../../../domain/alarms/owner.ts'
import type { AlarmState } from '../../../domain/table/alarm-record.ts'
import type { Held } from '../../../domain/table/common.ts'
import { alarmStateKey, type Key } from '../../../domain/table/keys.ts'
import { readItem } from '../../../domain/table/read.ts'
import { getItems } from '../table/get.ts'
import type { Table } from '../table/table.ts'
import { transact, type Write } from '../table/transact.ts'
import { updateItem } from '../table/update.ts'
import { asleepBelow } from './asleep.ts'
import { markChildren } from './children.ts'
import { type HoldSources, heldBy } from './hold.ts'
import type { Noticed } from './noticed.ts'
import { readOwner } from './owner.ts'
import {
  type About,
  episodePut,
  episodesOfAlarm,
  episodeUpdate,
  onRollOut,
  statePut,
  surplusEnded,
} from './record.ts'
import { readSuspect } from './suspect.ts'

export type Sources = HoldSources

/** What became of what was noticed: records were written, or none had to be, and why. */
export type Outcome = { done: 'recorded' | 'nothing'; because: string }

/** Events of one alarm may come at the same moment: whoever is second looks again. */
const ATTEMPTS = 5

/** An alarm's state was written by others again and again. */
export class StateContended extends Error {
  override readonly name = 'StateContended'
}

/**
 * Brings what is kept of an alarm up to date with what was noticed, by the time at which it
 * happened: in any order and however often, the records end the same.
 *
 * @throws StateContended
 */
export async function keepAlarm(sources: Sources, noticed: Noticed): Promise<Outcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const outcome = await attemptKeep(sources, noticed)
    if (outcome !== undefined) return outcome
  }
  throw new StateContended(`${noticed.subject} was written by others ${ATTEMPTS} times in a row`)
}

const nothing = (because: string): Outcome => ({ done: 'nothing', because })

/** @returns undefined when somebody else has written the state meanwhile. */
async function attemptKeep(sources: Sources, noticed: Noticed): Promise<Outcome | undefined> {
  const kept = await readState(sources.table, noticed.subject)
  const first = decide(kept?.changes, noticed)
  if (first.action === 'nothing') return nothing(first.because)
  const isNew = first.due.some((due) => due.isNew)
  const owner =
    kept === undefined || isNew
      ? await readOwner(sources.cloudwatch, noticed, sources.catalog)
      : undefined
  if (owner === undefined && (kept === undefined || isNew)) {
    return nothing('it has none of our tags, or another environment’s: it is not ours to tell')
  }
  if (kept === undefined && !isNew && owner?.ownerUnknown !== undefined) {
    return nothing(`whose it is is not known: ${owner.ownerUnknown}`)
  }
  if (!isNew || owner === undefined) return write(sources, { kept, noticed, decision: first })
  const known = await withHold(sources, noticed, { owner, kept })
  const decision = decide(kept?.changes, known.noticed)
  if (decision.action === 'nothing') return nothing(decision.because)
  const suspect =
    owner.serviceId === undefined
      ? undefined
      : await readSuspect(sources.table, owner.serviceId, noticed, sources.now)
  const asleep =
    owner.service === undefined || known.noticed.change.held !== undefined
      ? []
      : await asleepBelow(sources.table, sources.catalog, owner.service)
  const about: About = {
    ...{ ...owner, suspect },
    ...(known.muted && { muted: known.muted }),
    ...(asleep.length > 0 && { asleep }),
  }
  return write(sources, { kept, noticed: known.noticed, decision, about })
}

export async function readState(table: Table, subject: string): Promise<AlarmState | undefined> {
  const [item] = await getItems(table, [alarmStateKey(subject)])
  return item === undefined ? undefined : readItem('alarm-state', item)
}

/** What was noticed with what holds it, and the mute of the episode before that still holds. */
async function withHold(
  sources: Sources,
  noticed: Noticed,
  { owner, kept }: { owner: Owner; kept: AlarmState | undefined },
) {
  if (noticed.change.value !== 'ALARM') return { noticed, muted: undefined }
  const muted = await mutedUntil(sources, kept)
  const by: Held | undefined =
    (await heldBy(sources, noticed, owner)) ??
    (muted && { because: 'muted', by: muted.by, until: muted.until })
  return {
    noticed: by === undefined ? noticed : { ...noticed, change: { ...noticed.change, held: by } },
    muted,
  }
}

/** A person's mute is of the alarm, not of the episode that it was pressed at. */
async function mutedUntil({ table, now }: Sources, kept: AlarmState | undefined) {
  if (kept?.episode === undefined) return undefined
  const [item] = await getItems(table, [kept.episode])
  const muted = item === undefined ? undefined : readItem('alarm', item).detail.muted
  return muted !== undefined && Date.parse(muted.until) > now.getTime() ? muted : undefined
}

type Wanted = {
  kept: AlarmState | undefined
  noticed: Noticed
  decision: Extract<Decision, { action: 'keep' }>
  about?: About
}

async function write(sources: Sources, wanted: Wanted): Promise<Outcome | undefined> {
  const { table, now } = sources
  const { kept, noticed, decision, about } = wanted
  const writes: Write[] = [{ put: statePut(kept, noticed, decision, { about, now }) }]
  for (const due of decision.due) {
    if (!due.isNew) writes.push({ update: episodeUpdate(noticed, due, now) })
    else if (about !== undefined) writes.push({ put: episodePut(noticed, due, about, now) })
    const thread = threadOf(wanted, due)
    if (thread !== undefined) writes.push(await onThread(table, thread, noticed, due))
  }
  for (const sk of decision.surplus) writes.push(surplusEnded(noticed.subject, sk, now))
  if (!(await transact(table, writes))) return undefined
  const { newest } = decision
  const fires = newest?.status === 'red' && newest.held === undefined
  if (noticed.detail.type === 'composite' && fires) {
    const { arn, name, children } = noticed.detail
    await markChildren(table, { arn, name, since: newest.from }, children)
  }
  return { done: 'recorded', because: said(decision) }
}

/** The roll-out in whose thread an episode is told. */
function threadOf({ kept, about }: Wanted, { sk, isNew }: Due): Key | undefined {
  if (isNew) return about?.suspect?.record
  return kept?.episode?.sk === sk ? kept.thread : undefined
}

async function onThread(table: Table, thread: Key, noticed: Noticed, due: Due): Promise<Write> {
  await updateItem(table, {
    key: thread,
    expression: 'SET alarms = if_not_exists(alarms, :none)',
    condition: 'attribute_exists(pk)',
    values: { ':none': {} },
  })
  const episode = { pk: episodesOfAlarm(noticed.subject), sk: due.sk }
  return onRollOut(thread, episode, noticed.detail.name, due)
}

function said({ due, newest }: Wanted['decision']): string {
  if (due.length === 0) return 'only its state is kept'
  const held = newest?.held === undefined ? '' : `, held: ${newest.held.because}`
  return `${due.map(({ isNew, episode }) => `${isNew ? 'a new episode' : 'its episode'} is ${episode.status}`).join('; ')}${held}`
}
