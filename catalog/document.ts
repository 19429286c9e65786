import { relative } from 'node:path'
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type * as z from 'zod'
import { explain } from './explain.ts'
import type { Problem } from './problem.ts'
import { readText } from './text-file.ts'
import { mistakeIn } from './yaml-words.ts'

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
  const read = readYaml(path)
  if ('problems' in read) return read
  const { file, content, problem } = read
  return { file, problem, ...checked(schema, content, problem) }
}

/** A YAML file that is held against no schema yet. */
type Yaml = Pick<Document<never>, 'file' | 'problem'> & { content: unknown }

/** Reads a YAML file, or says what is wrong with it as a file. */
export function readYaml(path: string): Yaml | Document<never> {
  const file = relative(process.cwd(), path)
  const read = readText(path)
  const lines = new LineCounter()
  const text = 'text' in read ? read.text : ''
  const yaml = parseDocument(text, { lineCounter: lines, merge: true })
  const lineAt = (offset: number | undefined) => Math.max(1, lines.linePos(offset ?? 0).line)
  const problem: Document<never>['problem'] = (at, words) => ({
    file,
    line: lineAt(offsetOf(yaml, at)),
    field: at.join('.') || 'the file',
    ...words,
  })
  const broken = 'text' in read ? mistakeIn(yaml, text, lines) : { ...read, ...NOT_UTF8 }
  if (broken !== undefined) {
    return { file, value: undefined, problems: [{ file, field: 'the file', ...broken }], problem }
  }
  const content: unknown = yaml.toJS() ?? {}
  return { file, content, problem }
}

const NOT_UTF8 = { allowed: 'text in UTF-8', remedy: 'save the file as UTF-8' }

/** A value against its schema; what is wrong is told at the place that `problem` knows. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  content: unknown,
  problem: Document<unknown>['problem'],
): { value: z.infer<Schema> | undefined; problems: Problem[] } {
  const result = schema.safeParse(content)
  if (result.success) return { value: result.data, problems: [] }
  const problems = result.error.issues.flatMap((issue) => explain(issue, schema, content))
  return { value: undefined, problems: problems.map(({ path, ...words }) => problem(path, words)) }
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
