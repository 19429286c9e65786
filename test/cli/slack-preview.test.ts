import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { previewOf } from '../../cli/slack-preview.ts'
import { alarm } from '../kits/notices.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

function fileOf(content: unknown): string {
  const file = join(temporaryDirectory(), 'record.json')
  writeFileSync(file, JSON.stringify(content))
  return file
}

it('shows a record’s message, its buttons, and the text that stands for it', () => {
  const record = alarm('dev-web-errors', { reason: 'more than <5> & less' })
  const { lines, page, problems } = previewOf(fileOf(record))
  const all = lines.join('\n')
  expect(all).toContain('dev-web-errors is red since 10:00')
  expect(all).toContain('[ Acknowledge ] [ Mute 1 h ]')
  expect(all).toMatch(/^text: dev-web-errors is red since 10:00\. What:/m)
  expect(problems).toEqual([])
  expect(page).toContain('<b>dev-web-errors</b> is red since 10:00')
  expect(page).toContain('more than &lt;5&gt; &amp; less')
})

it.each([
  ['no record', { a: 1 }, /found no record/],
  ['a record that cannot be read', { ...alarm(), verdict: 'splendid' }, /verdict/],
])('says what is wrong with %s', (_, content, problem) => {
  expect(() => previewOf(fileOf(content))).toThrow(problem)
})
