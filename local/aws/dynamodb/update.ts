import { clone } from '../clone.ts'
import { at } from './evaluate.ts'
import { type Operand, type Path, readOperand, readPath, refuseOverlaps } from './expression.ts'
import type { Placeholders } from './placeholders.ts'
import { Tokens } from './tokens.ts'
import { type AttributeValue, canonical, type Item, same, sumOf, validation } from './value.ts'

type Term =
  | Operand
  | { kind: 'if_not_exists'; path: Path; otherwise: Term }
  | { kind: 'list_append'; left: Term; right: Term }

type Value = Term | { kind: '+' | '-'; left: Term; right: Term }

export type Action =
  | { kind: 'SET'; path: Path; value: Value }
  | { kind: 'REMOVE'; path: Path }
  | { kind: 'ADD' | 'DELETE'; path: Path; value: AttributeValue }

const WHAT = 'UpdateExpression'
const CLAUSES = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const

/**
 * Reads an update expression.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function parseUpdate(expression: string, placeholders: Placeholders): Action[] {
  const tokens = new Tokens(WHAT, expression)
  const actions: Action[] = []
  const seen = new Set<string>()
  while (!tokens.ended) {
    const clause = CLAUSES.find((word) => tokens.take(word))
    if (clause === undefined) throw tokens.error()
    if (seen.has(clause)) {
      throw validation(
        `Invalid ${WHAT}: The "${clause}" section can only be used once in an update expression;`,
      )
    }
    seen.add(clause)
    do actions.push(readAction(clause, tokens, placeholders))
    while (tokens.take(','))
  }
  refuseOverlaps(
    WHAT,
    actions.map(({ path }) => path),
  )
  return actions
}

function readAction(kind: Action['kind'], tokens: Tokens, placeholders: Placeholders): Action {
  const path = readPath(tokens, placeholders)
  if (kind === 'REMOVE') return { kind, path }
  if (kind === 'SET') {
    tokens.expect('=')
    return { kind, path, value: readValue(tokens, placeholders) }
  }
  const operand = readOperand(tokens, placeholders)
  if (operand.kind !== 'value') throw tokens.error()
  return { kind, path, value: operand.value }
}

function readValue(tokens: Tokens, placeholders: Placeholders): Value {
  const left = readTerm(tokens, placeholders)
  if (tokens.take('+')) return { kind: '+', left, right: readTerm(tokens, placeholders) }
  if (tokens.take('-')) return { kind: '-', left, right: readTerm(tokens, placeholders) }
  return left
}

function readTerm(tokens: Tokens, placeholders: Placeholders): Term {
  const token = tokens.peek()
  const calls = token?.kind === 'word' && tokens.peek(1)?.text === '('
  if (tokens.take('(')) {
    const inner = readTerm(tokens, placeholders)
    tokens.expect(')')
    return inner
  }
  if (!calls || token.text === 'size') return readOperand(tokens, placeholders)
  const name = tokens.next().text
  tokens.expect('(')
  if (name === 'if_not_exists') {
    const path = readPath(tokens, placeholders)
    tokens.expect(',')
    const otherwise = readTerm(tokens, placeholders)
    tokens.expect(')')
    return { kind: name, path, otherwise }
  }
  if (name !== 'list_append') {
    throw validation(`Invalid ${WHAT}: Invalid function name; function: ${name}`)
  }
  const left = readTerm(tokens, placeholders)
  tokens.expect(',')
  const right = readTerm(tokens, placeholders)
  tokens.expect(')')
  return { kind: name, left, right }
}

/** The item after the update; every value is computed from the item before it. */
export function applyUpdate(item: Item, actions: readonly Action[]): Item {
  const updated = clone(item)
  for (const action of actions) {
    if (action.kind === 'SET') put(updated, action.path, compute(item, action.value))
    else if (action.kind === 'ADD') add(updated, action.path, action.value)
    else if (action.kind === 'DELETE') drop(updated, action.path, action.value)
  }
  // Removed last, and from the end, so that list indices still mean what they meant.
  const removed = actions.filter(({ kind }) => kind === 'REMOVE').map(({ path }) => path)
  for (const path of removed.toSorted((a, b) => Number(b.at(-1)) - Number(a.at(-1))))
    remove(updated, path)
  return updated
}

function compute(item: Item, value: Value): AttributeValue {
  switch (value.kind) {
    case 'value':
      return value.value
    case 'path': {
      const found = at(item, value.path)
      if (found !== undefined) return found
      throw validation(
        'The provided expression refers to an attribute that does not exist in the item',
      )
    }
    case 'size':
      throw validation(
        `Invalid ${WHAT}: The function is not allowed in an update expression; function: size`,
      )
    case 'if_not_exists':
      return at(item, value.path) ?? compute(item, value.otherwise)
    case 'list_append': {
      const [left, right] = [compute(item, value.left), compute(item, value.right)]
      if (left.L === undefined || right.L === undefined) {
        throw validation('An operand in the update expression has an incorrect data type')
      }
      return { L: [...left.L, ...right.L] }
    }
    default: {
      const [left, right] = [compute(item, value.left), compute(item, value.right)]
      return sum(left, value.kind === '+' ? right : negative(right))
    }
  }
}

function sum(left: AttributeValue, right: AttributeValue): AttributeValue {
  if (left.N === undefined || right.N === undefined) {
    throw validation('An operand in the update expression has an incorrect data type')
  }
  return { N: sumOf(left.N, right.N) }
}

const negative = (value: AttributeValue): AttributeValue =>
  value.N === undefined ? value : { N: value.N.startsWith('-') ? value.N.slice(1) : `-${value.N}` }

function parentOf(item: Item, path: Path): AttributeValue {
  const parent = at(item, path.slice(0, -1))
  if (parent?.M !== undefined || parent?.L !== undefined) return parent
  throw validation('The document path provided in the update expression is invalid for update')
}

function put(item: Item, path: Path, value: AttributeValue): void {
  const last = path.at(-1)
  if (path.length === 1) {
    item[String(last)] = clone(value)
    return
  }
  const parent = parentOf(item, path)
  if (typeof last === 'number' && parent.L !== undefined) {
    if (last >= parent.L.length) parent.L.push(clone(value))
    else parent.L[last] = clone(value)
  } else if (typeof last === 'string' && parent.M !== undefined) {
    parent.M[last] = clone(value)
  } else
    throw validation('The document path provided in the update expression is invalid for update')
}

function remove(item: Item, path: Path): void {
  const last = path.at(-1)
  if (path.length === 1) {
    delete item[String(last)]
    return
  }
  const parent = parentOf(item, path)
  if (typeof last === 'number') parent.L?.splice(last, 1)
  else if (parent.M !== undefined && last !== undefined) delete parent.M[last]
}

function add(item: Item, path: Path, value: AttributeValue): void {
  const present = at(item, path)
  if (value.N !== undefined) {
    put(item, path, present === undefined ? value : sum(present, value))
    return
  }
  const type = (['SS', 'NS', 'BS'] as const).find((one) => value[one] !== undefined)
  if (type === undefined || (present !== undefined && present[type] === undefined)) {
    throw validation('An operand in the update expression has an incorrect data type')
  }
  const all = [...((present?.[type] ?? []) as never[]), ...((value[type] ?? []) as never[])]
  const unique = new Map(all.map((one) => [canonical({ [type[0] as 'S']: one } as never), one]))
  put(item, path, { [type]: [...unique.values()] } as never)
}

function drop(item: Item, path: Path, value: AttributeValue): void {
  const present = at(item, path)
  const type = (['SS', 'NS', 'BS'] as const).find((one) => value[one] !== undefined)
  if (type === undefined)
    throw validation('An operand in the update expression has an incorrect data type')
  if (present === undefined) return
  const one = (member: unknown) => ({ [type[0] as 'S']: member }) as never as AttributeValue
  const left = ((present[type] ?? []) as unknown[]).filter(
    (member) => !((value[type] ?? []) as unknown[]).some((gone) => same(one(gone), one(member))),
  )
  if (left.length === 0) remove(item, path)
  else put(item, path, { [type]: left } as never)
}
