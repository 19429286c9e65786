import { expect, test } from 'vitest'
import { printer, visible } from '../../cli/print.ts'

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
