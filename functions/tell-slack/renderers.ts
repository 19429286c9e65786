import type { Told } from '../../domain/acts/offers.ts'
import { alarmRenderer } from './alarm/message.ts'
import { anomalyRenderer } from './budgets/anomaly.ts'
import { budgetRenderer } from './budgets/message.ts'
import { failureRenderer } from './failure/message.ts'
import { dotted, type Message, plain } from './markup.ts'
import { missingImageRenderer } from './missing-image/message.ts'
import { compose, type Says } from './notice.ts'
import { pipelineRenderer } from './pipeline/message.ts'
import type { Renderer } from './renderer.ts'
import { rollOutRenderer } from './roll-out/message.ts'
import { savingsRenderer } from './savings/message.ts'
import { sleepFactRenderer } from './sleep/fact.ts'
import { sleepRenderer } from './sleep/message.ts'
import { stillRedRenderer } from './still-red/message.ts'
import { tagNoticeRenderer } from './tags/notice.ts'
import { tagReportRenderer } from './tags/report.ts'
import { tagsLostRenderer } from './tags-lost/message.ts'
import { waysIn } from './ways.ts'

/** How records are told, by their kind. */
export const RENDERERS = {
  'roll-out': rollOutRenderer,
  alarm: alarmRenderer,
  'still-red': stillRedRenderer,
  pipeline: pipelineRenderer,
  failure: failureRenderer,
  'missing-image': missingImageRenderer,
  'tags-lost': tagsLostRenderer,
  sleep: sleepRenderer,
  'sleep-fact': sleepFactRenderer,
  savings: savingsRenderer,
  'tag-notice': tagNoticeRenderer,
  'tag-report': tagReportRenderer,
  budget: budgetRenderer,
  anomaly: anomalyRenderer,
} satisfies { [Kind in Told['kind']]: Renderer<Extract<Told, { kind: Kind }>> }

const rendererOf = (record: Told): Renderer<Told> => RENDERERS[record.kind] as Renderer<Told>

/** Whether a record, as it stands, is worth a message; one that is held is, once it is released. */
export const isTold = (record: Told): boolean => rendererOf(record).isTold(record)

/** Whether it still wants somebody's eyes, or is under way. */
export const stands = (record: Told): boolean => rendererOf(record).stands(record)

/** The one message of a record, as it stands now. */
export function render(record: Told, says: Says): Message {
  const notice = rendererOf(record).render(record, says)
  const footnote = dotted(notice.footnote, ...waysIn(record, says))
  return compose({ ...notice, footnote }, says)
}

/** A record in one line of a summary, in markup. */
export const lineOf = (record: Told, says: Says): string =>
  rendererOf(record).render(record, says).headline

/** The same as it is read out. */
export const sentenceOf = (record: Told, says: Says): string => plain(lineOf(record, says))
