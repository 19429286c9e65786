import { AwsError, NotImplemented } from '../errors.ts'

/** A value in each period; a number alone stands for all of them. */
type Values = readonly (number | undefined)[] | number

/** Finds the values of an id (`m1`). */
type Lookup = (id: string) => readonly (number | undefined)[]

type Operation = (a: number, b: number) => number | undefined

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // Division by zero gives no data point.
  '/': (a, b) => (b === 0 ? undefined : a / b),
}

const invalid = (expression: string): AwsError =>
  new AwsError('ValidationError', `Error in expression: ${expression}`)

/**
 * Metric math: numbers, ids, `+ - * /`, parentheses and `FILL(m1, 0)`. Other functions are refused.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 *
 * @throws AwsError ValidationError; NotImplemented naming the function.
 */
export function evaluateExpression(expression: string, lookup: Lookup): Values {
  const parser = new Parser(expression, lookup)
  return parser.whole()
}

class Parser {
  readonly #text: string
  readonly #tokens: string[]
  readonly #lookup: Lookup

  constructor(text: string, lookup: Lookup) {
    this.#text = text
    this.#tokens = text.match(/\d+(?:\.\d+)?|\w+|[^\s]/g) ?? []
    this.#lookup = lookup
  }

  whole(): Values {
    const value = this.#sum()
    if (this.#tokens.length > 0) throw invalid(this.#text)
    return value
  }

  #sum(): Values {
    let value = this.#product()
    while (this.#tokens[0] === '+' || this.#tokens[0] === '-') {
      value = combine(
        OPERATIONS[this.#tokens.shift() as string] as Operation,
        value,
        this.#product(),
      )
    }
    return value
  }

  #product(): Values {
    let value = this.#factor()
    while (this.#tokens[0] === '*' || this.#tokens[0] === '/') {
      value = combine(
        OPERATIONS[this.#tokens.shift() as string] as Operation,
        value,
        this.#factor(),
      )
    }
    return value
  }

  #factor(): Values {
    const token = this.#tokens.shift() ?? ''
    if (token === '(') {
      const value = this.#sum()
      this.#expect(')')
      return value
    }
    if (token === '-') return combine((a, b) => a - b, 0, this.#factor())
    if (/^\d/.test(token)) return Number(token)
    if (!/^[a-zA-Z]/.test(token)) throw invalid(this.#text)
    if (this.#tokens[0] !== '(') return this.#lookup(token)
    if (token !== 'FILL') throw new NotImplemented(`the metric math function ${token}`)
    return this.#fill()
  }

  /** `FILL(m1, 0)`: a constant where there is no data. */
  #fill(): Values {
    this.#expect('(')
    const value = this.#sum()
    this.#expect(',')
    const filler = this.#sum()
    this.#expect(')')
    if (typeof filler !== 'number')
      throw new NotImplemented('FILL with another value than a number')
    return typeof value === 'number' ? value : value.map((one) => one ?? filler)
  }

  #expect(token: string): void {
    if (this.#tokens.shift() !== token) throw invalid(this.#text)
  }
}

/** Period by period; where one side has no data there is none. */
function combine(operation: Operation, left: Values, right: Values): Values {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right) ?? []
  const { length } = typeof left === 'number' ? (right as readonly unknown[]) : left
  return Array.from({ length }, (_, index) => {
    const a = typeof left === 'number' ? left : left[index]
    const b = typeof right === 'number' ? right : right[index]
    return a === undefined || b === undefined ? undefined : operation(a, b)
  })
}
