import { isOver } from '../../domain/alarms.ts'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import type { FailureRecord } from '../../domain/table/failure-record.ts'
import type { MissingImage } from '../../domain/table/missing-image.ts'
import type { PipelineRecord } from '../../domain/table/pipeline-record.ts'
import type { RollOutRecord } from '../../domain/table/record.ts'
import type { StillRed } from '../../domain/table/still-red.ts'
import type { Status } from '../../domain/verdicts.ts'
import type { Items, Trace } from './trace.ts'

/** A record that a person may be told of. */
export type Tellable =
  | RollOutRecord
  | AlarmRecord
  | PipelineRecord
  | FailureRecord
  | MissingImage
  | StillRed

export const tellables = (items: Items): Tellable[] => [
  ...items.records,
  ...items.missing,
  ...items.episodes,
  ...items.pipelines,
  ...items.failures,
  ...items.stillRed,
]

/** What somebody who pushed wants to know; the rest is told to whoever asked by name. */
const TOLD: ReadonlySet<Status> = new Set([
  'rolling-out',
  'deployed',
  'staged',
  'rolled-back',
  'superseded',
  'refused',
  'quarantined',
  'frozen',
  'pinned',
  'failed',
])

/** Whether a record, as it stands, is worth a message. */
export function isTold(record: Tellable): boolean {
  if (record.kind === 'failure') return record.verdict !== 'aborted'
  if (record.kind !== 'roll-out') return true
  const { verdict, detail } = record
  return TOLD.has(verdict) || (verdict === 'unchanged' && detail.asked !== undefined)
}

const ROLL_OUTS: ReadonlySet<Status> = new Set(['rolling-out', 'rolled-back', 'refused', 'failed'])
const ENDED_PIPELINES = new Set(['succeeded', 'stopped', 'superseded', 'canceled'])

/** Whether it wants somebody's eyes: never only a line in a summary. */
export function stands(record: Tellable): boolean {
  if (record.kind === 'alarm') return !isOver(record.verdict)
  if (record.kind === 'pipeline') return !ENDED_PIPELINES.has(record.verdict)
  if (record.kind !== 'roll-out') return true
  const { verdict, alarms = {} } = record
  return ROLL_OUTS.has(verdict) || Object.values(alarms).some(({ status }) => !isOver(status))
}

export const nameOf = ({ pk, sk }: { pk: string; sk: string }): string => `${pk} ${sk}`

/** The summary in which a record is a line, by its message's key; undefined when it is none. */
export function summaryOf(trace: Trace, record: Tellable): string | undefined {
  const { pk, sk, owner } = record
  const place = trace.items.places.find((one) => one.pk === pk && one.sk === `message#${sk}`)
  if (place?.folded === undefined) return undefined
  return `held#${channelOf(trace, owner)} summary#${place.folded}`
}

/** The channel of a team, or of the environment's owner. */
const channelOf = ({ teams, owner }: Trace, team: string): string | undefined =>
  (teams[team] ?? teams[owner])?.channel
