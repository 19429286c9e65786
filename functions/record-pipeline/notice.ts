import type { PipelineSeen } from '../../domain/pipelines/decide.ts'
import { cut, REASON_CHARACTERS } from '../../domain/text.ts'
import { instant } from '../../domain/time.ts'
import type { PipelineChanged } from '../../events/pipeline-changed.ts'
import type { PipelineEvent } from './contract.ts'

const NAME_CHARACTERS = 100
const URL_CHARACTERS = 1000

/** What an event says of an execution. Text from outside is cut. */
export function seenIn({ 'detail-type': type, detail, time }: PipelineEvent): PipelineSeen {
  const at = new Date(time).toISOString()
  const attempt = detail['pipeline-execution-attempt'] ?? 1
  if (type === 'CodePipeline Action Execution State Change') {
    const result = detail['execution-result'] ?? {}
    return {
      attempt,
      at,
      failed: {
        stage: cut(detail.stage, NAME_CHARACTERS),
        action: cut(detail.action, NAME_CHARACTERS),
        summary: cut(result['external-execution-summary'] ?? '', REASON_CHARACTERS),
        code: cut(result['error-code'] ?? '', NAME_CHARACTERS),
        url: urlIn(result['external-execution-url']),
        at: instant(at),
      },
    }
  }
  const comment = detail['stop-execution-comments']
  const commit = commitIn(detail['execution-trigger'])
  return {
    verdict: cut(detail.state.toLowerCase(), NAME_CHARACTERS),
    attempt,
    at,
    ...(comment ? { comment: cut(comment, REASON_CHARACTERS) } : {}),
    ...(commit && { commit }),
  }
}

function commitIn(trigger: PipelineChanged['detail']['execution-trigger']) {
  const id = trigger?.['commit-id']
  if (trigger == null || !id) return undefined
  return {
    id: cut(id, NAME_CHARACTERS),
    message: cut(trigger['commit-message'] ?? '', REASON_CHARACTERS),
    author: cut(trigger['author-display-name'] ?? trigger['author-email'] ?? '', NAME_CHARACTERS),
    repository: cut(trigger['full-repository-name'] ?? '', NAME_CHARACTERS),
    branch: cut(trigger['branch-name'] ?? trigger['tag-name'] ?? '', NAME_CHARACTERS),
  }
}

/** An address that is cut leads nowhere. */
const urlIn = (url: string | null | undefined): string =>
  url != null && url.length <= URL_CHARACTERS && url.startsWith('https://') ? url : ''
