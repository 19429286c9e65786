import { isOver } from '../../../domain/alarms.ts'
import { clock } from '../../../domain/local-time.ts'
import type { RollOutRecord } from '../../../domain/table/record.ts'
import type { Status } from '../../../domain/verdicts.ts'
import { literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'
import { findings, footnote, HEADLINES, progressLines, whatRuns, why } from './words.ts'

/** Whether a record is worth a message: somebody pushed or asked, and something came of it. */
const isTold = ({ verdict, detail }: Pick<RollOutRecord, 'verdict' | 'detail'>): boolean =>
  Object.hasOwn(HEADLINES, verdict) && (verdict !== 'unchanged' || detail.asked !== undefined)

/** Under way, or ended in a way that somebody has to see to. */
const STANDING: ReadonlySet<Status> = new Set([
  ...(['waiting', 'rolling-out', 'rolled-back', 'refused', 'failed'] as const),
])

/** The one message of a roll-out, as it stands now. */
function render(record: RollOutRecord, says: Says): Notice {
  const { failure } = record
  return {
    headline: HEADLINES[record.verdict]?.(record) ?? '',
    sentences: [
      ...progressLines(record),
      ...alarmLines(record, says),
      findings(record),
      why(record, says),
      whatRuns(record),
    ].filter((sentence) => sentence !== undefined),
    log: failure && {
      title: `Last log lines of \`${literal(failure.container ?? 'the container')}\``,
      lines: failure.logs,
    },
    footnote: footnote(record, says.timeZone),
  }
}

/** Alarms that this deployment may have caused: nobody follows its thread, everybody sees this. */
function alarmLines({ alarms = {}, at }: RollOutRecord, { timeZone }: Says): string[] {
  return Object.values(alarms).map(({ name, status, at: since }) => {
    const sign = isOver(status) ? ':large_green_circle:' : ':red_circle:'
    const words = { red: 'is red since', 'no-data': 'is red, without data, since' } as const
    const how = isOver(status) ? 'was red and is over since' : words[status as keyof typeof words]
    return `${sign} *${outside(name, 255)}* ${how} ${clock(since, timeZone, at)}`
  })
}

/** Roll-outs in Slack. */
export const rollOutRenderer: Renderer<RollOutRecord> = {
  isTold,
  stands: ({ verdict, alarms = {} }) =>
    STANDING.has(verdict) || Object.values(alarms).some(({ status }) => !isOver(status)),
  render,
}
