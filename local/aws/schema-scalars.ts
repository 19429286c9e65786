import type { NormalizedSchema } from '@smithy/core/schema'

/** A value that does not have the shape AWS's model gives it. `path` is like `Tags[0].Key`. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly path: string
  readonly problem: 'unknown' | 'type'

  constructor(path: string, problem: 'unknown' | 'type', message: string) {
    super(message)
    this.path = path
    this.problem = problem
  }
}

/** A string, number, boolean, timestamp or blob as the SDK has it. @throws ShapeError */
export function scalarToSdk(
  value: unknown,
  schema: NormalizedSchema,
  path: string,
  options: { coerce?: boolean; blob?: 'utf8' | 'base64' },
): unknown {
  if (schema.isTimestampSchema()) return toDate(value, path)
  if (schema.isBlobSchema()) return toBytes(value, options.blob ?? 'utf8')
  if (schema.isStringSchema()) {
    if (typeof value === 'string') return value
    if (options.coerce && ['number', 'boolean'].includes(typeof value)) return String(value)
    throw wrongType(path, 'a STRING')
  }
  if (schema.isBooleanSchema()) {
    if (typeof value === 'boolean') return value
    if (options.coerce && (value === 'true' || value === 'false')) return value === 'true'
    throw wrongType(path, 'a BOOLEAN')
  }
  if (schema.isNumericSchema()) {
    if (typeof value === 'number') return value
    if (
      options.coerce &&
      typeof value === 'string' &&
      value.trim() !== '' &&
      !Number.isNaN(+value)
    ) {
      return Number(value)
    }
    throw wrongType(path, 'a NUMBER')
  }
  return value
}

function toDate(value: unknown, path: string): Date {
  const date =
    typeof value === 'number'
      ? new Date(value * 1000)
      : value instanceof Date
        ? value
        : new Date(typeof value === 'string' ? value : Number.NaN)
  if (Number.isNaN(date.getTime())) throw wrongType(path, 'a TIMESTAMP')
  return date
}

function toBytes(value: unknown, encoding: 'utf8' | 'base64'): Uint8Array {
  if (value instanceof Uint8Array) return value
  // Step Functions sends an object given for a blob as its JSON text.
  if (typeof value !== 'string') return new TextEncoder().encode(JSON.stringify(value))
  return new Uint8Array(Buffer.from(value, encoding))
}

/** `wanted` is like `a STRING`. */
export function wrongType(path: string, wanted: string): ShapeError {
  return new ShapeError(
    path,
    'type',
    `The value for the field ${JSON.stringify(path)} must be ${wanted}`,
  )
}
