import { marshall } from '@aws-sdk/util-dynamodb'
import type { Told } from '../../domain/acts/offers.ts'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import type { FailureRecord } from '../../domain/table/failure-record.ts'
import { episodeKey, failureKey, type Key, pipelineKey } from '../../domain/table/keys.ts'
import type { PipelineRecord } from '../../domain/table/pipeline-record.ts'
import type { Notification } from '../../local/aws/sns/model.ts'
import type { SlackMessage } from '../../local/outside/slack/slack.ts'
import type { Stage } from './roll-outs.ts'

/** Records as those who write them do, and what becomes of them in Slack. */

const ARN = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:'
const AT = '2026-03-02T09:00:00Z'
export const OLD = `sha256:${'41ab'.repeat(16)}`
export const NEW = `sha256:${'9f3c'.repeat(16)}`

type Parts<Kind extends Told> = Partial<Omit<Kind, 'detail'>> & { detail?: Partial<Kind['detail']> }

/** An episode of an alarm of storefront's `web`, red since 09:00 UTC, which is 10:00 in Berlin. */
export function alarm(name = 'dev-web-errors', { detail, ...parts }: Parts<AlarmRecord> = {}) {
  const subject = parts.subject ?? `${ARN}${name}`
  const at = parts.at ?? AT
  const record: AlarmRecord = {
    ...episodeKey(subject, at),
    ...{ version: 2, kind: 'alarm', verdict: 'red', subject, owner: 'storefront', at },
    reason: 'Threshold Crossed: 1 datapoint [12.0 (02/03/26 08:59:00)] was greater than 5.0.',
    execution: '',
    ...parts,
    detail: {
      ...{ arn: `${ARN}${name}`, name, type: 'metric', severity: 'look', redSince: at },
      description: 'web answers with errors. What to do: docs/runbooks/service-errors.md',
      metric: {
        ...{ namespace: 'AWS/ApplicationELB', name: 'HTTPCode_Target_5XX_Count' },
        ...{ dimensions: { TargetGroup: 'targetgroup/web' }, statistic: 'Sum', period: 60 },
      },
      threshold: 5,
      datapoints: [3, 7, 12],
      ...{ service: 'web', serviceId: 'dev-frontend/web', reds: 1, children: [] },
      ...detail,
    },
  }
  return record
}

/** An execution of web's pipeline. */
export function pipeline(verdict = 'failed', { detail, ...parts }: Parts<PipelineRecord> = {}) {
  const execution = '11111111-2222-3333-4444-555555555555'
  const record: PipelineRecord = {
    ...pipelineKey('dev-web', execution),
    ...{ version: 2, kind: 'pipeline', verdict, subject: 'dev-web', owner: 'storefront', at: AT },
    ...{ reason: '', execution: '', revision: 0 },
    ...parts,
    detail: {
      ...{ execution, arn: 'arn:aws:codepipeline:eu-central-1:123456789012:dev-web' },
      ...{ attempt: 1, changedAt: AT, service: 'web', failures: [] },
      ...detail,
    },
  }
  return record
}

/** An execution of roll-out that failed. */
export function failure({ detail, ...parts }: Parts<FailureRecord> = {}) {
  const record: FailureRecord = {
    ...failureKey(AT, 'one'),
    ...{ version: 2, kind: 'failure', verdict: 'failed', subject: 'dev-roll-out', owner: '' },
    ...{ at: AT, reason: 'it ended with an error', execution: '' },
    ...parts,
    detail: {
      arn: 'arn:aws:states:eu-central-1:123456789012:execution:dev-roll-out:one',
      ...{ error: 'States.Runtime', runbook: 'roll-out-failed', ...detail },
    },
  }
  return record
}

/** Writes a record, or writes it anew. */
export async function put(stage: Stage, record: Told & Key): Promise<void> {
  const Item = marshall(record, { removeUndefinedValues: true })
  await stage.call('dynamodb', 'PutItem', { TableName: 'dev-caretaker', Item })
}

/** The same record, changed. */
export const changed = <Kind extends AlarmRecord | PipelineRecord>(
  record: Kind,
  { detail, ...parts }: Parts<Kind>,
): Kind => ({ ...record, ...parts, detail: { ...record.detail, ...detail } })

/** The instant of the stage's clock, in whole seconds. */
export const nowOf = ({ simulation }: Stage): string =>
  `${simulation.world.date.toISOString().slice(0, 19)}Z`

/** What stands in Slack, as `<channel> <text>`. */
export const said = ({ simulation }: Stage): string[] =>
  simulation.slack.messages.map(({ channel, text }) => `${channel} ${text}`)

export const messagesOf = ({ simulation }: Stage, name: string): SlackMessage[] =>
  simulation.slack.messages.filter(({ text }) => text.includes(name))

/** How often a method of Slack's was called since the stage was opened. */
export function countCalls({ simulation }: Stage): Map<string, number> {
  const counted = new Map<string, number>()
  const { slack } = simulation
  const handle = slack.handle.bind(slack)
  slack.handle = (request) => {
    const method = new URL(request.url).pathname.replace('/api/', '')
    counted.set(method, (counted.get(method) ?? 0) + 1)
    return handle(request)
  }
  return counted
}

/** What the notifier sent by e-mail; alarms with an action of their own have other subjects. */
export function mails({ simulation }: Stage): Notification[] {
  return simulation.sns.journal
    .map(({ notification }) => notification)
    .filter(({ subject }) => subject?.startsWith('dev: '))
}
