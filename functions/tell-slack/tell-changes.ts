import { unmarshall } from '@aws-sdk/util-dynamodb'
import { offersOf, type Told } from '../../domain/acts/offers.ts'
import { UnreadableItem } from '../../domain/table/read.ts'
import { Later, SlackDown } from './ask.ts'
import { type Context, keyOf, nameOf } from './context.ts'
import type { Change } from './contract.ts'
import { hold, isNew } from './held.ts'
import { mail } from './mail.ts'
import type { Changed, Known } from './memory.ts'
import { placeOf } from './place.ts'
import { goDown, probe } from './probe.ts'
import { enqueue } from './queue.ts'
import { asRecord } from './records.ts'
import { isTold } from './renderers.ts'
import { NOT_CONNECTED, stateOf } from './state.ts'
import { type Done, tellRecord } from './tell.ts'

/**
 * Tells the records of a batch of the stream.
 *
 * @throws the first error of AWS's, after all others were told.
 */
export async function tellChanges(
  context: Context,
  changes: readonly Change[],
  connected: boolean,
): Promise<undefined> {
  // Somebody has put in a token: nobody need wait for the next look at the secret.
  if (connected && context.down?.reason === NOT_CONNECTED) await probe(context, connected, true)
  const failed: unknown[] = []
  for (const change of changed(context, changes)) {
    const { record } = change
    const known = context.memory.of(nameOf(record), change, offersOf(record).length > 0)
    try {
      const done = await tellOrWait(context, record, connected, known)
      context.log.info('told', { record: record.sk, kind: record.kind, done })
    } catch (error) {
      context.log.warn('not told yet', { record: record.sk, error })
      failed.push(error)
    }
  }
  if (failed.length > 0) throw failed[0]
}

/**
 * Tells a record now, or lets it wait: in the queue for what holds for it alone, in the table while
 * Slack takes nothing.
 */
export async function tellOrWait(
  context: Context,
  record: Told,
  connected: boolean,
  known?: Known,
): Promise<Done | 'waits'> {
  if (!isTold(record)) return 'not told'
  if (!connected) return waitUnconnected(context, record)
  if (context.down !== undefined && (await waitDown(context, record))) return 'waits'
  try {
    return await tellRecord(context, record, { known })
  } catch (error) {
    if (error instanceof UnreadableItem) {
      context.log.error('where the message is cannot be read', { record: record.sk, error })
      return 'not told'
    }
    if (error instanceof Later) {
      await enqueue(context, keyOf(record), error.seconds)
      return 'waits'
    }
    if (!(error instanceof SlackDown)) throw error
    await hold(context, record, 'slack')
    await goDown(context, error.message)
    return 'waits'
  }
}

/** @returns false when Slack takes calls again after all: somebody else has just found out. */
async function waitDown(context: Context, record: Told): Promise<boolean> {
  await hold(context, record, 'slack')
  await goDown(context, context.down?.reason ?? '')
  // Whoever released what waited may have looked before this one was there.
  const state = await stateOf(context)
  context.down = state
  return state !== undefined
}

/** Nobody has connected Slack: what is red or failed goes out by e-mail, once, and all of it waits. */
async function waitUnconnected(context: Context, record: Told): Promise<'waits' | 'held'> {
  if (record.held !== undefined) return 'held'
  const place = await placeOf(context, keyOf(record))
  await goDown(context, NOT_CONNECTED)
  if (place === undefined && (await isNew(context, record)))
    await mail(context, record, 'Slack is not connected')
  await hold(context, record, 'slack')
  return 'waits'
}

/** The records that changed in a batch, each once: as it stands now, and as it was before all of it. */
function changed({ log }: Context, changes: readonly Change[]): Changed[] {
  const records = new Map<string, Changed>()
  for (const { dynamodb } of changes) {
    const record = asRecord(itemIn(dynamodb.NewImage), log)
    if (record === undefined) continue
    const old = dynamodb.OldImage
    const before = old === undefined ? undefined : asRecord(itemIn(old), log)
    const earlier = records.get(nameOf(record)) ?? { before, isNew: old === undefined }
    records.set(nameOf(record), { ...earlier, record })
  }
  return [...records.values()]
}

const itemIn = (image: Record<string, unknown>) =>
  unmarshall(image as Parameters<typeof unmarshall>[0])
