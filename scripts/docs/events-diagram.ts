import type { Stack } from '../deploy/assembly.ts'
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
function general(resource: TemplateResource): string {
  const name = String(resource.properties.Name ?? resource.id)
  const service = resource.stack.split('Service-')[1]
  return service === undefined ? name : name.replace(`-${service}-`, '-‹service›-')
}

function causeOf({ EventPattern, ScheduleExpression }: Properties): string {
  if (EventPattern === undefined) return String(ScheduleExpression)
  const { source = [], 'detail-type': kinds = [] } = EventPattern as Record<string, string[]>
  return `${source.join(', ')}<br/>${kinds.join(', ') || 'any event'}`
}

/** What a target is called: by the name its resource is given, else by its logical id. */
function targetName(target: Properties, stack: string, all: readonly TemplateResource[]): string {
  if (target.EcsParameters !== undefined) return 'a Fargate task'
  const { Arn } = target
  const { Ref, 'Fn::GetAtt': attribute } = (Arn ?? {}) as Properties
  const id = String(Ref ?? (attribute as string[] | undefined)?.[0] ?? '')
  const found = all.find((one) => one.stack === stack && one.id === id)
  if (found === undefined) return typeof Arn === 'string' ? Arn : 'a target in another stack'
  const kind = found.type.split('::').at(-1)?.toLowerCase()
  const { StateMachineName, FunctionName, TableName, QueueName, TopicName, Name } = found.properties
  const name = StateMachineName ?? FunctionName ?? TableName ?? QueueName ?? TopicName ?? Name
  return `${kind === 'statemachine' ? 'machine' : kind} ${name ?? id}`
}
