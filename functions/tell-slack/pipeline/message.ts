import { clock, dateAndTime } from '../../../domain/local-time.ts'
import type { PipelineRecord } from '../../../domain/table/pipeline-record.ts'
import { cut } from '../../../domain/text.ts'
import { ordinal } from '../alarm/words.ts'
import { pipelineLink } from '../links.ts'
import { dotted, duration, link, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const REASON_CHARACTERS = 500
const NAME_CHARACTERS = 100

/** CodePipeline's states in words; one that it gets later is shown by its name. */
const STATES: Record<string, readonly [sign: string, words: string]> = {
  started: [':hourglass_flowing_sand:', 'is running'],
  resumed: [':hourglass_flowing_sand:', 'is running again'],
  stopping: [':hourglass_flowing_sand:', 'is being stopped'],
  succeeded: [':white_check_mark:', 'succeeded'],
  failed: [':x:', 'failed'],
  stopped: [':black_square_for_stop:', 'was stopped'],
  superseded: [':twisted_rightwards_arrows:', 'was superseded'],
  canceled: [':no_entry_sign:', 'was canceled: the pipeline was changed'],
}

/** Executions that nobody has to see to. */
const OVER: ReadonlySet<string> = new Set(['succeeded', 'stopped', 'superseded', 'canceled'])

function headline({ verdict, subject, detail }: PipelineRecord): string {
  const [sign, words] = STATES[verdict] ?? [
    ':grey_question:',
    `is in the state ${outside(verdict, NAME_CHARACTERS)}`,
  ]
  const { attempt, comment, failed } = detail
  const name = `*${outside(subject, NAME_CHARACTERS)}*`
  const again = attempt > 1 ? ` (${ordinal(attempt)} attempt)` : ''
  const by = verdict === 'superseded' ? superseder(subject, detail) : ''
  const at = verdict === 'failed' && failed !== undefined ? ` at ${action(failed)}` : ''
  const said =
    verdict !== 'failed' && comment !== undefined && comment !== ''
      ? `: ${outside(comment, REASON_CHARACTERS)}`
      : ''
  return `${sign} ${name} ${words}${at}${by}${again}${said}`
}

/** ` by 9f3c1d2e4b5a`, with a link to that execution; its id where its commit is not known. */
function superseder(
  pipeline: string,
  { arn, supersededBy, supersededRevision }: PipelineRecord['detail'],
): string {
  if (supersededBy === undefined) return ''
  const words = supersededRevision?.slice(0, 12) ?? `execution ${supersededBy}`
  const linked = pipelineLink(arn, pipeline, supersededBy, cut(words, NAME_CHARACTERS))
  return ` by ${linked ?? outside(words, NAME_CHARACTERS)}`
}

const action = ({ stage, action }: { stage: string; action: string }): string =>
  `${outside(stage, NAME_CHARACTERS)} / ${outside(action, NAME_CHARACTERS)}`

function sentences({ verdict, reason, detail, at }: PipelineRecord, { timeZone }: Says): string[] {
  const { commit, failed, failures, comment } = detail
  const rejected =
    failed !== undefined && /reject|approval/i.test(`${failed.code} ${failed.action}`)
  const because = failed?.summary || comment || reason
  return [
    verdict === 'failed' &&
      because !== '' &&
      `${rejected ? '*Rejected:*' : '*Why:*'} ${outside(because, REASON_CHARACTERS)}`,
    verdict === 'failed' &&
      failed !== undefined &&
      failed.code !== '' &&
      `*Error:* ${outside(failed.code, NAME_CHARACTERS)}`,
    verdict === 'failed' &&
      isWebAddress(failed?.url) &&
      `*Log:* ${link(failed?.url ?? '', 'log of the action')}`,
    commit !== undefined && revision(commit),
    failures.length > 0 &&
      `*Failed before:* ${failures
        .slice(-5)
        .map((one) => clock(one, timeZone, at))
        .join(', ')}`,
  ].filter((sentence): sentence is string => typeof sentence === 'string')
}

/** Nothing else than a web address becomes a link. */
const isWebAddress = (url = ''): boolean => /^https:\/\/[^\s<>|]+$/.test(url) && url.length < 2000

function revision(commit: NonNullable<PipelineRecord['detail']['commit']>): string {
  const { id, message, author, repository, branch } = commit
  const from = [repository, branch].filter(Boolean).map((one) => outside(one, NAME_CHARACTERS))
  const subject = message.split('\n')[0] ?? ''
  return [
    `*Revision:* \`${outside(id.slice(0, 12), 12)}\``,
    subject && outside(subject, 200),
    author && `by ${outside(author, NAME_CHARACTERS)}`,
    from.length > 0 && `(${from.join(' ')})`,
  ]
    .filter(Boolean)
    .join(' ')
}

function render(record: PipelineRecord, says: Says): Notice {
  const { at, endedAt, owner, subject, detail } = record
  const { timeZone } = says
  const took =
    endedAt === undefined ? '' : `, took ${duration(Date.parse(endedAt) - Date.parse(at))}`
  return {
    headline: headline(record),
    sentences: sentences(record, says),
    footnote: dotted(
      detail.service && `service ${literal(detail.service)}`,
      owner && `owner ${literal(owner)}`,
      `started ${dateAndTime(at, timeZone)} ${timeZone}${took}`,
      pipelineLink(detail.arn, subject, detail.execution),
    ),
  }
}

/** Executions of pipelines in Slack. */
export const pipelineRenderer: Renderer<PipelineRecord> = {
  isTold: () => true,
  stands: ({ verdict }) => !OVER.has(verdict),
  render,
}
