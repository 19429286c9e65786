import { type AttributeValue, acceptItem, validation } from './value.ts'

/** The members of a request in which names and values may be used. */
const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
] as const

export type Expressions = {
  ExpressionAttributeNames?: Record<string, string> | undefined
  ExpressionAttributeValues?: Record<string, AttributeValue> | undefined
} & { [Member in (typeof EXPRESSIONS)[number]]?: string | undefined }

/** The names and values an expression may use, and which of them it has used. */
export class Placeholders {
  readonly #names: Record<string, string>
  readonly #values: Record<string, AttributeValue>
  readonly #used = new Set<string>()

  /** @throws ValidationException for names and values of a request that has no expression for them. */
  constructor(input: Expressions) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input
    const any = EXPRESSIONS.some((member) => input[member] !== undefined)
    checkGiven('ExpressionAttributeNames', names, any && /^#[A-Za-z0-9_]+$/)
    checkGiven('ExpressionAttributeValues', values, any && /^:[A-Za-z0-9_]+$/)
    this.#names = names ?? {}
    this.#values = values === undefined ? {} : acceptItem(values)
  }

  name(what: string, placeholder: string): string {
    const name = this.#names[placeholder]
    if (name === undefined) {
      throw validation(
        `Invalid ${what}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      )
    }
    this.#used.add(placeholder)
    return name
  }

  value(what: string, placeholder: string): AttributeValue {
    const value = this.#values[placeholder]
    if (value === undefined) {
      throw validation(
        `Invalid ${what}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      )
    }
    this.#used.add(placeholder)
    return value
  }

  /** @throws ValidationException for a name or value that no expression used. */
  finish(): void {
    const unused = (all: object) => Object.keys(all).filter((key) => !this.#used.has(key))
    const names = unused(this.#names)
    if (names.length > 0) {
      throw validation(
        `Value provided in ExpressionAttributeNames unused in expressions: keys: {${names.join(', ')}}`,
      )
    }
    const values = unused(this.#values)
    if (values.length > 0) {
      throw validation(
        `Value provided in ExpressionAttributeValues unused in expressions: keys: {${values.join(', ')}}`,
      )
    }
  }
}

/** @param keys how they are written; false in a request without an expression. */
function checkGiven(what: string, given: object | undefined, keys: RegExp | false): void {
  if (given === undefined) return
  if (keys === false) throw validation(`${what} can only be specified when using expressions`)
  if (Object.keys(given).length === 0) throw validation(`${what} must not be empty`)
  const wrong = Object.keys(given).find((key) => !keys.test(key))
  if (wrong === undefined) return
  throw validation(`${what} contains invalid key: Syntax error; key: "${wrong}"`)
}
