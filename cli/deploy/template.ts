import { NAMED_BY } from '../../local/cloudformation/holdings.ts'
import type { Template, TemplateResource } from '../../scripts/assembly.ts'

/** What one stack's template says that matters to others. Pure. */

/** CloudFormation answers every character that is not ASCII as `?`; so both sides are read so. */
export function mangled(template: unknown): unknown {
  return JSON.parse(JSON.stringify(template).replace(/[\u{80}-\u{10ffff}]/gu, '?'))
}

/** The values a template exports, by name. */
export function exportsOf({ Outputs = {} }: Template): Map<string, unknown> {
  return new Map(
    Object.values(Outputs).flatMap(({ Value, Export }) =>
      Export === undefined ? [] : [[String(Export.Name), Value] as const],
    ),
  )
}

/** The names of the exports that a template imports. */
export function importsOf(template: Template): Set<string> {
  const found = new Set<string>()
  collect(template.Resources, found)
  collect(template.Outputs, found)
  return found
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'Fn::ImportValue' && typeof inner === 'string') into.add(inner)
    else collect(inner, into)
  }
}

/** The logical id that `Ref` or `Fn::GetAtt` names. */
export function referredTo(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: unknown }
  return Ref ?? (Array.isArray(attribute) ? String(attribute[0]) : undefined)
}

/**
 * What only one resource of an account can have: its name, a port of a load balancer, a place in
 * the order of its rules. Undefined for a resource that CloudFormation names.
 */
export function identityOf({ Type, Properties = {} }: TemplateResource): string | undefined {
  const parts = IDENTITIES[Type] ?? (NAMED_BY[Type] === undefined ? [] : [NAMED_BY[Type]])
  const values = parts.map((path) => at(Properties, path))
  if (values.length === 0 || values.includes(undefined)) return undefined
  return `${Type} ${values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ')}`
}

const IDENTITIES: Readonly<Record<string, string[]>> = {
  'AWS::ECS::Service': ['Cluster', 'ServiceName'],
  'AWS::ElasticLoadBalancingV2::Listener': ['LoadBalancerArn', 'Port'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['ListenerArn', 'Priority'],
  'AWS::ServiceDiscovery::Service': ['NamespaceId', 'Name'],
}

function at(properties: Record<string, unknown>, path: string): unknown {
  let value: unknown = properties
  for (const member of path.split('.')) {
    value = (value as Record<string, unknown> | undefined)?.[member]
  }
  return value
}
