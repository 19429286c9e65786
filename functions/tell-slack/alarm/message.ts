import { isOver } from '../../../domain/alarms.ts'
import { dateAndTime } from '../../../domain/local-time.ts'
import type { AlarmRecord } from '../../../domain/table/alarm-record.ts'
import { alarmLink, runbookLink } from '../links.ts'
import { dotted, literal } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'
import { headline, sentences } from './words.ts'

/** The one message of an episode of an alarm, as it stands now. */
function render(record: AlarmRecord, says: Says): Notice {
  const { detail, at, owner } = record
  const { arn, name, severity, description, service, metric } = detail
  const { timeZone } = says
  const [, runbook] = /docs\/runbooks\/([\w-]+)\.md/.exec(description) ?? []
  const notes = [
    metric && literal(metric.namespace),
    service && `service ${literal(service)}`,
    owner && `owner ${literal(owner)}`,
    severity === 'page' ? 'notifies at any hour' : undefined,
    `since ${dateAndTime(at, timeZone)} ${timeZone}`,
    // Its path is in the description already.
    runbook && says.runbooks && runbookLink(runbook, says),
    alarmLink(arn, name),
  ]
  return {
    headline: headline(record, timeZone),
    sentences: sentences(record, timeZone),
    footnote: dotted(...notes),
  }
}

/** Alarms in Slack. */
export const alarmRenderer: Renderer<AlarmRecord> = {
  isTold: () => true,
  stands: ({ verdict }) => !isOver(verdict),
  render,
}
