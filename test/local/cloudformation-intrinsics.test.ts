import { describe, expect, it, test } from 'vitest'
import { NO_VALUE, resolve, type Scope } from '../../local/cloudformation/intrinsics.ts'
import { inOrder, needsOf } from '../../local/cloudformation/order.ts'
import { Unanswerable } from '../../local/cloudformation/template.ts'

const lookUp = (what: string, values: Record<string, unknown>) => (name: string) => {
  if (Object.hasOwn(values, name)) return values[name]
  throw new Unanswerable(`there is no ${what} ${name}`)
}

const attributes = lookUp('attribute', {
  'Table.Arn': 'arn:table',
  'Database.Endpoint.Address': 'db.internal',
})

const scope: Scope = {
  region: 'eu-central-1',
  ref: lookUp('resource or parameter', {
    Table: 'dev-caretaker',
    'AWS::Region': 'eu-central-1',
    'AWS::NoValue': NO_VALUE,
    Subnets: ['a', 'b'],
  }),
  attribute: (id, name) => attributes(`${id}.${name}`),
  imported: lookUp('export', { 'Environment:Vpc': 'vpc-1' }),
  condition: (name) => lookUp('condition', { Production: false, Small: true })(name) as boolean,
  mapping: (map, top, second) =>
    map === 'Sizes' && top === 'dev' && second === 'cpu' ? 256 : undefined,
}

describe('intrinsic functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref', { Ref: 'Table' }, 'dev-caretaker'],
    ['Ref of a list', { Ref: 'Subnets' }, ['a', 'b']],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:table'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Database.Endpoint.Address' }, 'db.internal'],
    ['GetAtt of a dotted name', { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] }, 'db.internal'],
    ['Join', { 'Fn::Join': [':', ['a', { Ref: 'Table' }, 1]] }, 'a:dev-caretaker:1'],
    [
      'Sub',
      { 'Fn::Sub': `\${Table} in \${AWS::Region}: \${Table.Arn}` },
      'dev-caretaker in eu-central-1: arn:table',
    ],
    [
      'Sub with values',
      { 'Fn::Sub': [`\${Name}-\${Table}`, { Name: { Ref: 'Table' } }] },
      'dev-caretaker-dev-caretaker',
    ],
    ['Sub leaves a literal', { 'Fn::Sub': `\${!Name} \${Table}` }, `\${Name} dev-caretaker`],
    ['Select', { 'Fn::Select': ['1', { Ref: 'Subnets' }] }, 'b'],
    ['Split', { 'Fn::Split': ['-', 'a-b'] }, ['a', 'b']],
    ['GetAZs here', { 'Fn::GetAZs': '' }, ['eu-central-1a', 'eu-central-1b', 'eu-central-1c']],
    ['GetAZs there', { 'Fn::Select': [0, { 'Fn::GetAZs': 'us-east-1' }] }, 'us-east-1a'],
    ['ImportValue', { 'Fn::ImportValue': 'Environment:Vpc' }, 'vpc-1'],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['If', { 'Fn::If': ['Small', { Ref: 'Table' }, { Ref: 'Nothing' }] }, 'dev-caretaker'],
    [
      'If leaves out',
      { a: { 'Fn::If': ['Production', 1, { Ref: 'AWS::NoValue' }] }, b: 2 },
      { b: 2 },
    ],
    ['NoValue in a list', [1, { Ref: 'AWS::NoValue' }, 2], [1, 2]],
    ['Equals', { 'Fn::Equals': ['dev', 'dev'] }, true],
    ['And', { 'Fn::And': [{ Condition: 'Small' }, { Condition: 'Production' }] }, false],
    ['Or', { 'Fn::Or': [{ Condition: 'Small' }, { Condition: 'Production' }] }, true],
    ['Not', { 'Fn::Not': [{ Condition: 'Small' }] }, false],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'dev', 'cpu'] }, 256],
    [
      'FindInMap with a default',
      { 'Fn::FindInMap': ['Sizes', 'prod', 'cpu', { DefaultValue: 1 }] },
      1,
    ],
    [
      'Cidr',
      { 'Fn::Cidr': ['10.0.0.0/16', 3, '8'] },
      ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
    ],
    ['ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Table' } } }, '{"a":"dev-caretaker"}'],
    ['Length', { 'Fn::Length': { Ref: 'Subnets' } }, 2],
    [
      'a policy with one Condition',
      { Condition: { Bool: { a: 'b' } } },
      { Condition: { Bool: { a: 'b' } } },
    ],
    ['deep inside', [{ a: [{ b: { Ref: 'Table' } }] }], [{ a: [{ b: 'dev-caretaker' }] }]],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected)
  })

  test.each<[string, unknown, string]>([
    [
      'an unknown function',
      { Environment: [{ 'Fn::Transform': {} }] },
      'Environment[0]: the function Fn::Transform is not known to the local AWS',
    ],
    [
      'an unknown name',
      { A: { B: { Ref: 'Nothing' } } },
      'A.B: there is no resource or parameter Nothing',
    ],
    [
      'a name in a text',
      { A: { 'Fn::Sub': `\${Nothing}` } },
      'A: there is no resource or parameter Nothing',
    ],
    ['out of range', { A: { 'Fn::Select': [7, ['a']] } }, 'A: Fn::Select cannot take [7,["a"]]'],
    ['a wrong argument', { A: { 'Fn::Join': 'a' } }, 'A: Fn::Join cannot take "a"'],
    [
      'no room',
      { A: { 'Fn::Cidr': ['10.0.0.0/24', 3, 8] } },
      'A: Fn::Cidr cannot take ["10.0.0.0/24",3,8]',
    ],
    [
      'a missing mapping',
      { A: { 'Fn::FindInMap': ['Sizes', 'x', 'cpu'] } },
      'A: the mapping Sizes has no x, cpu',
    ],
    ['a missing export', { A: { 'Fn::ImportValue': 'x' } }, 'A: there is no export x'],
  ])('%s is an error that says where', (_, value, message) => {
    expect(() => resolve(value, scope)).toThrow(message)
  })
})

describe('order', () => {
  it('puts what is needed first, and else keeps the order', () => {
    const needs: Record<string, string[]> = { a: ['c', 'elsewhere'], b: [], c: ['d'], d: [] }
    expect(inOrder(['a', 'b', 'c', 'd'], (item) => needs[item] ?? [])).toEqual(['d', 'c', 'a', 'b'])
  })

  it('names the ring', () => {
    const needs: Record<string, string[]> = { a: ['b'], b: ['c'], c: ['b'] }
    expect(() => inOrder(['a', 'b', 'c'], (item) => needs[item] ?? [])).toThrow(
      'circular dependency: b -> c -> b',
    )
  })

  it('finds every way to name a resource', () => {
    const Properties = {
      A: { Ref: 'One' },
      B: [{ 'Fn::GetAtt': ['Two', 'Arn'] }, { 'Fn::GetAtt': 'Three.Arn' }],
      C: { 'Fn::Sub': [`\${Four}\${Five.Arn}\${!Not}\${Own}`, { Own: { Ref: 'Six' } }] },
      D: { 'Fn::If': ['Condition', { Ref: 'Seven' }, { 'Fn::Sub': `\${Eight}` }] },
    }
    const found = needsOf({ Type: 'AWS::X::Y', DependsOn: 'Nine', Properties })
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine']) {
      expect(found).toContain(name)
    }
    expect(found).not.toContain('Not')
  })
})
