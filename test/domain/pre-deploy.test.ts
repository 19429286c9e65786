import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { PRE_DEPLOY, preDeployOf } from '../../domain/roll-out/pre-deploy.ts'

test.each([
  ['["./manage.py","migrate"]', ['./manage.py', 'migrate']],
  ['./manage.py migrate', 'unreadable'],
  ['"migrate"', 'unreadable'],
  ['[]', 'unreadable'],
  ['["migrate",1]', 'unreadable'],
  ['null', 'unreadable'],
  ['', 'unreadable'],
])('the label %j asks for %j', (text, expected) => {
  expect(preDeployOf({ [PRE_DEPLOY]: text })).toEqual(expected)
})

it('is absent without the label', () => {
  expect([preDeployOf(undefined), preDeployOf({}), preDeployOf({ other: '[]' })]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

it('gives back any words that were written as JSON', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
      expect(preDeployOf({ [PRE_DEPLOY]: JSON.stringify(words) })).toEqual(words)
    }),
  )
})
