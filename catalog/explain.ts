import * as z from 'zod'
import { didYouMean, nearest } from './near.ts'
import { shown } from './problem.ts'

type Path = readonly PropertyKey[]

/** What is wrong with one value, where it stands below the top of its file. */
export type Explained = { path: Path; found: string; allowed: string; remedy: string }

/** More keys than these are a page, not a line; with a near one among them nobody reads the others. */
const LISTED = 16

/**
 * A problem that zod found, in words: what stands there, what may, and what to do.
 *
 * @param schema of the whole file, whose descriptions say what is allowed.
 * @param content the whole file, read.
 */
export function explain(issue: z.core.$ZodIssue, schema: z.ZodType, content: unknown): Explained[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField([...path, key], key, fieldsAt(schema, path)))
  }
  if (issue.code === 'invalid_key') {
    const found = shown(path.at(-1))
    return [{ path, found, allowed: keysAt(schema, path), remedy: 'rename it' }]
  }
  const value = path.reduce(member, content)
  if (issue.code === 'invalid_union') {
    const inside = insideOf(issue)
    if (inside !== undefined) {
      return inside.flatMap((one) =>
        explain({ ...one, path: [...path, ...one.path] }, schema, content),
      )
    }
  }
  const at = schemaAt(schema, path)
  const remedy = remedyFor(value, at && unwrapped(at))
  return [{ path, found: shown(value), allowed: allowedAt(schema, path), remedy }]
}

/** The mistakes of the one form that was meant: of a map, not of the short form beside it. */
function insideOf({ errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const meant = errors.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  )
  return meant.length === 1 ? meant[0] : undefined
}

function unknownField(path: Path, key: string, fields: readonly string[]): Explained {
  const word = MEANT[key.toLowerCase().replaceAll(/[-_]/g, '')]
  const near = word !== undefined && fields.includes(word) ? word : nearest(key, fields)
  const all = fields.join(', ') || 'another value'
  const many = fields.length > LISTED && near !== undefined
  return {
    path,
    found: 'an unknown field',
    allowed: many ? `one of its ${fields.length} keys` : all,
    remedy: near === undefined ? 'correct its spelling or remove it' : `did you mean ${near}?`,
  }
}

/** What a key is called elsewhere (Compose, Copilot, ECS, Kubernetes), without hyphens and capitals. */
const MEANT: Readonly<Record<string, string>> = {
  autoscaling: 'scaling',
  cron: 'runs',
  desiredcount: 'count',
  env: 'environment',
  expose: 'port',
  healthcheck: 'healthCommand',
  iam: 'may',
  instances: 'count',
  links: 'dependsOn',
  permissions: 'may',
  policies: 'may',
  replicas: 'count',
  type: 'kind',
  variables: 'environment',
  volumes: 'files',
}

/** What to do about a value that cannot be read. */
function remedyFor(value: unknown, schema: z.ZodType | undefined): string {
  if (value === undefined || value === null) return 'add it'
  const options = optionsOf(schema)
  if (typeof value === 'string' && options !== undefined) {
    return didYouMean(value, options, 'change it')
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return schema?.safeParse(String(value)).success ? QUOTE : 'change it'
  }
  if (typeof value !== 'string') return 'change it'
  if (formsOf(schema).some((form) => form instanceof z.ZodBoolean)) return asBoolean(value)
  if (schema instanceof z.ZodArray) return `put it into a list: [${value.split(/\s+/).join(', ')}]`
  const isNumber = /^-?\d+(\.\d+)?$/.test(value) && schema?.safeParse(Number(value)).success
  return isNumber ? 'remove the quotes' : 'change it'
}

/** YAML reads 1.4 as a number, and 1.40 as the same one. */
const QUOTE = 'put it into quotes'

/** YAML 1.2 has true and false, and reads yes and on as text. */
function asBoolean(value: string): string {
  if (/^(true|false)$/i.test(value)) return 'remove the quotes'
  if (/^(yes|on|y|enabled)$/i.test(value)) return 'write true'
  return /^(no|off|n|disabled)$/i.test(value) ? 'write false' : 'change it'
}

function optionsOf(schema: z.ZodType | undefined): string[] | undefined {
  if (schema instanceof z.ZodUnion) {
    return formsOf(schema)
      .map(optionsOf)
      .find((options) => options !== undefined)
  }
  if (schema instanceof z.ZodEnum) return schema.options.map(String)
  if (!(schema instanceof z.ZodLiteral)) return undefined
  const values = [...schema.values]
  return values.every((one) => typeof one === 'string') ? values : undefined
}

/** What the last name of a path may be, where names are the reader's own. */
function keysAt(schema: z.ZodType, path: Path): string {
  const at = schemaAt(schema, path.slice(0, -1))
  const record = formsOf(at).find((one) => one instanceof z.ZodRecord)
  return (record?.keyType as z.ZodType | undefined)?.description ?? 'another name'
}

/** A value's one form, or each that it may have. */
function formsOf(schema: z.ZodType | undefined): z.ZodType[] {
  if (schema === undefined) return []
  const core = unwrapped(schema)
  return core instanceof z.ZodUnion ? (core.options as z.ZodType[]).flatMap(formsOf) : [core]
}

/** The description of the schema at a path, or the fields of an object. */
function allowedAt(schema: z.ZodType, path: Path): string {
  const at = schemaAt(schema, path)
  return descriptionOf(at) ?? (fieldsAt(schema, path).join(', ') || 'another value')
}

function fieldsAt(schema: z.ZodType, path: Path): string[] {
  const object = formsOf(schemaAt(schema, path)).find((one) => one instanceof z.ZodObject)
  return Object.keys(object?.shape ?? {})
}

const schemaAt = (schema: z.ZodType, path: Path): z.ZodType | undefined =>
  path.reduce<z.ZodType | undefined>(
    (outer, key) => (outer === undefined ? undefined : inner(outer, key)),
    schema,
  )

function inner(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const core = unwrapped(schema)
  if (core instanceof z.ZodObject) return core.shape[String(key)] as z.ZodType | undefined
  if (core instanceof z.ZodArray) {
    return typeof key === 'number' ? (core.element as z.ZodType) : undefined
  }
  if (core instanceof z.ZodUnion) {
    const found = formsOf(core).map((form) => inner(form, key))
    return found.find((one) => one !== undefined)
  }
  return core instanceof z.ZodRecord ? (core.valueType as z.ZodType) : undefined
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const inside = within(schema)
  return inside === undefined ? schema : unwrapped(inside)
}

/** What is said of a value that may be absent, or becomes another, is said of what it is. */
function descriptionOf(schema: z.ZodType | undefined): string | undefined {
  return schema && (schema.description ?? descriptionOf(within(schema)))
}

function within(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType
  const wrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  return wrapped ? (schema.unwrap() as z.ZodType) : undefined
}

const member = (value: unknown, key: PropertyKey): unknown =>
  (value as Record<PropertyKey, unknown> | undefined)?.[key]
