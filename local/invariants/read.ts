import { unmarshall } from '@aws-sdk/util-dynamodb'
import { serviceOf } from '../../domain/arn.ts'
import { kindOf, readItem, type SCHEMAS } from '../../domain/table/read.ts'
import type { Aws } from '../aws/aws.ts'
import type { Table } from '../aws/dynamodb/table.ts'
import { itemSize } from '../aws/dynamodb/value.ts'
import { EventBridge } from '../aws/eventbridge/eventbridge.ts'
import type { JournalEntry } from '../aws/eventbridge/model.ts'
import type { Invoked, Said } from '../aws/lambda/invoker.ts'
import type { Execution as SimulatedExecution } from '../aws/stepfunctions/execution.ts'
import type { SlackMessage } from '../outside/slack/message.ts'
import { ask } from './ask.ts'
import type { Look } from './look.ts'
import type { Execution, Invocation, Items, Message, Taken, Task } from './trace.ts'

/** What EventBridge's journal says; of each delivery, whether it was to a function. */
export function eventsOf(journal: readonly JournalEntry[], aws: Aws): Taken[] {
  const functions = new Map<string, ReadonlySet<string>>()
  const of = (rule: string) => {
    const known = functions.get(rule) ?? functionsOf(aws, rule)
    functions.set(rule, known)
    return known
  }
  return journal.map(({ event, at, deliveries }) => ({
    id: event.id,
    at,
    source: event.source,
    type: event['detail-type'],
    resources: event.resources,
    detail: event.detail,
    deliveries: deliveries.map(({ rule, target, outcome }) => ({
      rule,
      toFunction: of(rule).has(target),
      outcome,
    })),
  }))
}

/** The ids of a rule's targets that are functions. */
function functionsOf(aws: Aws, Rule: string): ReadonlySet<string> {
  type Answer = { Targets: { Id: string; Arn: string }[] }
  const { Targets = [] } =
    ask<Answer>(aws.find(EventBridge), 'ListTargetsByRule', { Rule }) ?? ({} as Partial<Answer>)
  return new Set(Targets.filter(({ Arn }) => Arn.includes(':function:')).map(({ Id }) => Id))
}

export function executionsOf(executions: readonly SimulatedExecution[]): Execution[] {
  return executions.map(({ arn, machine, status, input, inputText, history }) => {
    const entered = history.events.flatMap(({ stateEnteredEventDetails: state, timestamp }) =>
      state === undefined ? [] : [{ name: state.name ?? '', at: timestamp?.getTime() ?? 0 }],
    )
    return {
      arn,
      machine: machine.name,
      status,
      input: input as Record<string, unknown>,
      inputBytes: Buffer.byteLength(inputText),
      largestBytes: Math.max(...history.events.map(largestIn), 0),
      states: entered,
      failedAttempts: history.events.filter(({ type }) =>
        /^Task(Failed|TimedOut)$/.test(type ?? ''),
      ).length,
    }
  })
}

/** Bytes of the largest text that one event of a history carries. */
function largestIn(event: object): number {
  const details = Object.entries(event).filter(([name]) => name.endsWith('EventDetails'))
  const texts = details.flatMap(([, detail]) => Object.values(detail as object))
  return Math.max(
    0,
    ...texts.map((text) => (typeof text === 'string' ? Buffer.byteLength(text) : 0)),
  )
}

export function invocationOf(invoked: Invoked, { payload, answer = '' }: Said): Invocation {
  const { functionName, requestId, at, outcome, errorType = '' } = invoked
  return {
    ...{ function: functionName, requestId, at: at.getTime(), outcome, errorType },
    payloadBytes: Buffer.byteLength(payload),
    answerBytes: Buffer.byteLength(answer),
    event: /^\{"version":"0","id":"([^"]+)"/.exec(payload)?.[1] ?? '',
    execution: /"execution":"(arn:[^"]+)"/.exec(payload)?.[1] ?? '',
  }
}

/** Every item of Caretaker's table as its kind; one that cannot be read has only its size. */
export function itemsOf(table: Table): Items {
  const raw = table.items()
  const items = raw.map((item) => unmarshall(item))
  const of = <Kind extends keyof typeof SCHEMAS>(kind: Kind) =>
    items
      .filter((item) => kindOf(item) === kind)
      .flatMap((item) => {
        const { pk, sk } = item as { pk: string; sk: string }
        const read = readable(kind, item)
        return read === undefined ? [] : [{ ...read, pk, sk }]
      })
  return {
    records: of('roll-out'),
    missing: of('missing-image'),
    digests: of('digest'),
    states: of('service'),
    places: of('message'),
    episodes: of('alarm'),
    pipelines: of('pipeline'),
    failures: of('failure'),
    stillRed: of('still-red'),
    alarms: of('alarm-state'),
    overrides: of('override'),
    waiting: of('held'),
    sizes: raw.map((item) => ({ key: `${item.pk?.S} ${item.sk?.S}`, bytes: itemSize(item) })),
  }
}

function readable<Kind extends keyof typeof SCHEMAS>(kind: Kind, item: Record<string, unknown>) {
  try {
    return readItem(kind, item)
  } catch {
    return undefined
  }
}

/** Messages of the notifier: those that carry the key of a record. Answers to people carry none. */
export function messagesOf(messages: readonly SlackMessage[]): Message[] {
  const own = messages.filter(({ metadata }) => metadata !== undefined)
  return own.map(({ channel, text, metadata, posted, edits, notifiedAt }) => ({
    channel,
    text,
    key: String(metadata?.event_payload.key ?? ''),
    postedAt: Date.parse(posted.at),
    changedAt: Date.parse(edits.at(-1)?.at ?? posted.at),
    notifiedAt: notifiedAt.map((at) => Date.parse(at)),
  }))
}

/** The detail of `ECS Task State Change`, as far as it is looked at. */
export type TaskDetail = {
  taskArn: string
  taskDefinitionArn: string
  clusterArn: string
  group?: string
  lastStatus: string
  createdAt: string
  stopCode?: string
  stoppedReason?: string
  containers?: { imageDigest?: string }[]
}

/** A task of a service; undefined for one that a person or a schedule started. */
export function taskOf(at: number, detail: TaskDetail, look: Look): Task | undefined {
  const { group = '', clusterArn, containers = [] } = detail
  if (!group.startsWith('service:')) return undefined
  const service = serviceOf(
    `${clusterArn.replace(':cluster/', ':service/')}/${group.slice('service:'.length)}`,
  )
  const pulled = containers.flatMap(({ imageDigest }) => imageDigest ?? [])
  return {
    at,
    arn: detail.taskArn,
    service,
    status: detail.lastStatus,
    digests: [...new Set([...pulled, ...look.pinned(detail.taskDefinitionArn).digests])],
    failed: detail.lastStatus === 'STOPPED' && stoppedByItself(detail),
    createdAt: Date.parse(detail.createdAt),
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
const stoppedByItself = ({ stopCode = '', stoppedReason = '' }: TaskDetail): boolean =>
  ['TaskFailedToStart', 'EssentialContainerExited'].includes(stopCode) ||
  stoppedReason.startsWith('Task failed')
