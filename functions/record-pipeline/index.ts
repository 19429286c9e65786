import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import { isEnded, type PipelineKnown, pipelineAfter } from '../../domain/pipelines/decide.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { pipelineKey } from '../../domain/table/keys.ts'
import type { PipelineRecord } from '../../domain/table/pipeline-record.ts'
import { readItem } from '../../domain/table/read.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { lambda } from '../shared/handler.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'
import type { Table } from '../shared/table/table.ts'
import { environment, event, type PipelineEvent } from './contract.ts'
import { seenIn } from './notice.ts'
import { executionsOf, nameSuperseder, supersederOf } from './superseded.ts'

/** Events of one execution may come at the same moment: whoever is second looks again. */
const ATTEMPTS = 5

/** An execution's record was written by others again and again. */
export class RecordContended extends Error {
  override readonly name = 'RecordContended'
}

/** Brings the record of an execution of a pipeline up to date with an event of it. */
export const handler = lambda({
  name: 'record-pipeline',
  environment,
  event,
  async run(input, tools) {
    const { client, environment: settings, log, now } = tools
    const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
    const { pipeline } = input.detail
    const service = serviceOf(pipeline, tools.catalog())
    const done =
      service === undefined
        ? 'nothing: it is no pipeline of this environment'
        : await keep(table, input, service, now)
    log.info('decided', { pipeline, execution: input.detail['execution-id'], done })
    return { done }
  },
})

type Service = { name: string; team: string }

/**
 * The service that a pipeline of ours builds: it is called `<environment>-<service>`, with six
 * digits between them where that would be long. Events of pipelines carry no tags.
 */
function serviceOf(pipeline: string, { environment, services }: CompiledCatalog) {
  const found = Object.entries(services).find(([name]) => {
    const between = pipeline.slice(environment.length, -name.length)
    const isNamed = pipeline.startsWith(environment) && pipeline.endsWith(name)
    return isNamed && /^-([0-9a-f]{6}-)?$/.test(between)
  })
  return found && { name: found[0], team: found[1].team }
}

async function keep(table: Table, input: PipelineEvent, service: Service, now: Date) {
  const key = pipelineKey(input.detail.pipeline, input.detail['execution-id'])
  const subject = input.detail.pipeline
  const seen = seenIn(input)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [item] = await getItems(table, [key])
    const record = item === undefined ? undefined : readItem('pipeline', item)
    const after = pipelineAfter(record && knownIn(record), seen)
    if (after === undefined) return 'nothing: it is known already'
    const next = recordOf(input, { record, after, service, now })
    const known = isNews(record, next) ? await executionsOf(table, subject) : []
    if (!(await nameSuperseder(table, known, next))) continue
    const by = supersederOf(
      next,
      known.map((one) => one.record),
    )
    const { supersededBy, supersededRevision } = record?.detail ?? {}
    const detail = { ...next.detail, supersededBy, supersededRevision, ...by }
    const revision = record?.revision ?? 0
    const isWritten = await putItem(table, {
      item: { ...item, ...next, detail, revision: revision + 1 },
      condition: 'attribute_not_exists(pk) OR revision = :revision',
      values: { ':revision': revision },
    })
    if (isWritten) return `recorded as ${after.verdict}`
  }
  throw new RecordContended(`${key.sk} was written by others ${ATTEMPTS} times in a row`)
}

/** Whether the pipeline's other executions are looked at: one began, or one gave way to another. */
const isNews = (before: PipelineRecord | undefined, next: PipelineRecord): boolean =>
  before === undefined ||
  before.at !== next.at ||
  before.detail.commit?.id !== next.detail.commit?.id ||
  (before.verdict !== next.verdict && next.verdict === 'superseded')

const knownIn = ({ verdict, detail }: PipelineRecord): PipelineKnown => {
  const { attempt, changedAt, failures, failed, commit, comment } = detail
  return {
    verdict,
    attempt,
    changedAt,
    failures,
    ...(commit && { commit }),
    ...(comment !== undefined && { comment }),
    ...(failed && { failed }),
  }
}

type Recorded = {
  record: PipelineRecord | undefined
  after: PipelineKnown
  service: Service
  now: Date
}

function recordOf(input: PipelineEvent, { record, after, service, now }: Recorded): PipelineRecord {
  const { detail, resources, time } = input
  const { verdict, ...known } = after
  const at = [...(record === undefined ? [] : [record.at]), begunAt(input)].toSorted()[0] ?? time
  return {
    ...pipelineKey(detail.pipeline, detail['execution-id']),
    version: VERSION,
    kind: 'pipeline',
    subject: detail.pipeline,
    revision: record?.revision ?? 0,
    owner: service.team,
    verdict,
    at,
    startedAt: at,
    ...(isEnded(verdict) && known.changedAt !== '' && { endedAt: instant(known.changedAt) }),
    reason: record?.reason ?? '',
    execution: '',
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      execution: detail['execution-id'],
      arn: resources[0],
      service: service.name,
      ...known,
    },
  }
}

/** When an execution began; an action's own begin is later, and says only that. */
function begunAt(input: PipelineEvent): string {
  const isAction = input['detail-type'] === 'CodePipeline Action Execution State Change'
  return instant((isAction ? undefined : input.detail['start-time']) ?? input.time)
}
