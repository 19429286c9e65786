import { expression } from '../../../local/aws/constraints/expression.ts'
import {
  CONSTRAINTS,
  type ServiceRules,
  type ShapeRule,
} from '../../../local/aws/constraints/rules.ts'
import { type Maker, pick } from './value.ts'

/**
 * The input with values that AWS's model allows where it had others: most of what is made by chance
 * would be refused before the operation sees it.
 */
export function mended(maker: Maker, service: string, operation: string, input: object): object {
  const rules = CONSTRAINTS.services[service]
  const shape = rules?.operations[operation]
  return rules === undefined || shape === undefined
    ? input
    : (mend(maker, rules, shape, input) as object)
}

function mend(maker: Maker, rules: ServiceRules, shape: string, value: unknown): unknown {
  const rule = rules.shapes[shape] as ShapeRule
  const below = (name: string | undefined, item: unknown) =>
    name === undefined ? item : mend(maker, rules, name, item)
  if (rule.type === 'list' && Array.isArray(value)) {
    const items = value.slice(0, rule.max ?? value.length).map((item) => below(rule.member, item))
    return items
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const of = (name: string) => (rule.type === 'map' ? rule.value : rule.members?.[name])
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, below(of(name), item)]),
    )
  }
  return scalar(maker, rule, value)
}

function scalar(maker: Maker, rule: ShapeRule, value: unknown): unknown {
  const { min, max } = rule
  if (rule.enum !== undefined) return pick(maker, rule.enum)
  if (rule.type === 'number' && typeof value === 'number') {
    const whole = Number.isFinite(value) ? Math.trunc(value) : 1
    return Math.min(max ?? whole, Math.max(min ?? whole, whole))
  }
  if (typeof value !== 'string' || rule.type !== 'string') return value
  const matches = rule.pattern === undefined ? /^/ : expression(rule.pattern)
  const fits = (text: string) =>
    matches.test(text) && text.length >= (min ?? 0) && text.length <= (max ?? text.length)
  if (fits(value)) return value
  const fitting = [...maker.names.map(({ name }) => name), ...PLAIN].filter(fits)
  return fitting.length === 0 ? value : pick(maker, fitting)
}

/** Texts of many forms, for what nothing in the account is called. */
const PLAIN = [
  'a',
  'abc',
  'x'.repeat(40),
  '0',
  '1',
  '111122223333',
  'arn:aws:iam::123456789012:role/a',
  'arn:aws:lambda:eu-central-1:123456789012:function:a',
  'subnet-00000000',
  'sg-00000000',
  '0a1b2c3d-0000-4000-8000-000000000000',
  `sha256:${'0'.repeat(64)}`,
  '/',
  '{}',
]
