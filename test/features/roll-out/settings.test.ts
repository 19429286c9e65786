import { expect, it, test } from 'vitest'
import { settingsOf } from '../../../domain/roll-out/settings.ts'

const DEFAULTS = { bakeSeconds: 120, deadlineSeconds: 1800 }

test.each<[string, Record<string, string>, object]>([
  ['nothing: the defaults', {}, DEFAULTS],
  ['a bake of its own', { 'caretaker:bake': '0' }, { ...DEFAULTS, bakeSeconds: 0 }],
  ['a deadline of its own', { 'caretaker:deadline': '300' }, { ...DEFAULTS, deadlineSeconds: 300 }],
  [
    'a gate',
    { 'caretaker:refuse-findings': 'high', 'caretaker:bake': '3600' },
    { ...DEFAULTS, bakeSeconds: 3600, gate: 'high' },
  ],
])('the tags say %s', (_, tags, expected) => {
  expect(settingsOf(tags, DEFAULTS)).toEqual({ ...expected, unreadable: [] })
})

test.each([
  ['caretaker:bake', '2m', '0 to 3600 seconds'],
  ['caretaker:bake', '3601', '0 to 3600 seconds'],
  ['caretaker:bake', '', '0 to 3600 seconds'],
  ['caretaker:deadline', '59', '60 to 21600 seconds'],
  ['caretaker:deadline', '1e4', '60 to 21600 seconds'],
  ['caretaker:refuse-findings', 'CRITICAL', 'critical or high'],
])('%s "%s" cannot be read, so the default holds, and that is said', (key, value, allowed) => {
  expect(settingsOf({ [key]: value }, DEFAULTS)).toEqual({
    ...DEFAULTS,
    unreadable: [`the tag ${key} is "${value}", allowed: ${allowed}; the default holds`],
  })
})

it('says each that cannot be read', () => {
  const tags = { 'caretaker:bake': 'long', 'caretaker:deadline': 'late' }
  expect(settingsOf(tags, DEFAULTS).unreadable).toHaveLength(2)
})
