import jsonata from 'jsonata'
import type { World } from '../world.ts'
import { expressionIn, isRecord, type Json } from './language.ts'
import { registerFunctions } from './query-functions.ts'

/** Nodes one expression may evaluate: deterministic, in place of AWS's limit of one second. */
const STEP_LIMIT = 500_000

/** A field whose JSONata failed. `message` is AWS's sentence about it, `field` the field it is in. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** Evaluates the `{% … %}` strings of a machine's fields. Expressions are compiled once. */
export class Query {
  readonly #world: World
  readonly #compiled = new Map<string, Compiled>()

  constructor(world: World) {
    this.#world = world
  }

  /**
   * The value of a field: every `{% … %}` string in it, at any depth, replaced by its result.
   *
   * @param field how AWS names the place: `Output`, `Arguments/Input/name`, `Choices[1]/Condition`
   * @throws QueryError when an expression fails or gives nothing (transforming-data.html)
   */
  async evaluate(template: Json, field: string, bindings: Record<string, unknown>): Promise<Json> {
    if (typeof template === 'string') {
      const expression = expressionIn(template)
      return expression === undefined ? template : this.#run(expression, field, bindings)
    }
    if (Array.isArray(template)) {
      const items: Json[] = []
      for (const [index, item] of template.entries()) {
        items.push(await this.evaluate(item, `${field}[${index}]`, bindings))
      }
      return items
    }
    if (!isRecord(template)) return template
    const members: [string, Json][] = []
    for (const [key, item] of Object.entries(template)) {
      members.push([key, await this.evaluate(item, `${field}/${key}`, bindings)])
    }
    return Object.fromEntries(members)
  }

  async #run(expression: string, field: string, bindings: Record<string, unknown>): Promise<Json> {
    const about = `The JSONata expression '${expression}' specified for the field '${field}'`
    let result: unknown
    try {
      const compiled = this.#compile(expression)
      compiled.steps = 0
      result = await compiled.expression.evaluate(undefined, bindings)
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string }
      // AWS sets a coded JSONata message apart as a sentence of its own.
      const tail = code === undefined ? `: ${message}` : `. ${code}: ${message}`
      throw new QueryError(field, `${about} threw an error during evaluation${tail}`)
    }
    if (result === undefined) {
      throw new QueryError(field, `${about} returned nothing (undefined).`)
    }
    if (typeof result === 'function' || isFunction(result)) {
      throw new QueryError(field, `${about} returned an unsupported result type.`)
    }
    // Strips the marks JSONata leaves on its sequences.
    return plain(result) as Json
  }

  #compile(text: string): Compiled {
    const known = this.#compiled.get(text)
    if (known !== undefined) return known
    const compiled: Compiled = { expression: jsonata(text), steps: 0 }
    registerFunctions(compiled.expression, this.#world)
    // JSONata looks this symbol up in the environment and calls it at every node it enters.
    compiled.expression.assign(ENTRY as unknown as string, () => {
      if (++compiled.steps > STEP_LIMIT) throw new Error('Expression evaluation timeout')
    })
    this.#compiled.set(text, compiled)
    return compiled
  }
}

type Compiled = { expression: jsonata.Expression; steps: number }

const ENTRY = Symbol.for('jsonata.__evaluate_entry')

function isFunction(value: unknown): boolean {
  return isRecord(value) && ('_jsonata_function' in value || '_jsonata_lambda' in value)
}

/** What JSON makes of a value, functions left out. */
function plain(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (Array.isArray(value)) return Array.from(value, (item: unknown) => plain(item) ?? null)
  if (typeof value !== 'object') return throughText(value)
  if (isFunction(value)) return undefined
  if ('toJSON' in value || Object.hasOwn(value, '__proto__')) return throughText(value)
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const member = plain(item)
    if (member !== undefined) result[key] = member
  }
  return result
}

function throughText(value: unknown): unknown {
  const text = JSON.stringify(value, withoutFunctions) as string | undefined
  return text === undefined ? undefined : JSON.parse(text)
}

function withoutFunctions(_key: string, value: unknown): unknown {
  return isFunction(value) ? undefined : value
}
