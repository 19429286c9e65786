import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isTaken, roomIn } from '../../../domain/tagging/characters.ts'
import { judge } from '../../../domain/tagging/judge.ts'
import { allows, type TagPolicy } from '../../../domain/tagging/policy.ts'
import { WATCHED_TYPES } from '../../../domain/tagging/types.ts'

const POLICY: Pick<TagPolicy, 'required'> = {
  required: {
    'caretaker:owner': { values: ['platform', 'storefront', 'ordering'] },
    'caretaker:environment': { default: 'dev' },
    'cost-center': { pattern: '[0-9]{4}' },
  },
}
const ALL = {
  'caretaker:owner': 'ordering',
  'caretaker:environment': 'dev',
  'cost-center': '4711',
}
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, place) => [`own-${place}`, 'x']))
const without = (key: keyof typeof ALL) => {
  const { [key]: _, ...rest } = ALL
  return rest
}

describe('what a resource lacks', () => {
  test.each([
    ['nothing', ALL, {}, {}, []],
    ['a default', without('caretaker:environment'), {}, { 'caretaker:environment': 'dev' }, []],
    [
      'the owner, of which the team is known',
      without('caretaker:owner'),
      { team: 'storefront' },
      { 'caretaker:owner': 'storefront' },
      [],
    ],
    [
      'the owner, which its group has: before whoever made it',
      without('caretaker:owner'),
      { team: 'storefront', parent: { 'caretaker:owner': 'platform' } },
      { 'caretaker:owner': 'platform' },
      [],
    ],
    [
      'the owner, which its group has wrong',
      without('caretaker:owner'),
      { parent: { 'caretaker:owner': 'nobody' } },
      {},
      ['missing caretaker:owner'],
    ],
    [
      'the owner, and nobody knows',
      without('caretaker:owner'),
      {},
      {},
      ['missing caretaker:owner'],
    ],
    ['a value that nobody can know', without('cost-center'), {}, {}, ['missing cost-center']],
    [
      'a right value: another team’s stays, whoever made it',
      { ...ALL, 'caretaker:owner': 'platform' },
      { team: 'ordering', parent: { 'caretaker:owner': 'ordering' } },
      {},
      [],
    ],
    [
      'a right value: a wrong one stays too, and is said',
      { ...ALL, 'cost-center': '47' },
      { parent: { 'cost-center': '4711' } },
      {},
      ['wrong cost-center'],
    ],
    ['an empty value is there', { ...ALL, 'cost-center': '' }, {}, {}, ['wrong cost-center']],
    [
      'room: 49 of its own, and two are missing',
      many(49),
      { team: 'ordering' },
      { 'caretaker:owner': 'ordering' },
      ['full caretaker:environment', 'missing cost-center'],
    ],
    [
      'room: those of AWS do not count',
      { ...many(49), 'aws:cloudformation:stack-name': 'x', ...ALL },
      {},
      {},
      [],
    ],
    [
      'a value that its service refuses',
      without('cost-center'),
      { parent: { 'cost-center': '4711,' } },
      {},
      ['missing cost-center'],
    ],
  ])('%s', (_, tags, evidence, writes, left) => {
    const judged = judge(POLICY, { type: 'rds:db', tags }, evidence)
    expect(judged.writes).toEqual(writes)
    expect(judged.left.map(({ what, key }) => `${what} ${key}`)).toEqual(left)
  })

  it('what its group has and its own service refuses is left', () => {
    const policy = { required: { note: {} } }
    const parent = { note: 'a, b' }
    const of = (type: 'ec2:instance' | 'rds:db') => judge(policy, { type, tags: {} }, { parent })
    expect(of('ec2:instance').writes).toEqual(parent)
    expect(of('rds:db').left).toEqual([
      { key: 'note', what: 'refused', found: 'a, b', allowed: 'any value' },
    ])
  })
})

test.each([
  ['cost', 'a', true],
  ['cost', 'a,b', false],
  ['cost', 'a*', false],
  ['cost', 'é ü 東京', true],
  ['cost', 'x'.repeat(256), true],
  ['cost', 'x'.repeat(257), false],
  ['k'.repeat(129), 'a', false],
  ['aws:cost', 'a', false],
  ['AWS:cost', 'a', false],
  ['', 'a', false],
])('everywhere: %s = %s', (key, value, taken) => {
  expect(isTaken(key, value)).toBe(taken)
})

const key = fc.oneof(
  fc.constantFrom(...Object.keys(ALL), 'Owner', 'aws:cloudformation:stack-name', '__proto__'),
  fc.string({ minLength: 1, maxLength: 20 }),
)
const value = fc.oneof(fc.constantFrom('ordering', 'dev', '4711', ''), fc.string())
const tags = fc.dictionary(key, value, { maxKeys: 60 })
const evidence = fc.record(
  { team: fc.oneof(fc.constantFrom('ordering', 'platform'), fc.string()), parent: tags },
  { requiredKeys: [] },
)

it('whatever it carries: absent keys alone, allowed values alone, room for all; the second writes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...WATCHED_TYPES), tags, evidence, (type, own, known) => {
      const { writes } = judge(POLICY, { type, tags: own }, known)
      for (const [name, text] of Object.entries(writes)) {
        expect(Object.hasOwn(own, name)).toBe(false)
        expect(allows(POLICY.required[name] ?? {}, text)).toBe(true)
        expect(isTaken(name, text, type)).toBe(true)
      }
      const after = { ...own, ...writes }
      expect(Math.min(0, roomIn(own))).toBeLessThanOrEqual(roomIn(after))
      expect(judge(POLICY, { type, tags: after }, known).writes).toEqual({})
    }),
    { numRuns: 300 },
  )
})
