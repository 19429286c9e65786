import { isOver } from '../alarms.ts'
import { shortDigest } from '../image.ts'
import type { AlarmRecord } from '../table/alarm-record.ts'
import type { AnomalyRecord } from '../table/anomaly-record.ts'
import type { BudgetRecord } from '../table/budget-record.ts'
import type { FailureRecord } from '../table/failure-record.ts'
import type { MissingImage } from '../table/missing-image.ts'
import type { PipelineRecord } from '../table/pipeline-record.ts'
import type { RollOutRecord } from '../table/record.ts'
import type { SavingsRecord } from '../table/savings-record.ts'
import type { SleepFact } from '../table/sleep-fact.ts'
import type { SleepRecord } from '../table/sleep-record.ts'
import type { StillRed } from '../table/still-red.ts'
import type { TagNotice, TagReport } from '../table/tag-notice.ts'
import type { TagsLost } from '../table/tags-lost.ts'
import type { Offer } from './verbs.ts'

/** Every kind of record that is told. */
export type Told =
  | RollOutRecord
  | AlarmRecord
  | StillRed
  | PipelineRecord
  | FailureRecord
  | MissingImage
  | TagsLost
  | SleepRecord
  | SleepFact
  | SavingsRecord
  | TagNotice
  | TagReport
  | BudgetRecord
  | AnomalyRecord

/** How long *Mute* mutes, in minutes. */
export const MUTE_MINUTES = 60

/** What a person can do about a record as it stands, the most useful first; nothing once it is over. */
export function offersOf(record: Told): Offer[] {
  if (record.kind === 'roll-out') return ofRollOut(record)
  if (hasChoices(record)) return ofChoices(record)
  return record.kind === 'alarm' ? ofAlarm(record) : []
}

function ofRollOut({ verdict, detail, acted }: RollOutRecord): Offer[] {
  const { service, digest, tag, previous } = detail
  // Somebody has pressed: what the others were held against is about to change.
  if (service === undefined || acted !== undefined) return []
  if (verdict === 'deployed') {
    const pin: Offer = {
      verb: 'pin',
      input: { service, digest },
      label: 'Pin',
      confirm: question(
        `Pin ${service}?`,
        `It stays on ${shortDigest(digest)} until somebody unpins it: pushes wait.`,
        'Pin',
      ),
      expected: digest,
    }
    // Somebody has gone back already: what was left then is run again by a retry, not by going back.
    const isBack = detail.asked !== undefined && !detail.asked.retry
    if (isBack || previous?.digest === undefined || previous.digest === digest) return [pin]
    return [goBack(service, { digest, tag }, previous.digest, ''), pin]
  }
  if (verdict !== 'rolled-back' && verdict !== 'failed') return []
  const text = `${shortDigest(digest)} (${tag}) is rolled out once more.`
  return [
    {
      verb: 'retry',
      input: { service, digest },
      label: 'Retry',
      confirm: question(`Retry ${service}?`, text, 'Retry'),
      expected: previous?.digest ?? '',
    },
  ]
}

type WithChoices = SleepRecord | SleepFact | TagNotice | BudgetRecord

const hasChoices = (record: Told): record is WithChoices =>
  ['sleep', 'sleep-fact', 'tag-notice', 'budget'].includes(record.kind)

/** What a press changes shows at the next look; until then nothing more is offered. */
function ofChoices({ acted, endedAt, detail }: WithChoices): Offer[] {
  if (acted !== undefined || endedAt !== undefined) return []
  return detail.choices.map((one) => ({ ...one, expected: '' }))
}

function ofAlarm({ verdict, subject, detail }: AlarmRecord): Offer[] {
  if (isOver(verdict)) return []
  const { suspect, service, acknowledged, muted, asleep = [] } = detail
  const input = { alarm: subject }
  return [
    ...(suspect?.goBack === undefined || service === undefined
      ? []
      : [goBack(service, suspect, suspect.goBack.digest, ` (ran ${ran(suspect.goBack)})`)]),
    ...asleep.slice(0, 2).map(
      (one): Offer => ({
        ...{ verb: 'wake', input: { service: one.service }, expected: '' },
        ...{ label: `Wake ${one.service}`, key: one.service },
      }),
    ),
    ...(acknowledged === undefined
      ? [{ verb: 'acknowledge', input, label: 'Acknowledge', expected: 'red' } as const]
      : []),
    ...(muted === undefined
      ? [
          {
            verb: 'mute',
            input: { ...input, minutes: MUTE_MINUTES },
            label: 'Mute 1 h',
            expected: 'red',
          } as const,
        ]
      : []),
  ]
}

function goBack(
  service: string,
  from: { digest: string; tag: string },
  digest: string,
  how: string,
): Offer {
  const text = `From ${shortDigest(from.digest)} (${from.tag}) to ${shortDigest(digest)}${how}. It stays until the next push.`
  return {
    verb: 'roll-back',
    input: { service, digest },
    label: `Roll back to ${shortDigest(digest)}${how}`,
    confirm: question(`Roll back ${service}?`, text, 'Roll back'),
    danger: true,
    expected: from.digest,
  }
}

/** Slack takes 100, 300 and 30 characters. */
const question = (title: string, text: string, confirm: string) => ({
  title: title.slice(0, 100),
  text: text.slice(0, 300),
  confirm,
})

/** `6 days`, `3 h`, `20 min` */
export function ran({ from, to }: { from: string; to: string }): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000))
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
