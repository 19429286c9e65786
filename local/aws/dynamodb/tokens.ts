import { validation } from './value.ts'

type Token = { kind: 'word' | 'name' | 'value' | 'number' | 'symbol'; text: string }

const TOKEN =
  /\s*(?:(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([A-Za-z_][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>()[\].,+-]))/y

/** Cuts an expression into words, `#names`, `:values`, numbers and symbols. */
function tokenize(what: string, expression: string): Token[] {
  const tokens: Token[] = []
  const text = expression.trimEnd()
  if (text.trim() === '') {
    throw validation(`Invalid ${what}: The expression can not be empty;`)
  }
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) {
      const near = text.slice(Math.max(0, at - 3), at + 4)
      throw validation(
        `Invalid ${what}: Syntax error; token: "${text.slice(at).trim()[0]}", near: "${near}"`,
      )
    }
    const [, name, value, word, number, symbol] = match
    if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else if (value !== undefined) tokens.push({ kind: 'value', text: value })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else tokens.push({ kind: 'symbol', text: symbol ?? '' })
  }
  return tokens
}

/** A reader of tokens that knows which expression it reads, for the error. */
export class Tokens {
  readonly what: string
  readonly #tokens: Token[]
  #at = 0

  constructor(what: string, expression: string) {
    this.what = what
    this.#tokens = tokenize(what, expression)
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** How many tokens are read. */
  get position(): number {
    return this.#at
  }

  /** The position behind the parenthesis that closes the one that comes now. */
  closing(): number {
    let open = 0
    for (let at = this.#at; at < this.#tokens.length; at++) {
      const { text } = this.#tokens[at] as Token
      if (text === '(') open++
      if (text === ')' && --open === 0) return at + 1
    }
    return this.#tokens.length + 1
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead]
  }

  next(): Token {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw this.error()
    return token
  }

  /** Whether the next token is this symbol or (in any case) this word; takes it if so. */
  take(text: string): boolean {
    const token = this.peek()
    const fits =
      token?.kind === 'symbol'
        ? token.text === text
        : token?.kind === 'word' && token.text.toUpperCase() === text
    if (fits) this.#at++
    return fits
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.error()
  }

  error(): Error {
    const token = this.peek()
    const near = this.#tokens
      .slice(Math.max(0, this.#at - 1), this.#at + 2)
      .map((one) => one.text)
      .join(' ')
    const found = token === undefined ? '<EOF>' : token.text
    return validation(`Invalid ${this.what}: Syntax error; token: "${found}", near: "${near}"`)
  }
}
