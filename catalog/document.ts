import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import * as z from 'zod'
import { type Problem, shown } from './problem.ts'

type Path = readonly PropertyKey[]

/** One YAML file read against its schema. */
export type Document<Value> = {
  file: string
  /** Undefined when there are problems. */
  value: Value | undefined
  problems: Problem[]
  /** A problem at a field of this file, for checks that need several fields or files. */
  problem(path: Path, text: { found: string; allowed: string; remedy: string }): Problem
}

/** Reads a YAML file (a catalog's, a scenario); every problem names its line. */
export function readDocument<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Document<z.infer<Schema>> {
  const file = relative(process.cwd(), path)
  const lines = new LineCounter()
  const yaml = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines })
  const lineAt = (offset: number | undefined) => Math.max(1, lines.linePos(offset ?? 0).line)
  const problem: Document<never>['problem'] = (at, text) => ({
    file,
    line: lineAt(offsetOf(yaml, at)),
    field: at.join('.') || 'the file',
    ...text,
  })
  const broken = yaml.errors.map((error) => ({
    file,
    line: lineAt(error.pos[0]),
    field: 'the file',
    found: error.message.split(/ at line|\n/)[0] ?? error.code,
    allowed: 'YAML with each key once',
    remedy: 'correct this line',
  }))
  if (broken.length > 0) return { file, value: undefined, problems: broken, problem }
  const content: unknown = yaml.toJS() ?? {}
  return { file, problem, ...checked(schema, content, problem) }
}

/** A value against its schema; what is wrong is told at the place that `problem` knows. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  content: unknown,
  problem: Document<unknown>['problem'],
): { value: z.infer<Schema> | undefined; problems: Problem[] } {
  const result = schema.safeParse(content)
  if (result.success) return { value: result.data, problems: [] }
  const problems = result.error.issues.flatMap((issue) => explain(issue, schema, content, problem))
  return { value: undefined, problems }
}

function explain(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  content: unknown,
  problem: Document<never>['problem'],
): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problem([...issue.path, key], {
        found: 'an unknown field',
        allowed: fieldsAt(schema, issue.path),
        remedy: 'correct its spelling or remove it',
      }),
    )
  }
  if (issue.code === 'invalid_key') {
    const found = shown(issue.path.at(-1))
    return [
      problem(issue.path, { found, allowed: keysAt(schema, issue.path), remedy: 'rename it' }),
    ]
  }
  const value = issue.path.reduce(member, content)
  const remedy = value === undefined || value === null ? 'add it' : 'change it'
  const found = shown(value)
  return [problem(issue.path, { found, allowed: allowedAt(schema, issue.path), remedy })]
}

/** What the last name of a path may be, where names are the reader's own. */
function keysAt(schema: z.ZodType, path: Path): string {
  const at = schemaAt(schema, path.slice(0, -1))
  const record = at === undefined ? undefined : unwrapped(at)
  const keys = record instanceof z.ZodRecord ? (record.keyType as z.ZodType) : undefined
  return keys?.description ?? 'another name'
}

/** The description of the schema at a path, or the fields of an object. */
function allowedAt(schema: z.ZodType, path: Path): string {
  const at = schemaAt(schema, path)
  return at?.description ?? (at && unwrapped(at).description) ?? fieldsAt(schema, path)
}

function fieldsAt(schema: z.ZodType, path: Path): string {
  const at = schemaAt(schema, path)
  const core = at === undefined ? undefined : unwrapped(at)
  return core instanceof z.ZodObject ? Object.keys(core.shape).join(', ') : 'another value'
}

const schemaAt = (schema: z.ZodType, path: Path): z.ZodType | undefined =>
  path.reduce<z.ZodType | undefined>(
    (outer, key) => (outer === undefined ? undefined : inner(outer, key)),
    schema,
  )

function inner(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const core = unwrapped(schema)
  if (core instanceof z.ZodObject) return core.shape[String(key)] as z.ZodType | undefined
  if (core instanceof z.ZodArray) return core.element as z.ZodType
  return core instanceof z.ZodRecord ? (core.valueType as z.ZodType) : undefined
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in as z.ZodType)
  const wrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  return wrapped ? unwrapped(schema.unwrap() as z.ZodType) : schema
}

/** Where a field is, or the nearest field around it. */
function offsetOf(yaml: ReturnType<typeof parseDocument>, path: Path): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = yaml.getIn(path.slice(0, length - 1), true) ?? yaml.contents
    const [start] = rangeOf(parent, path[length - 1])
    if (start !== undefined) return start
  }
  return undefined
}

/** Where an entry begins: a field at its name, an item of a list at its value. */
function rangeOf(parent: unknown, key: PropertyKey | undefined): readonly number[] {
  if (isSeq(parent)) return (parent.items[Number(key)] as Node | undefined)?.range ?? []
  if (!isMap(parent)) return []
  const pair = parent.items.find((one) => String(one.key) === String(key))
  return (pair?.key as Node | undefined)?.range ?? []
}

const member = (value: unknown, key: PropertyKey): unknown =>
  (value as Record<PropertyKey, unknown> | undefined)?.[key]
