import { FromStringShapeDeserializer } from '@smithy/core/protocols'
import type { NormalizedSchema } from '@smithy/core/schema'
import { capitalized } from '../../aws/names.ts'

/** One level of the form's dotted names: `Tags.member.1.Key=a` is a tree four deep. */
type Tree = { value?: string; below: Map<string, Tree> }

/** ISO 8601 unless the member says otherwise. */
const DATE_TIME = 5
const scalars = new FromStringShapeDeserializer({
  timestampFormat: { useTrait: true, default: DATE_TIME },
  httpBindings: false,
})

/**
 * The input behind a form of the query protocol.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 *
 * @param ec2 whether it is EC2's kind of that: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export function readForm(
  form: URLSearchParams,
  schema: NormalizedSchema,
  ec2: boolean,
): Record<string, unknown> {
  const tree: Tree = { below: new Map() }
  for (const [name, value] of form) insert(tree, name.split('.'), value)
  return schema.isUnitSchema() ? {} : readStructure(tree, schema, ec2)
}

function insert(tree: Tree, [name, ...rest]: string[], value: string): void {
  if (name === undefined) {
    tree.value = value
    return
  }
  const below: Tree = tree.below.get(name) ?? { below: new Map() }
  tree.below.set(name, below)
  insert(below, rest, value)
}

function readStructure(
  tree: Tree,
  schema: NormalizedSchema,
  ec2: boolean,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  const left = new Map(tree.below)
  for (const [name, member] of schema.structIterator()) {
    const outside = outsideName(name, member, ec2)
    const found = left.get(outside)
    if (found !== undefined) result[name] = readValue(found, member, ec2)
    // Two members of SQS's ReceiveMessage have one name out there; it is read once.
    left.delete(outside)
  }
  return result
}

function outsideName(name: string, member: NormalizedSchema, ec2: boolean): string {
  const { xmlName = name, ec2QueryName } = member.getMergedTraits()
  return ec2 ? String(ec2QueryName ?? capitalized(xmlName)) : xmlName
}

function readValue(tree: Tree, schema: NormalizedSchema, ec2: boolean): unknown {
  if (schema.isListSchema()) return readList(tree, schema, ec2)
  if (schema.isMapSchema()) return readMap(tree, schema, ec2)
  if (schema.isStructSchema()) return readStructure(tree, schema, ec2)
  return scalars.read(schema, tree.value ?? '')
}

/** `Names.member.1`, or `Names.1` for a flattened list, as all of EC2's are; `Names=` is empty. */
function readList(tree: Tree, schema: NormalizedSchema, ec2: boolean): unknown[] {
  const item = schema.getValueSchema()
  const { xmlName = 'member' } = item.getMergedTraits()
  const flat = ec2 || Boolean(schema.getMergedTraits().xmlFlattened)
  return numbered(flat ? tree : tree.below.get(xmlName)).map((one) => readValue(one, item, ec2))
}

/** `Attributes.entry.1.key` and `.value`, or `Attribute.1.Name` and `.Value` for a flattened map. */
function readMap(tree: Tree, schema: NormalizedSchema, ec2: boolean): Record<string, unknown> {
  const value = schema.getValueSchema()
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key'
  const valueName = value.getMergedTraits().xmlName ?? 'value'
  const flat = schema.getMergedTraits().xmlFlattened
  const entries = numbered(flat ? tree : tree.below.get('entry')).map(({ below }) => [
    below.get(keyName)?.value ?? '',
    readValue(below.get(valueName) ?? { below: new Map() }, value, ec2),
  ])
  return Object.fromEntries(entries)
}

/** The elements of a list or map in the order of their numbers, whatever the form's order was. */
function numbered(tree: Tree | undefined): Tree[] {
  return [...(tree?.below ?? [])]
    .sort(([first], [second]) => Number(first) - Number(second))
    .map(([, one]) => one)
}
