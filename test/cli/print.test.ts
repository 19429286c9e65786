import { expect, test } from 'vitest'
import { printer, type Screen, visible } from '../../cli/print.ts'

const START = new Date('2026-03-02T09:00:00Z')
const ESCAPE = '\u001b'

test('what images, logs and messages contain does not command the terminal', () => {
  const lines: string[] = []
  const print = printer(START, (line) => lines.push(line))
  const text = `orders fails${ESCAPE}[2J${ESCAPE}]0;root\u0007`
  print({ at: START, text, below: ['\u009b31mred', 'back\rforward', 'two\nlines', 'a\tb'] })
  expect(lines.slice(1)).toEqual([
    '09:00:00  orders fails\\u001b[2J\\u001b]0;root\\u0007',
    '          \\u009b31mred',
    '          back\\u000dforward',
    '          two\\u000alines',
    '          a\tb',
  ])
})

test('a message of several lines keeps its lines', () => {
  expect(visible(`one\ntwo ${ESCAPE}[1m`)).toBe('one\ntwo \\u001b[1m')
})

const MESSAGE =
  'Slack #ordering (the same message, edited): orders is rolled back to 4be1: it crashed. Why: exit code 137. Since 10:02.'

test.each<[string, Screen | undefined, string, string]>([
  ['a file has lines as they are', undefined, MESSAGE, MESSAGE],
  [
    'a screen has the first sentence of a message',
    { columns: 200, colours: false },
    MESSAGE,
    MESSAGE.replace(' Why: exit code 137. Since 10:02.', ''),
  ],
  [
    'a narrow one has as much as there is room for',
    { columns: 40, colours: false },
    'orders rolls out main (4be1b9): the tag names another image',
    'orders rolls out main (4be1b9…',
  ],
  [
    'colours say how it ended',
    { columns: 60, colours: true },
    'orders: main (4be1) is ROLLED-BACK: it crashed',
    `orders: main (4be1) ${ESCAPE}[31mis ROLLED-BACK${ESCAPE}[39m: it crashed`,
  ],
])('%s', (_, screen, text, shown) => {
  const lines: string[] = []
  printer(START, (line) => lines.push(line), screen)({ at: START, text, below: ['| a'] })
  const isMessage = screen !== undefined && text === MESSAGE
  expect(lines.slice(1)).toEqual([`09:00:00  ${shown}`, ...(isMessage ? [] : ['          | a'])])
})
