import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import type { Note } from '../../domain/table/common.ts'
import { alarmStateKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import { localTime } from '../../domain/time.ts'
import type { Sources } from '../shared/alarms/keep.ts'
import type { StateOf } from '../shared/alarms/states.ts'
import { addNote } from '../shared/notes.ts'
import { getItems } from '../shared/table/get.ts'
import { updateItem } from '../shared/table/update.ts'

type ReminderSources = Pick<Sources, 'table' | 'now' | 'catalog' | 'cloudwatch'>

const HOUR = 60 * 60_000
const DAY = 24 * HOUR
/** SQS measures a queue once a minute, and may be some minutes late. */
const COUNTED_MS = 15 * 60_000

/**
 * Says again, in an episode's thread and so that it notifies: that a person's mute is over, that a
 * dead-letter queue has more in it (at most once an hour), that it is red for another day.
 *
 * @returns whether anything was said.
 */
export async function remind(sources: ReminderSources, state: StateOf): Promise<boolean> {
  const { table, now } = sources
  if (state.episode === undefined) return false
  const [item] = await getItems(table, [state.episode])
  if (item === undefined) return false
  const record = readItem('alarm', item)
  const { muted } = record.detail
  if (muted !== undefined && Date.parse(muted.until) > now.getTime()) return false
  const found =
    muteOver(record, now) ?? (await more(sources, state, record)) ?? again(sources, state, record)
  if (found === undefined) return false
  const { count, ...said } = found
  const note: Note = { ...said, at: now.toISOString(), notifies: true }
  if (!(await addNote(table, state.episode, record.notes, note))) return false
  await noteTold(sources, state, count)
  return true
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
  { cloudwatch, now, catalog }: ReminderSources,
  state: StateOf,
  { detail: { metric, datapoints, redSince }, notes = [] }: AlarmRecord,
): Promise<Said | undefined> {
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
  return { id, text: `${count - before} more since ${when}: ${count} dead letters now`, count }
}

function again(
  { now, catalog }: ReminderSources,
  { name, since = '', notifiedAt = since }: StateOf,
  { detail: { acknowledged, redSince } }: AlarmRecord,
): Said | undefined {
  if (now.getTime() - Date.parse(notifiedAt) < DAY) return undefined
  const days = Math.floor((now.getTime() - Date.parse(since)) / DAY)
  const by =
    acknowledged === undefined ? 'nobody has acknowledged it' : `${acknowledged.by} has it in hand`
  const when = localTime(redSince, catalog.timeZone, now)
  return { id: `again#${days}`, text: `${name} is still red, since ${when}; ${by}` }
}

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
