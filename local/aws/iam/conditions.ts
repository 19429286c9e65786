import { NotImplemented } from '../errors.ts'
import { malformed } from './errors.ts'
import { OPERATORS, type Operator } from './operators.ts'
import { type Context, resolveVariables } from './variables.ts'

/** One key of a `Condition` block: the operator in parts, and the values of which one must do. */
export type Condition = {
  set?: 'ForAllValues' | 'ForAnyValue'
  operator: Operator | 'Null'
  ifExists: boolean
  key: string
  wanted: readonly string[]
}

/**
 * Reads a `Condition` block.
 *
 * @throws AwsError MalformedPolicyDocument for an operator IAM does not have; NotImplemented for
 *   BinaryEquals.
 */
export function parseConditions(source: Record<string, unknown>): Condition[] {
  return Object.entries(source).flatMap(([operator, keys]) =>
    Object.entries(keys as Record<string, unknown>).map(([key, values]) => ({
      ...parseOperator(operator),
      key,
      wanted: (Array.isArray(values) ? values : [values]).map(String),
    })),
  )
}

function parseOperator(text: string): Pick<Condition, 'set' | 'operator' | 'ifExists'> {
  const [, set, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? []
  if (name === 'BinaryEquals') throw new NotImplemented('the IAM condition operator BinaryEquals')
  const operator = name === 'Null' ? name : OPERATORS[name]
  if (operator === undefined) throw malformed(`Invalid Condition type : ${text}.`)
  return {
    operator,
    ifExists: ifExists !== undefined,
    ...(set === undefined ? {} : { set: set as 'ForAllValues' | 'ForAnyValue' }),
  }
}

/**
 * Whether a request meets a condition.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 *
 * @throws NotImplemented for a key with several values under an operator for one.
 */
export function meets(condition: Condition, context: Context): boolean {
  const { set, operator, ifExists, key } = condition
  const actual = context(key)
  if (operator === 'Null') {
    return condition.wanted.some((wanted) => (wanted === 'true') === (actual === undefined))
  }
  if (actual === undefined || actual.length === 0) {
    if (set !== undefined) return set === 'ForAllValues' || ifExists
    return ifExists || operator.negated
  }
  const wanted = condition.wanted.map((value) => resolveVariables(value, context))
  const fits = (value: string): boolean =>
    operator.negated !== wanted.some((one) => one !== undefined && operator.compare(value, one))
  if (set === 'ForAllValues') return actual.every(fits)
  if (set === undefined && actual.length > 1) {
    throw new NotImplemented(`a condition on ${key}, which has many values, without ForAllValues`)
  }
  return actual.some(fits)
}
