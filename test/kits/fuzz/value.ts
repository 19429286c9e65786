import type { NormalizedSchema } from '@smithy/core/schema'
import type { Random } from '../../../local/aws/random.ts'

/** What no client should send, and some does. */
const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../../etc/passwd',
  '%00%zz',
  '//[',
  '💥\ud800',
  "'; --",
  '{% $eval("1") %}',
  '{',
  '[]',
  '<a>&b;',
  'arn:aws:ecs',
  'arn:::::::::',
  ':::',
  '/',
  '-1',
  '1e999',
  'NaN',
  '2026-99-99T99:99:99Z',
  'x'.repeat(300),
  '*',
  '(((((((((a+)+)+)+)+)+)+)+)+$',
]
const ODD_NUMBERS = [0, -1, 1, 2, 0.5, 101, 1e9, 2 ** 53, 1e308, -1e308, Number.NaN, Infinity]
const ANYTHING: readonly unknown[] = [
  null,
  [],
  {},
  '',
  'x',
  0,
  true,
  [[[]]],
  { a: { b: null } },
  -1,
]

/** How often what is asked for is not given, and something else is. */
const WRONG = 0.04
const OPTIONAL = 0.15
const DEEPEST = 6

export type Maker = {
  random: Random
  /** Names and ARNs of what there is in the account, and what each is: `table`, `statemachine`. */
  names: readonly { name: string; kind: string }[]
}

export const pick = <Item>({ random }: Maker, items: readonly Item[]): Item =>
  items[Math.floor(random.next('fuzz') * items.length)] as Item

export const chance = ({ random }: Maker, probability: number): boolean =>
  random.chance('fuzz', probability)

/** A value of a shape, as JSON has it; now and then one of another shape. */
export function made(maker: Maker, schema: NormalizedSchema, name = '', depth = 0): unknown {
  if (chance(maker, WRONG)) return pick(maker, ANYTHING)
  if (schema.isListSchema()) {
    const count =
      depth > DEEPEST ? 0 : pick(maker, [0, 1, 1, 1, 2, 3, chance(maker, 0.02) ? 1200 : 1])
    const item = schema.getValueSchema()
    const one = () => made(maker, item, name, depth + 1)
    // A long list repeats one item.
    if (count > 3) return Array<unknown>(count).fill(one())
    return Array.from({ length: count }, one)
  }
  if (schema.isMapSchema()) {
    const keys = pick(maker, [[], ['a'], [textOf(maker, name)], ['__proto__', 'b']])
    const value = schema.getValueSchema()
    // As JSON.parse does: a key of its own, also for __proto__.
    return Object.fromEntries(keys.map((key) => [key, made(maker, value, key, depth + 1)]))
  }
  if (schema.isStructSchema()) return structureOf(maker, schema, depth)
  if (schema.isBooleanSchema()) return chance(maker, 0.5)
  if (schema.isNumericSchema()) return pick(maker, ODD_NUMBERS)
  if (schema.isTimestampSchema()) return pick(maker, [1_772_442_000, 0, -1, 1e15, 1_772_528_400])
  if (schema.isBlobSchema()) return pick(maker, ['', 'aGk=', 'e30=', '====', '{}'])
  return textOf(maker, name)
}

export function structureOf(
  maker: Maker,
  schema: NormalizedSchema,
  depth = 0,
): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  if (schema.isUnitSchema() || depth > DEEPEST) return value
  const [, , , , members = [], , required = 0] = schema.getSchema() as unknown as [
    unknown,
    unknown,
    unknown,
    unknown,
    string[]?,
    unknown?,
    number?,
  ]
  for (const [member, of] of schema.structIterator()) {
    const isRequired = members.indexOf(member) < required
    if (chance(maker, isRequired ? 0.97 : OPTIONAL))
      value[member] = made(maker, of, member, depth + 1)
  }
  return value
}

function textOf(maker: Maker, name: string): string {
  if (chance(maker, 0.2)) return pick(maker, ODD_TEXTS)
  if (/expression/i.test(name)) return pick(maker, EXPRESSIONS)
  if (/policy|definition|input$|pattern|detail$|document/i.test(name) && chance(maker, 0.7)) {
    return pick(maker, DOCUMENTS)
  }
  const asked = name.toLowerCase()
  const fitting = maker.names.filter(({ kind }) => asked.includes(kind))
  if (fitting.length > 0 && chance(maker, 0.85)) return pick(maker, fitting).name
  const arns = maker.names.filter(({ name: one }) => one.startsWith('arn:') === /arn/.test(asked))
  return pick(maker, chance(maker, 0.8) ? arns : maker.names).name
}

const EXPRESSIONS = [
  'pk = :a',
  'SET #a = :a',
  'attribute_exists(',
  'SET a.b[0] = if_not_exists(c, :a) REMOVE d ADD e :a',
  'rate(5 minutes)',
  'rate(0 days)',
  'cron(0 0 31 2 ? *)',
  'cron(* * * * * *)',
  'at(2026-03-02T09:00:00)',
  'a BETWEEN :a AND :b OR NOT contains(c, :d)',
  '((((((((',
]
const DOCUMENTS = [
  '{}',
  '[]',
  'null',
  '{"source":["aws.ecr"]}',
  '{"source":[{"prefix":"a"},{"anything-but":{"wildcard":"*"}}]}',
  '{"a":'.repeat(200),
  '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
  '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $x( %}","Next":"A"}}}',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  '{"Version":"2012-10-17","Statement":{"Effect":1,"Action":null}}',
  '{"__proto__":{"a":1}}',
]
