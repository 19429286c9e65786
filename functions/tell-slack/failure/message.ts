import { dateAndTime } from '../../../domain/local-time.ts'
import type { FailureRecord } from '../../../domain/table/failure-record.ts'
import { executionLink, runbookLink } from '../links.ts'
import { dotted, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const WORDS = {
  failed: 'failed',
  'timed-out': 'took too long and was ended',
  aborted: 'was ended by somebody',
}
const REASON_CHARACTERS = 500

function render(record: FailureRecord, says: Says): Notice {
  const { verdict, subject, reason, at, owner, detail } = record
  const { error, service, runbook, arn } = detail
  const { timeZone } = says
  return {
    headline: `:rotating_light: *${outside(subject, 255)}* ${WORDS[verdict]}`,
    sentences: [
      ...(service === undefined ? [] : [`*Service:* ${outside(service, 255)}`]),
      ...(error === '' ? [] : [`*Error:* ${outside(error, REASON_CHARACTERS)}`]),
      ...(reason === '' ? [] : [`*Why:* ${outside(reason, REASON_CHARACTERS)}`]),
      `*What to do:* ${runbookLink(runbook, says)}`,
    ],
    footnote: dotted(
      owner && `owner ${literal(owner)}`,
      `${dateAndTime(at, timeZone)} ${timeZone}`,
      executionLink(arn),
    ),
  }
}

/** Failures of Caretaker's own in Slack. */
export const failureRenderer: Renderer<FailureRecord> = {
  // Whoever stops an execution knows of it, and what it was about is finished by the sweep.
  isTold: ({ verdict }) => verdict !== 'aborted',
  stands: () => true,
  render,
}
