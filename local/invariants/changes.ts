import { TAGS } from '../../domain/tags.ts'
import { isRead } from '../aws/reads.ts'
import type { Call, Trace } from './trace.ts'

/** Whether a call is made to change something, by its operation. */
export const isChange = ({ operation }: Pick<Call, 'service' | 'operation'>): boolean =>
  !isRead(operation)

/** Whether Caretaker made a call: a function or a machine of the environment. */
export const isOurs = ({ by }: Pick<Call, 'by'>): boolean => by === 'function' || by === 'machine'

/** The calls by which Caretaker has changed something. */
export const changesOf = ({ calls }: Trace): Call[] =>
  calls.filter((call) => isOurs(call) && isChange(call) && call.outcome === 'ok')

/** Whether the machine that puts to sleep and wakes has made a call. */
export const isOfSleep = ({ environment }: Trace, { run }: Call): boolean =>
  run.includes(`:execution:${environment}-sleep:`)

/** Whether a call is about Caretaker's own parts alone: its table, machines, functions, queues, events. */
export function isAboutItself(call: Call, { environment, table }: Trace): boolean {
  const { service, operation, input } = call
  if (service === 'dynamodb') return tablesIn(input).every((name) => name === table)
  if (service === 'sqs') {
    const queue = String(input.QueueUrl).split('/').at(-1) ?? ''
    return queue.startsWith(`${environment}-`) && /-(notices|dead-letters)$/.test(queue)
  }
  if (service === 'sns') return String(input.TopicArn).endsWith(`:${environment}-alarms`)
  // The clock of the next edges is a group of its own.
  if (service === 'scheduler') return input.GroupName === `${environment}-sleep`
  if (service === 'elastic-load-balancing-v2') return isWakeRule(call, environment)
  if (service === 'lambda') return namesOwn(input.FunctionName, 'function', environment)
  if (service === 'eventbridge') {
    return ((input.Entries ?? []) as { Source?: string }[]).every(
      ({ Source }) => Source === 'caretaker',
    )
  }
  if (service !== 'sfn') return false
  return (
    operation.startsWith('SendTask') || namesOwn(input.stateMachineArn, 'stateMachine', environment)
  )
}

/** A rule that leads visitors of what sleeps to the page, or the target group that it leads to. */
function isWakeRule({ operation, input, about }: Call, environment: string): boolean {
  if (operation === 'DeleteRule') return about?.tags[TAGS.environment] === environment
  const group = `:targetgroup/${environment}-wake/`
  if (operation === 'RegisterTargets') return String(input.TargetGroupArn).includes(group)
  return operation === 'CreateRule' && JSON.stringify(input.Actions).includes(group)
}

const namesOwn = (named: unknown, kind: string, environment: string): boolean =>
  typeof named === 'string' && (named.split(`:${kind}:`)[1] ?? named).startsWith(`${environment}-`)

/** The tables that a request of DynamoDB names. */
function tablesIn(input: Readonly<Record<string, unknown>>): unknown[] {
  const { TableName, TransactItems, RequestItems } = input
  if (TableName !== undefined) return [TableName]
  if (RequestItems !== undefined) return Object.keys(RequestItems as object)
  return ((TransactItems ?? []) as object[])
    .flatMap((item) => Object.values(item) as { TableName?: unknown }[])
    .map((write) => write.TableName)
}

/** An ECS service gets another task definition, or another number of tasks. */
export function isEffective({ input, about }: Call): boolean {
  const { taskDefinition, desiredCount } = input
  const differs = (asked: unknown, now: unknown) => asked !== undefined && asked !== now
  return differs(taskDefinition, about?.taskDefinition) || differs(desiredCount, about?.desired)
}
