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

it('shows a record’s message, its buttons, and the text that stands for it', async () => {
  const record = alarm('dev-web-errors', { reason: 'more than <5> & less' })
  const { lines, page, problems } = await previewOf(fileOf(record))
  const all = lines.join('\n')
  expect(all).toContain('dev-web-errors is red since 10:00')
  expect(all).toContain('[ Acknowledge ] [ Mute 1 h ]')
  expect(all).toMatch(/^text: dev-web-errors is red since 10:00\. What:/m)
  expect(problems).toEqual([])
  expect(page).toContain('<b>dev-web-errors</b> is red since 10:00')
  expect(page).toContain('more than &lt;5&gt; &amp; less')
})

it.each([
  ['no record', { a: 1 }, /found no event and no record/],
  ['a record that cannot be read', { ...alarm(), verdict: 'splendid' }, /verdict/],
])('says what is wrong with %s', async (_, content, problem) => {
  await expect(previewOf(fileOf(content))).rejects.toThrow(problem)
})

it.each([
  ['alarm-changed', /is red since/],
  ['pipeline-changed', /text: /],
])('shows what the event %s ends in', async (name, told) => {
  const { lines, problems } = await previewOf(`events/${name}.sample.json`)
  expect(lines.join('\n')).toMatch(told)
  expect(lines[0]).toMatch(/^In #/)
  expect(problems).toEqual([])
})

it('says why nobody is told of an event', async () => {
  const event = { source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change' }
  const detail = { alarmName: 'theirs', state: { value: 'OK', timestamp: '2026-03-02T09:00:00Z' } }
  const { lines } = await previewOf(fileOf({ ...event, resources: ['arn:x:alarm:theirs'], detail }))
  expect(lines[0]).toMatch(/^Nobody is told: /)
})
