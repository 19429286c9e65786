import type { Condition, Operand, Path } from './expression.ts'
import { type AttributeValue, compare, type Item, same, typeOf, validation } from './value.ts'

/** The value at a path, or undefined. */
export function at(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item }
  for (const step of path) {
    value = typeof step === 'number' ? value?.L?.[step] : value?.M?.[step]
    if (value === undefined) return undefined
  }
  return value
}

/** Whether an item (the empty one if there is none) meets a condition. */
export function meets(item: Item, condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return meets(item, condition.left) && meets(item, condition.right)
    case 'or':
      return meets(item, condition.left) || meets(item, condition.right)
    case 'not':
      return !meets(item, condition.condition)
    case 'between': {
      const value = operandValue(item, condition.operand)
      const low = operandValue(item, condition.low)
      const high = operandValue(item, condition.high)
      return holds('>=', value, low) && holds('<=', value, high)
    }
    case 'in': {
      const value = operandValue(item, condition.operand)
      return condition.list.some((one) => holds('=', value, operandValue(item, one)))
    }
    case 'compare':
      return holds(
        condition.operator,
        operandValue(item, condition.left),
        operandValue(item, condition.right),
      )
    case 'function':
      return callFunction(item, condition)
  }
}

function operandValue(item: Item, operand: Operand): AttributeValue | undefined {
  if (operand.kind === 'value') return operand.value
  const value = at(item, operand.path)
  if (operand.kind === 'path' || value === undefined) return value
  const { S, B, M, L, SS, NS, BS } = value
  const length =
    (S === undefined ? undefined : Buffer.byteLength(S)) ??
    (M === undefined ? undefined : Object.keys(M).length) ??
    (B ?? L ?? SS ?? NS ?? BS)?.length
  return length === undefined ? undefined : { N: String(length) }
}

function holds(
  operator: string,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  // `<>` is true when one side is missing: they do differ.
  if (operator === '<>') return !same(left, right)
  if (left === undefined || right === undefined) return false
  if (operator === '=') return same(left, right)
  const order = compare(left, right)
  if (order === undefined) return false
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  return operator === '>' ? order > 0 : order >= 0
}

function callFunction(
  item: Item,
  { name, path, argument }: Extract<Condition, { kind: 'function' }>,
) {
  const value = at(item, path)
  if (name === 'attribute_exists') return value !== undefined
  if (name === 'attribute_not_exists') return value === undefined
  const wanted = argument === undefined ? undefined : operandValue(item, argument)
  if (argument === undefined) {
    throw validation(
      `Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: 1`,
    )
  }
  if (value === undefined || wanted === undefined) return false
  if (name === 'attribute_type') return typeOf(value) === wanted.S
  if (name === 'begins_with') {
    if (value.S !== undefined && wanted.S !== undefined) return value.S.startsWith(wanted.S)
    if (value.B === undefined || wanted.B === undefined) return false
    return Buffer.from(value.B).subarray(0, wanted.B.length).equals(Buffer.from(wanted.B))
  }
  return contains(value, wanted)
}

function contains(value: AttributeValue, wanted: AttributeValue): boolean {
  if (value.S !== undefined) return wanted.S !== undefined && value.S.includes(wanted.S)
  if (value.L !== undefined) return value.L.some((one) => same(one, wanted))
  if (value.SS !== undefined) return wanted.S !== undefined && value.SS.includes(wanted.S)
  if (value.NS !== undefined) return value.NS.some((one) => same({ N: one }, wanted))
  return (value.BS ?? []).some((one) => same({ B: one }, wanted))
}
