import type { Stack } from '../assembly.ts'
import { type Properties, resourcesOf, type TemplateResource } from './template.ts'

/** What begins something, and what is begun: rules, schedules and streams alike. */
type Edge = { from: string; by: string; to: string }

/**
 * Mermaid: events → rules → targets, and schedules and streams, as the templates have them. Rules
 * that every service with a database (or every job) has are drawn once.
 */
export function eventsDiagram(stacks: readonly Stack[]): string {
  const resources = resourcesOf(stacks)
  const edges = resources.flatMap((resource) => edgesOf(resource, resources))
  const unique = new Map(edges.map((edge) => [JSON.stringify(edge), edge]))
  const ids = new Map<string, string>()
  const node = (text: string, [open, close]: readonly [string, string]) => {
    const known = ids.get(text)
    if (known !== undefined) return known
    ids.set(text, `n${ids.size}`)
    return `n${ids.size - 1}${open}"${text}"${close}`
  }
  const lines = [...unique.values()].map(
    ({ from, by, to }) =>
      `  ${node(from, ['([', '])'])} --> ${node(by, ['[', ']'])} --> ${node(to, ['[[', ']]'])}`,
  )
  return ['flowchart LR', ...lines].join('\n')
}

function edgesOf(resource: TemplateResource, all: readonly TemplateResource[]): Edge[] {
  const { type, properties } = resource
  const to = (target: Properties) => targetName(target, resource.stack, all)
  if (type === 'AWS::Events::Rule') {
    const targets = (properties.Targets ?? []) as Properties[]
    const by = `rule ${general(resource)}`
    return targets.map((target) => ({ from: causeOf(properties), by, to: to(target) }))
  }
  if (type === 'AWS::Scheduler::Schedule') {
    const from = isOwn(resource) ? 'its own schedule' : String(properties.ScheduleExpression)
    const target = properties.Target as Properties
    return [{ from, by: `schedule ${general(resource)}`, to: to(target) }]
  }
  if (type === 'AWS::Lambda::EventSourceMapping') {
    const from = `${to({ Arn: properties.EventSourceArn })} changes`
    return [{ from, by: 'event source mapping', to: to({ Arn: properties.FunctionName }) }]
  }
  return []
}

const isOwn = ({ stack }: TemplateResource): boolean => stack.includes('Service-')

/** `dev-payments-database` of a service's stack is `dev-‹service›-database`. */
function general({ stack, id, properties }: TemplateResource): string {
  return String(properties.Name ?? id).replace(serviceIn(stack), '$1‹service›')
}

function causeOf({ EventPattern, ScheduleExpression }: Properties): string {
  if (EventPattern === undefined) return String(ScheduleExpression)
  const { source = [], 'detail-type': kinds = [] } = EventPattern as Record<string, string[]>
  return `${source.join(', ')}<br/>${kinds.join(', ') || 'any event'}`
}

/** What a target is called: by the name its resource is given, else by its logical id. */
function targetName(target: Properties, stack: string, all: readonly TemplateResource[]): string {
  if (target.EcsParameters !== undefined) return 'a Fargate task'
  const ids = referredIn(target.Arn)
  const found = all.find((one) => one.stack === stack && ids.includes(one.id))
  if (found === undefined) return namedByArn(target.Arn)
  const { StateMachineName, FunctionName, TableName, QueueName, LogGroupName, Name } =
    found.properties
  const name = StateMachineName ?? FunctionName ?? TableName ?? QueueName ?? LogGroupName ?? Name
  return `${KINDS[found.type] ?? found.type} ${name ?? found.id}`.replace(
    serviceIn(stack),
    '$1‹service›',
  )
}

const KINDS: Readonly<Record<string, string>> = {
  'AWS::StepFunctions::StateMachine': 'machine',
  'AWS::Lambda::Function': 'function',
  'AWS::DynamoDB::Table': 'table',
  'AWS::SQS::Queue': 'queue',
  'AWS::SNS::Topic': 'topic',
  'AWS::Logs::LogGroup': 'log group',
}

const SERVICES: Readonly<Record<string, string>> = {
  states: 'machine',
  lambda: 'function',
  sqs: 'queue',
  sns: 'topic',
}

/** `arn:aws:sns:eu-central-1:…:dev-notices`, put together by name, is `topic dev-notices`. */
function namedByArn(value: unknown): string {
  const { 'Fn::Join': [, parts] = ['', [value]] } = value as { 'Fn::Join'?: [string, unknown[]] }
  const arn = parts.map((part) => (typeof part === 'string' ? part : 'account')).join('')
  const [, , service = '', , , ...resource] = arn.split(':')
  return `${SERVICES[service] ?? service} ${resource.join(':')}`
}

/** The name of a service's stack's service, behind a hyphen; in other stacks nothing. */
function serviceIn(stack: string): RegExp {
  const service = stack.split('Service-')[1]
  return service === undefined ? /$^/ : new RegExp(`(-)${service}(?=-|$)`)
}

/** Logical ids a value refers to, however deep: an ARN may be put together around one. */
function referredIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referredIn)
  if (typeof value !== 'object' || value === null) return []
  const { Ref, 'Fn::GetAtt': attribute, ...rest } = value as Properties
  const [id] = (attribute ?? []) as string[]
  return [Ref, id, ...Object.values(rest).flatMap(referredIn)].flatMap((one) =>
    one === undefined ? [] : [String(one)],
  )
}
