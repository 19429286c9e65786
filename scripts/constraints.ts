import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Constraints, ShapeRule } from '../local/aws/constraints/rules.ts'
import { Simulation } from '../local/simulation/simulation.ts'

/**
 * Reads `local/aws/constraints/constraints.json` anew from AWS's own models, which botocore
 * publishes (Apache-2.0):
 *
 *     pip download botocore --no-deps && unzip botocore-*.whl -d /tmp/botocore
 *     node scripts/constraints.ts /tmp/botocore
 */
const FILE = 'local/aws/constraints/constraints.json'

/** What botocore calls a service, where the SDK for JavaScript calls it otherwise. */
const FOLDERS: Readonly<Record<string, string>> = {
  'application-auto-scaling': 'application-autoscaling',
  'auto-scaling': 'autoscaling',
  'cloudwatch-logs': 'logs',
  'cost-explorer': 'ce',
  'dynamodb-streams': 'dynamodbstreams',
  'elastic-load-balancing-v2': 'elbv2',
  eventbridge: 'events',
  'resource-groups-tagging-api': 'resourcegroupstaggingapi',
  'secrets-manager': 'secretsmanager',
  sfn: 'stepfunctions',
}

type Shape = {
  type: string
  members?: Record<string, { shape: string }>
  member?: { shape: string }
  key?: { shape: string }
  value?: { shape: string }
  required?: string[]
  enum?: string[]
  pattern?: string
  min?: number
  max?: number
  sensitive?: boolean
}

export type Model = {
  operations: Record<string, { input?: { shape: string } }>
  shapes: Record<string, Shape>
}

/** The rules of the inputs of these operations; shapes without a rule in or below them are left out. */
export function rulesOf(
  model: Model,
  operations: readonly string[],
): Constraints['services'][string] {
  const inputs: Record<string, string> = {}
  for (const name of operations) {
    const shape = model.operations[name]?.input?.shape
    if (shape !== undefined && hasRules(model, shape)) inputs[name] = shape
  }
  const shapes: Record<string, ShapeRule> = {}
  const open = Object.values(inputs)
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (shapes[name] !== undefined) continue
    const rule = ruleOf(model, name)
    shapes[name] = rule
    const { member, key, value, members = {} } = rule
    open.push(...[member, key, value, ...Object.values(members)].filter((one) => one !== undefined))
  }
  const sorted = Object.entries(shapes).sort(([one], [other]) => (one < other ? -1 : 1))
  return { operations: inputs, shapes: Object.fromEntries(sorted) }
}

function ruleOf(model: Model, name: string): ShapeRule {
  const shape = model.shapes[name] as Shape
  const below = (one: { shape: string } | undefined) =>
    one !== undefined && hasRules(model, one.shape) ? one.shape : undefined
  const members = Object.entries(shape.members ?? {}).flatMap(([member, one]) => {
    const rule = below(one)
    return rule === undefined ? [] : [[member, rule]]
  })
  const own = {
    type: kindOf(shape.type),
    member: below(shape.member),
    key: below(shape.key),
    value: below(shape.value),
    members: members.length === 0 ? undefined : Object.fromEntries(members),
    required: shape.required?.length ? shape.required : undefined,
    enum: shape.enum,
    pattern: shape.pattern,
    min: least(shape),
    max: shape.max,
    sensitive: shape.sensitive,
  }
  const said = Object.entries(own).filter(([, value]) => value !== undefined)
  return Object.fromEntries(said) as ShapeRule
}

function kindOf(type: string): ShapeRule['type'] {
  if (type === 'structure' || type === 'list' || type === 'map') return type
  if (type === 'string' || type === 'blob') return type
  return 'number'
}

/** That a length is not negative says nothing. */
const least = ({ type, min }: Shape): number | undefined =>
  min === 0 && kindOf(type) !== 'number' ? undefined : min

/** Whether something can be wrong with a value of this shape, or below it. Shapes may hold themselves. */
function hasRules({ shapes }: Model, start: string): boolean {
  const seen = new Set<string>()
  const open = [start]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const shape = shapes[name]
    if (shape === undefined) continue
    const { members = {}, member, key, value, required = [] } = shape
    const { enum: values, pattern, max } = shape
    const own = [values, pattern, least(shape), max]
    if (required.length > 0 || own.some((one) => one !== undefined)) return true
    const inner = [member, key, value, ...Object.values(members)]
    open.push(...inner.flatMap((one) => (one === undefined ? [] : [one.shape])))
  }
  return false
}

function modelOf(botocore: string, service: string): Model {
  const folder = join(botocore, 'botocore/data', FOLDERS[service] ?? service)
  const version = readdirSync(folder).sort().at(-1) ?? ''
  const packed = readFileSync(join(folder, version, 'service-2.json.gz'))
  return JSON.parse(gunzipSync(packed).toString()) as Model
}

/** A line for each shape, so that a change of AWS's models can be read. */
function written({ source, services }: Constraints): string {
  const lines = Object.entries(services).map(([id, { operations, shapes }]) => {
    const each = Object.entries(shapes).map(
      ([name, rule]) => `   ${JSON.stringify(name)}: ${JSON.stringify(rule)}`,
    )
    return ` ${JSON.stringify(id)}: {"operations": ${JSON.stringify(operations)}, "shapes": {\n${each.join(',\n')}\n }}`
  })
  return `{"source": ${JSON.stringify(source)}, "services": {\n${lines.join(',\n')}\n}}\n`
}

if (import.meta.main) {
  const botocore = process.argv[2]
  if (botocore === undefined) {
    throw new Error('Say where botocore is unpacked: node scripts/constraints.ts /tmp/botocore')
  }
  const said = readFileSync(join(botocore, 'botocore/__init__.py'), 'utf8')
  const version = /__version__ = '([^']+)'/.exec(said)?.[1] ?? 'of an unknown version'
  const { aws } = await Simulation.open({ seed: 1, start: new Date('2026-03-02T09:00:00Z') })
  const services = aws.services.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const rules = services.map(({ id, operations }) => [
    id,
    rulesOf(modelOf(botocore, id), Object.keys(operations).sort()),
  ])
  const source = `AWS's API models, by botocore ${version}, Apache-2.0; written by scripts/constraints.ts`
  writeFileSync(FILE, written({ source, services: Object.fromEntries(rules) }))
}
