import { createRequire } from 'node:module'
import { NormalizedSchema, translateTraits } from '@smithy/core/schema'
import { capitalized, javaName } from './names.ts'
import { ShapeError, scalarToSdk, wrongType } from './schema-scalars.ts'

export { ShapeError }

/**
 * What the AWS SDK packages know about shapes: the operations of a service, the members of their
 * inputs and outputs, and how to bring a value from another spelling into the SDK's.
 */
export type OperationSchema = {
  name: string
  input: NormalizedSchema
  output: NormalizedSchema
  /** Method, path pattern and status of success; only REST services have them. */
  http: readonly [method: string, path: string, status: number] | undefined
}

type ServiceSchemas = {
  operations: ReadonlyMap<string, OperationSchema>
  errors: ReadonlyMap<string, NormalizedSchema>
}

/** The first element of a static schema says what it is (@smithy/types StaticSchemaId). */
const OPERATION = 9
const ERROR = -3

const load = createRequire(import.meta.url)
const loaded = new Map<string, ServiceSchemas>()

/** The shapes of one operation (`ecs`, `DescribeServices`), or undefined when AWS has no such. */
export function operationSchema(service: string, operation: string): OperationSchema | undefined {
  return serviceSchemas(service).operations.get(operation)
}

/** Every operation AWS has for a service, in the model's order; empty for an unknown service. */
export function listOperations(service: string): string[] {
  return [...serviceSchemas(service).operations.keys()]
}

/** The modelled errors of a service by name (`ClientException`). */
export function errorSchemas(service: string): ReadonlyMap<string, NormalizedSchema> {
  return serviceSchemas(service).errors
}

/** The required members of a structure that `value` lacks, by the SDK's names. */
export function missingMembers(value: object, schema: NormalizedSchema): string[] {
  const struct = schema.getSchema()
  if (!Array.isArray(struct)) return []
  // A static structure lists its required members first; the seventh element is their number.
  const [, , , , members, , required] = struct as unknown as [
    number,
    string,
    string,
    unknown,
    string[],
    unknown,
    number | undefined,
  ]
  const given = value as Record<string, unknown>
  return members.slice(0, required ?? 0).filter((member) => given[member] === undefined)
}

export type RecaseOptions = {
  /**
   * How structure members are spelled on the outside. `any` (default) takes any case, as
   * CloudFormation properties need; `java` is what Step Functions uses for `aws-sdk:`
   * integrations; `model` only capitalises the first letter.
   */
  naming?: 'any' | 'java' | 'model'
  /** Called for a member the shape does not have. Default: throws `ShapeError`. */
  unknown?: (path: string) => void
  /** Takes '2' for a number, 'true' for a boolean and 2 for a string (CloudFormation does). */
  coerce?: boolean
  /** How bytes are written as text. Default `utf8`. */
  blob?: 'utf8' | 'base64'
  /** How a `Date` is shown. Default `iso`. */
  timestamp?: 'iso' | 'milliseconds'
}

/**
 * Brings a value between the SDK's spelling and the outside's.
 *
 * - `sdk`: member names become the SDK's, ISO strings and epoch seconds become `Date`, text becomes
 *   bytes. Map keys and documents are left alone. Unknown members are refused.
 * - `pascal`: member names become capitalised, `Date` becomes an ISO string, bytes become text,
 *   undefined members are dropped.
 *
 * @throws ShapeError for an unknown member or a value of the wrong type.
 */
export function recase(
  value: unknown,
  schema: NormalizedSchema,
  direction: 'sdk' | 'pascal',
  options: RecaseOptions = {},
): unknown {
  if (direction === 'pascal') return fromSdk(value, schema, options)
  if (options.unknown !== undefined) return toSdk(value, schema, '', options)
  try {
    return toSdk(value, schema, undefined, options)
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    // Only an error needs the place, and joining its parts takes time.
    return toSdk(value, schema, '', options)
  }
}

function serviceSchemas(service: string): ServiceSchemas {
  const known = loaded.get(service)
  if (known !== undefined) return known
  const schemas = readPackage(service)
  loaded.set(service, schemas)
  return schemas
}

function readPackage(service: string): ServiceSchemas {
  const operations = new Map<string, OperationSchema>()
  const errors = new Map<string, NormalizedSchema>()
  for (const exported of Object.values(sdkPackage(service))) {
    if (!Array.isArray(exported)) continue
    const [kind, , name] = exported as [unknown, unknown, string]
    if (kind === ERROR) errors.set(name, NormalizedSchema.of(exported as never))
    if (kind !== OPERATION) continue
    operations.set(name, {
      name,
      input: NormalizedSchema.of(exported[4]()),
      output: NormalizedSchema.of(exported[5]()),
      http: translateTraits(exported[3]).http,
    })
  }
  return { operations, errors }
}

/** What `@aws-sdk/client-<service>` exports; empty when that package is not installed. */
export function sdkPackage(service: string): Record<string, unknown> {
  if (!/^[a-z0-9-]+$/.test(service)) return {}
  const name = `@aws-sdk/client-${service}`
  try {
    load.resolve(name)
  } catch {
    return {}
  }
  return load(name) as Record<string, unknown>
}

/** The place of a value; undefined while it is not needed. */
type Path = string | undefined

function toSdk(
  value: unknown,
  schema: NormalizedSchema,
  path: Path,
  options: RecaseOptions,
): unknown {
  if (value === null || value === undefined || schema.isDocumentSchema()) return value
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw wrongType(path ?? '', 'a LIST')
    const member = schema.getValueSchema()
    const at = (index: number): Path => (path === undefined ? undefined : `${path}[${index}]`)
    return value.map((item, index) => toSdk(item, member, at(index), options))
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema()
    return mapEntries(record(value, path), (key, item) => [
      key,
      toSdk(item, member, join(path, key), options),
    ])
  }
  if (schema.isStructSchema()) return structToSdk(record(value, path), schema, path, options)
  return scalarToSdk(value, schema, path ?? '', options)
}

function structToSdk(
  value: Record<string, unknown>,
  schema: NormalizedSchema,
  path: Path,
  options: RecaseOptions,
): Record<string, unknown> {
  const members = memberNames(schema, options.naming ?? 'any')
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const name = members.get(key) ?? (options.naming ? undefined : members.get(key.toLowerCase()))
    const here = join(path, key)
    // Step Functions leaves out what is null.
    if (item === null && options.naming !== undefined) continue
    if (name !== undefined) {
      result[name] = toSdk(item, memberOf(schema, name), here, options)
    } else if (options.unknown) {
      options.unknown(here ?? '')
    } else {
      throw new ShapeError(here ?? '', 'unknown', `The field ${JSON.stringify(here)} is not known`)
    }
  }
  return result
}

const memberSchemas = new WeakMap<object, Map<string, NormalizedSchema>>()

/** The schema of a member; the SDK makes a new one each time it is asked. */
function memberOf(schema: NormalizedSchema, name: string): NormalizedSchema {
  const struct = schema.getSchema() as unknown as object
  let members = memberSchemas.get(struct)
  if (members === undefined) {
    members = new Map(schema.structIterator())
    memberSchemas.set(struct, members)
  }
  return members.get(name) ?? schema.getMemberSchema(name)
}

const spellings = new WeakMap<object, Map<string, ReadonlyMap<string, string>>>()

/** Outside spelling -> the SDK's member name. */
function memberNames(
  schema: NormalizedSchema,
  naming: 'any' | 'java' | 'model',
): ReadonlyMap<string, string> {
  const struct = schema.getSchema() as unknown as object
  const cached = spellings.get(struct) ?? new Map<string, ReadonlyMap<string, string>>()
  spellings.set(struct, cached)
  const known = cached.get(naming)
  if (known !== undefined) return known
  const names = new Map<string, string>()
  for (const [name] of schema.structIterator()) {
    if (naming === 'any') names.set(name.toLowerCase(), name)
    if (naming === 'java') names.set(javaName(name), name)
    if (naming !== 'any') names.set(capitalized(name), name)
  }
  if (naming === 'any') for (const [name] of schema.structIterator()) names.set(name, name)
  cached.set(naming, names)
  return names
}

function fromSdk(value: unknown, schema: NormalizedSchema, options: RecaseOptions): unknown {
  if (value === null || value === undefined) return value
  if (value instanceof Date) {
    return options.timestamp === 'milliseconds' ? value.getTime() : value.toISOString()
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString(options.blob ?? 'utf8')
  if (schema.isDocumentSchema()) return value
  if (schema.isListSchema()) {
    const member = schema.getValueSchema()
    return (value as unknown[]).map((item) => fromSdk(item, member, options))
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema()
    return mapEntries(value as Record<string, unknown>, (key, item) => [
      key,
      fromSdk(item, member, options),
    ])
  }
  if (!schema.isStructSchema()) return value
  const given = value as Record<string, unknown>
  const result: Record<string, unknown> = {}
  for (const [name, member] of schema.structIterator()) {
    if (given[name] === undefined) continue
    const outside = options.naming === 'java' ? javaName(name) : capitalized(name)
    result[outside] = fromSdk(given[name], member, options)
  }
  return result
}

function mapEntries(
  value: Record<string, unknown>,
  change: (key: string, item: unknown) => [string, unknown],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => change(key, item)))
}

function record(value: unknown, path: Path): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw wrongType(path ?? '', 'an OBJECT')
}

function join(path: Path, key: string): Path {
  if (path === undefined) return undefined
  return path === '' ? key : `${path}.${key}`
}
