import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import type { Note } from '../../domain/table/common.ts'
import { alarmStateKey, type Key } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { localTime } from '../../domain/time.ts'
import { type Composite, mark } from '../shared/alarms/children.ts'
import type { Sources } from '../shared/alarms/keep.ts'
import type { StateOf } from '../shared/alarms/states.ts'
import { addNote } from '../shared/notes.ts'
import { getItems } from '../shared/table/get.ts'
import { updateItem } from '../shared/table/update.ts'
import { newestReason } from './dead-letter.ts'

export type ReminderSources = Sources & { sqs: SQSClient }

const HOUR = 60 * 60_000
/** SQS measures a queue once a minute, and may be some minutes late. */
const COUNTED_MS = 15 * 60_000

/**
 * Says again, in an episode's thread and so that it notifies: that a person's mute is over, that a
 * dead-letter queue has more in it (at most once an hour).
 *
 * @param composites those that are red, and told, and ask for it.
 * @returns whether anything was said.
 */
export async function remind(
  sources: ReminderSources,
  state: StateOf,
  composites: readonly Composite[],
): Promise<boolean> {
  const { table, now } = sources
  if (state.episode === undefined) return false
  const [item] = await getItems(table, [state.episode])
  if (item === undefined) return false
  const record = readItem('alarm', item)
  if (await isPart(table, record, composites)) return true
  const { muted } = record.detail
  if (muted !== undefined && Date.parse(muted.until) > now.getTime()) return false
  const found = muteOver(record, now) ?? (await more(sources, state, record))
  if (found === undefined) return false
  const { count, ...said } = found
  const note: Note = { ...said, at: now.toISOString(), notifies: true }
  if (count !== undefined) await countNow(table, state.episode, count)
  if (!(await addNote(table, state.episode, record.notes, note))) return false
  await noteTold(sources, state, count)
  return true
}

/** A composite alarm fires for it, and nobody has said so: both turned red at the same moment. */
async function isPart(
  table: ReminderSources['table'],
  { pk, sk, detail: { partOf } }: AlarmRecord,
  composites: readonly Composite[],
): Promise<boolean> {
  const [composite] = composites
  if (composite === undefined) return false
  if (composites.some(({ name }) => name === partOf?.name)) return false
  return mark(table, { pk, sk }, composite, partOf?.name)
}

type Said = Pick<Note, 'id' | 'text'> & { count?: number }

function muteOver({ detail: { muted }, notes = [] }: AlarmRecord, now: Date): Said | undefined {
  if (muted === undefined || Date.parse(muted.until) > now.getTime()) return undefined
  const id = `mute-over#${muted.until}`
  if (notes.some((one) => one.id === id)) return undefined
  return { id, text: `still red, mute of ${muted.by} is over` }
}

/** A queue that an alarm counts the messages of: CloudWatch says nothing of more of them. */
async function more(
  sources: ReminderSources,
  state: StateOf,
  { detail: { metric, datapoints, redSince }, notes = [] }: AlarmRecord,
): Promise<Said | undefined> {
  const { cloudwatch, now, catalog } = sources
  const queue = metric?.dimensions.QueueName
  const since = state.notifiedAt ?? redSince
  if (metric?.namespace !== 'AWS/SQS' || queue?.endsWith('-dead-letters') !== true) return undefined
  if (now.getTime() - Date.parse(since) < HOUR) return undefined
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistics: ['Maximum'],
      Period: 300,
      StartTime: new Date(now.getTime() - COUNTED_MS),
      EndTime: now,
    }),
  )
  const count = Math.max(...Datapoints.map(({ Maximum = 0 }) => Maximum))
  const before = state.count ?? datapoints.at(-1) ?? 1
  if (count <= before) return undefined
  const id = `count#${count}`
  if (notes.some((one) => one.id === id)) return undefined
  const when = localTime(since, catalog.timeZone, now)
  const why = await reasonOf(sources, queue, count)
  const text = `${count - before} more since ${when}: ${count} dead letters now${why}`
  return { id, text, count }
}

/** The number of them matters more than the newest one's reason. */
async function reasonOf({ sqs, log }: ReminderSources, queue: string, count: number) {
  try {
    const newest = await newestReason(sqs, queue)
    if (newest === undefined) return ''
    const which = newest.seen < count ? `the newest of ${newest.seen} of them` : 'the newest'
    return `; ${which}: ${newest.reason}`
  } catch (error) {
    log.warn('the newest dead letter cannot be read', { queue, error })
    return ''
  }
}

/** The message says how many there are now. */
const countNow = (table: ReminderSources['table'], key: Key, count: number) =>
  updateItem(table, {
    key,
    expression: 'SET detail.#count = :count',
    condition: 'attribute_exists(pk)',
    names: { '#count': 'count' },
    values: { ':count': count },
  })

/** A lost update is made good by the next sweep, which finds the note. */
async function noteTold({ table, now }: ReminderSources, state: StateOf, count?: number) {
  await updateItem(table, {
    key: alarmStateKey(state.subject),
    expression: `SET notifiedAt = :now, revision = :next${count === undefined ? '' : ', #count = :count'}`,
    condition: 'revision = :revision',
    values: {
      ':now': now.toISOString(),
      ':revision': state.revision,
      ':next': state.revision + 1,
      ...(count !== undefined && { ':count': count }),
    },
    ...(count !== undefined && { names: { '#count': 'count' } }),
  })
}
