import type * as z from 'zod/mini'
import { adoption } from './adoption.ts'
import { alarmRecord, alarmState } from './alarm-record.ts'
import { anomalyRecord } from './anomaly-record.ts'
import { budgetRecord } from './budget-record.ts'
import { budgetState } from './budget-state.ts'
import { circuit } from './circuit.ts'
import { environmentState } from './environment-state.ts'
import { failureRecord } from './failure-record.ts'
import { intent, receipt } from './intent.ts'
import { itemKind, type Key } from './keys.ts'
import { ledgerEntry } from './ledger-entry.ts'
import { heldMessage, messagePlace, signature, slackRefusals, slackState } from './message.ts'
import { missingImage } from './missing-image.ts'
import { pipelineRecord } from './pipeline-record.ts'
import { rollOutRecord } from './record.ts'
import { savingsRecord } from './savings-record.ts'
import { serviceState, triedDigest } from './service-state.ts'
import { sleepFact } from './sleep-fact.ts'
import { sleepRecord } from './sleep-record.ts'
import { moves, override, sleeper, sleepState } from './sleeper.ts'
import { stillRed } from './still-red.ts'
import { ciSession, stackMaker, tagCase, tagState } from './tag-case.ts'
import { tagNotice, tagReport } from './tag-notice.ts'
import { tagsLost } from './tags-lost.ts'

/** The schema of each kind of item: what is in Caretaker's table, and all that is. */
export const SCHEMAS = {
  environment: environmentState,
  service: serviceState,
  digest: triedDigest,
  message: messagePlace,
  'missing-image': missingImage,
  'tags-lost': tagsLost,
  adoption,
  'roll-out': rollOutRecord,
  alarm: alarmRecord,
  'alarm-state': alarmState,
  'still-red': stillRed,
  pipeline: pipelineRecord,
  failure: failureRecord,
  receipt,
  circuit,
  intent,
  signature,
  slack: slackState,
  'slack-refusals': slackRefusals,
  held: heldMessage,
  sleeper,
  override,
  'sleep-state': sleepState,
  moves,
  sleep: sleepRecord,
  'sleep-fact': sleepFact,
  'ledger-entry': ledgerEntry,
  savings: savingsRecord,
  'tag-case': tagCase,
  'stack-maker': stackMaker,
  'ci-session': ciSession,
  'tag-state': tagState,
  'tag-notice': tagNotice,
  'tag-report': tagReport,
  'budget-state': budgetState,
  budget: budgetRecord,
  anomaly: anomalyRecord,
} as const

type Schemas = typeof SCHEMAS

/** An item of the table that cannot be read. Nothing was done to what it is about. */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem'
}

/**
 * An item of one kind, as its schema has it.
 *
 * @throws UnreadableItem naming the item's key and the fields that are wrong.
 */
export function readItem<Kind extends keyof Schemas>(
  kind: Kind,
  item: Record<string, unknown>,
): z.output<Schemas[Kind]> {
  const result = SCHEMAS[kind].safeParse(item)
  if (result.success) return result.data as z.output<Schemas[Kind]>
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new UnreadableItem(
    `the item ${String(item.pk)} ${String(item.sk)} of Caretaker's table cannot be read as ${kind}. ${problems.join('; ')}`,
  )
}

/** An item as the kind that its key says; undefined for a key that is not ours, or an unreadable one. */
export function kindOf(item: Record<string, unknown>): keyof Schemas | undefined {
  const { pk, sk } = item
  if (typeof pk !== 'string' || typeof sk !== 'string') return undefined
  return itemKind({ pk, sk } satisfies Key)
}
