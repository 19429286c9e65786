import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as z from 'zod/mini'
import { serviceOf } from '../../domain/arn.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import type { FailureRecord } from '../../domain/table/failure-record.ts'
import { failureKey } from '../../domain/table/keys.ts'
import { VERSION } from '../../domain/table/version.ts'
import { cut, REASON_CHARACTERS } from '../../domain/text.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import { lambda } from '../shared/handler.ts'
import { putItem } from '../shared/table/put.ts'
import { environment, event } from './contract.ts'

/** What each of Step Functions' ends is called, and the page that says what to do. */
const ENDS = {
  FAILED: ['failed', 'failed'],
  TIMED_OUT: ['timed-out', 'timed-out'],
  ABORTED: ['aborted', 'failed'],
} as const

/** Records an execution of a machine of Caretaker's own that did not end well. */
export const handler = lambda({
  name: 'record-failure',
  environment,
  event,
  async run({ detail, time }, tools) {
    const { client, environment: settings, log, now } = tools
    const machine = detail.stateMachineArn.split(':').at(-1) ?? ''
    const feature = Object.hasOwn(settings.MACHINES, machine)
      ? settings.MACHINES[machine]
      : undefined
    if (feature === undefined) {
      log.info('decided', { machine, done: 'nothing', because: 'it is no machine of ours' })
      return { done: 'nothing' }
    }
    const service = serviceIn(detail.input)
    const { services, owner } = tools.catalog()
    const name = service?.split('/').at(-1)
    const team = name !== undefined && Object.hasOwn(services, name) ? services[name]?.team : owner
    const [verdict, page] = ENDS[detail.status]
    const at = instant(new Date(detail.stopDate ?? time))
    const record: FailureRecord = {
      ...failureKey(at, detail.name),
      version: VERSION,
      kind: 'failure',
      verdict,
      subject: machine,
      owner: team ?? owner,
      at,
      startedAt: instant(new Date(detail.startDate)),
      endedAt: at,
      reason: cut(messageIn(detail.cause ?? ''), REASON_CHARACTERS),
      execution: detail.executionArn,
      expires: epochSeconds(now) + KEPT_SECONDS,
      detail: {
        arn: detail.executionArn,
        error: cut(detail.error ?? '', 100),
        runbook: `${feature}-${page}`,
        ...(service !== undefined && { service }),
      },
    }
    const table = { client: client(DynamoDBClient), name: settings.TABLE_NAME }
    const isNew = await putItem(table, { item: record, condition: 'attribute_not_exists(pk)' })
    const done = isNew ? `recorded as ${verdict}` : 'nothing: it is known already'
    log.info('decided', { machine, execution: detail.name, done })
    return { done }
  },
})

/** What Lambda says of a function's error holds its trace too, which tells nobody what to do. */
const thrown = z.object({ errorType: z.string(), errorMessage: z.string() })

function messageIn(cause: string): string {
  try {
    const { errorType, errorMessage } = thrown.parse(JSON.parse(cause))
    return `${errorType}: ${errorMessage}`
  } catch {
    return cause
  }
}

const input = z.object({ service: z.string() })

/** The service that an execution was about; a person may start one with anything. */
function serviceIn(text: string | null | undefined): string | undefined {
  try {
    const read = input.safeParse(JSON.parse(text ?? ''))
    return read.success ? cut(serviceOf(read.data.service), 200) : undefined
  } catch {
    return undefined
  }
}
