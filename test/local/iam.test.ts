import { describe, expect, it, test } from 'vitest'
import { evaluate } from '../../local/aws/iam/evaluate.ts'
import { type Policy, parsePolicy } from '../../local/aws/iam/policy.ts'

type Statement = Record<string, unknown>
type Context = Record<string, string | string[]>

/** A policy variable: `${aws:PrincipalTag/team}`. */
const variable = (inside: string) => `\${${inside}}`

const policy = (...statements: Statement[]): Policy =>
  parsePolicy('p', JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity')

const allow = (more: Statement): Statement => ({
  Effect: 'Allow',
  Action: '*',
  Resource: '*',
  ...more,
})

const SERVICE = 'arn:aws:ecs:eu-central-1:123456789012:service/dev/orders'

function ask(
  policies: Policy | Policy[],
  action: string,
  resource = SERVICE,
  context: Context = {},
  boundary?: Policy,
): true | string {
  const decision = evaluate([policies].flat(), boundary, {
    action,
    resource,
    context: (key) => {
      const value = context[key]
      return value === undefined ? undefined : [value].flat()
    },
  })
  return decision.allowed || decision.why
}

describe('what allows', () => {
  const nothing = 'because no identity-based policy allows the ecs:UpdateService action'
  test.each([
    ['the action and the resource', { Action: 'ecs:UpdateService', Resource: SERVICE }, true],
    ['actions in any case', { Action: 'ECS:updateservice' }, true],
    ['wildcards in actions', { Action: ['ecr:*', 'ecs:Update?ervice'] }, true],
    ['another action does not', { Action: 'ecs:DeleteService' }, nothing],
    ['everything but some actions', { Action: undefined, NotAction: 'iam:*' }, true],
    ['not what NotAction lists', { Action: undefined, NotAction: 'ecs:*' }, nothing],
    ['wildcards in resources', { Resource: 'arn:aws:ecs:*:*:service/*/orders' }, true],
    ['a wildcard stays in its part', { Resource: 'arn:aws:ecs:*:service/dev/orders' }, nothing],
    ['a short ARN is completed', { Resource: 'arn:aws:ecs:*' }, true],
    ['resources look at case', { Resource: SERVICE.replace('orders', 'Orders') }, nothing],
    ['NotResource', { Resource: undefined, NotResource: `${SERVICE}-2` }, true],
    ['not what NotResource lists', { Resource: undefined, NotResource: `${SERVICE}*` }, nothing],
  ])('%s', (_, statement, expected) => {
    expect(ask(policy(allow(statement)), 'ecs:UpdateService')).toBe(expected)
  })

  it('is refused by an explicit deny, wherever it is', () => {
    const denied = policy({ Effect: 'Deny', Action: 'ecs:Delete*', Resource: '*' })
    expect(ask([policy(allow({})), denied], 'ecs:DeleteService')).toBe(
      'with an explicit deny in an identity-based policy',
    )
    expect(ask([policy(allow({})), denied], 'ecs:UpdateService')).toBe(true)
    expect(ask(policy(allow({})), 'ecs:DeleteService', SERVICE, {}, denied)).toBe(
      'with an explicit deny in a permissions boundary',
    )
  })

  it('must be within the boundary', () => {
    const boundary = policy(allow({ Action: 'ecs:*' }))
    expect(ask(policy(allow({})), 'ecs:UpdateService', SERVICE, {}, boundary)).toBe(true)
    expect(ask(policy(allow({})), 'iam:GetRole', SERVICE, {}, boundary)).toBe(
      'because no permissions boundary allows the iam:GetRole action',
    )
  })

  it('an action without resources needs the resource *', () => {
    expect(ask(policy(allow({ Resource: 'arn:aws:ecs:*' })), 'ecs:ListClusters', '*')).not.toBe(
      true,
    )
    expect(ask(policy(allow({})), 'ecs:ListClusters', '*')).toBe(true)
  })
})

describe('conditions', () => {
  const CASES: [string, string, unknown, Context, boolean][] = [
    ['StringEquals', 'k', 'a', { k: 'a' }, true],
    ['StringEquals', 'k', ['a', 'b'], { k: 'b' }, true],
    ['StringEquals', 'k', 'a*', { k: 'ab' }, false],
    ['StringEquals', 'k', 'a', {}, false],
    ['StringNotEquals', 'k', ['a', 'b'], { k: 'b' }, false],
    ['StringNotEquals', 'k', 'a', {}, true],
    ['StringEqualsIgnoreCase', 'k', 'A', { k: 'a' }, true],
    ['StringNotEqualsIgnoreCase', 'k', 'A', { k: 'a' }, false],
    ['StringLike', 'k', 'a*c?', { k: 'abbcd' }, true],
    ['StringLike', 'k', '*', {}, false],
    ['StringLike', 'k', `a${variable('*')}`, { k: 'a*' }, true],
    ['StringLike', 'k', `a${variable('*')}`, { k: 'ab' }, false],
    ['StringNotLike', 'k', 'a*', { k: 'b' }, true],
    ['StringEqualsIfExists', 'k', 'a', {}, true],
    ['StringEqualsIfExists', 'k', 'a', { k: 'b' }, false],
    [
      'StringEquals',
      'k',
      `${variable('aws:PrincipalTag/team')}`,
      { k: 'x', 'aws:PrincipalTag/team': 'x' },
      true,
    ],
    ['StringEquals', 'k', `${variable('aws:PrincipalTag/team')}`, { k: '' }, false],
    ['StringEquals', 'k', `${variable("aws:PrincipalTag/team, 'none'")}`, { k: 'none' }, true],
    [
      'ArnLike',
      'k',
      'arn:aws:events:*:*:rule/dev-*',
      { k: 'arn:aws:events:eu:1:rule/dev-a' },
      true,
    ],
    ['ArnEquals', 'k', 'arn:aws:events:*:*:rule/dev', { k: 'arn:aws:events:eu:1:rule/a' }, false],
    ['ArnNotLike', 'k', 'arn:aws:events:*', { k: 'arn:aws:ecs:eu:1:x' }, true],
    ['ArnNotEquals', 'k', 'arn:aws:ecs:*', { k: 'arn:aws:ecs:eu:1:x' }, false],
    ['NumericLessThan', 'k', '10', { k: '9' }, true],
    ['NumericEquals', 'k', 10, { k: '10.0' }, true],
    ['NumericNotEquals', 'k', 10, { k: '10' }, false],
    ['NumericLessThanEquals', 'k', '10', { k: '11' }, false],
    ['NumericGreaterThan', 'k', '10', { k: '11' }, true],
    ['NumericGreaterThanEquals', 'k', '10', { k: '10' }, true],
    ['DateLessThan', 'k', '2026-03-02T10:00:00Z', { k: '2026-03-02T09:00:00Z' }, true],
    ['DateGreaterThan', 'k', '1772442000', { k: '2026-03-02T09:00:01Z' }, true],
    ['DateEquals', 'k', '2026-03-02T09:00:00Z', { k: '1772442000' }, true],
    ['Bool', 'k', 'true', { k: 'true' }, true],
    ['Bool', 'k', true, { k: 'false' }, false],
    ['BoolIfExists', 'k', 'false', {}, true],
    ['IpAddress', 'k', '203.0.113.0/24', { k: '203.0.113.9' }, true],
    ['IpAddress', 'k', '203.0.113.9', { k: '203.0.113.9' }, true],
    ['NotIpAddress', 'k', '203.0.113.0/24', { k: '203.0.113.9' }, false],
    ['Null', 'k', 'true', {}, true],
    ['Null', 'k', false, { k: 'a' }, true],
    ['Null', 'k', 'true', { k: 'a' }, false],
    ['ForAllValues:StringEquals', 'k', ['a', 'b'], { k: ['a', 'b'] }, true],
    ['ForAllValues:StringEquals', 'k', ['a'], { k: ['a', 'b'] }, false],
    ['ForAllValues:StringEquals', 'k', ['a'], {}, true],
    ['ForAnyValue:StringEquals', 'k', ['a'], { k: ['a', 'b'] }, true],
    ['ForAnyValue:StringEquals', 'k', ['a'], {}, false],
    ['ForAnyValue:StringNotEquals', 'k', ['a'], { k: ['a', 'b'] }, true],
    ['ForAllValues:StringNotLike', 'k', ['aws:*'], { k: ['team', 'aws:x'] }, false],
  ]
  test.each(CASES)('%s %s %j with %j: %s', (operator, key, wanted, context, expected) => {
    const statement = allow({ Condition: { [operator]: { [key]: wanted } } })
    expect(ask(policy(statement), 'ecs:UpdateService', SERVICE, context) === true).toBe(expected)
  })

  it('all of them must hold', () => {
    const Condition = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } }
    const all = policy(allow({ Condition }))
    expect(ask(all, 'ecs:UpdateService', SERVICE, { a: '1', b: '2', c: 'true' })).toBe(true)
    expect(ask(all, 'ecs:UpdateService', SERVICE, { a: '1', b: '2' })).not.toBe(true)
  })

  it('policy variables stand in resources, and their values are no patterns', () => {
    const own = policy(
      allow({ Resource: `arn:aws:ecs:*:*:service/dev/${variable('aws:PrincipalTag/team')}` }),
    )
    const as = (team: string) =>
      ask(own, 'ecs:UpdateService', SERVICE, { 'aws:PrincipalTag/team': team })
    expect(as('orders')).toBe(true)
    expect(as('*')).not.toBe(true)
  })

  it('several values under an operator for one are not guessed', () => {
    const statement = allow({ Condition: { StringEquals: { k: 'a' } } })
    expect(() => ask(policy(statement), 'a:B', SERVICE, { k: ['a', 'b'] })).toThrow('ForAllValues')
  })
})

describe('documents', () => {
  test.each([
    ['not JSON', 'Syntax errors in policy.', '{'],
    ['no statements', 'Syntax errors in policy.', '{}'],
    ['an old version', 'valid version string', '{"Version":"2012","Statement":[]}'],
    ['an unknown element', 'prohibited field Actions', [allow({ Actions: 'a:b' })]],
    ['a principal', 'prohibited field Principal', [allow({ Principal: '*' })]],
    ['neither effect', 'Syntax errors', [allow({ Effect: 'Maybe' })]],
    ['an action without its service', 'prefaced by a vendor', [allow({ Action: 'UpdateService' })]],
    ['no resource', 'must contain resources', [allow({ Resource: undefined })]],
    ['an unknown operator', 'StringMatches', [allow({ Condition: { StringMatches: { k: 'a' } } })]],
    ['a binary comparison', 'BinaryEquals', [allow({ Condition: { BinaryEquals: { k: 'a' } } })]],
  ])('with %s are refused', (_, message, source) => {
    const text = typeof source === 'string' ? source : JSON.stringify({ Statement: source })
    expect(() => parsePolicy('p', text, 'identity')).toThrow(message)
  })
})
