import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sampleFile, samples } from '../../cli/slack-preview/samples.ts'
import { previewOf } from '../../cli/slack-preview.ts'
import { BUDGET_VERDICTS } from '../../domain/table/budget-record.ts'
import { TAG_VERDICTS } from '../../domain/table/tag-notice.ts'
import { RENDERERS } from '../../functions/tell-slack/renderers.ts'
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

describe('the samples', () => {
  const all = samples().map(
    (name) => JSON.parse(readFileSync(sampleFile(name), 'utf8')) as Record<string, unknown>,
  )
  const verdictsOf = (kind: string) =>
    new Set(all.filter((one) => one.kind === kind).map(({ verdict }) => verdict))

  it('show a message of every kind that is told, and every word of budgets and tags', () => {
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(Object.keys(RENDERERS)))
    expect(verdictsOf('budget')).toEqual(new Set(BUDGET_VERDICTS))
    expect(verdictsOf('tag-notice')).toEqual(new Set(TAG_VERDICTS))
  })

  it.each(samples())(
    '%s is a message that Slack would take, without an instant in UTC',
    async (name) => {
      const { lines, problems } = await previewOf(name)
      expect(problems).toEqual([])
      expect(lines.join('\n')).toMatch(/^text: \S/m)
      expect(lines.join('\n')).not.toMatch(/\d{4}-\d{2}-\d{2}T|undefined|NaN|\[object/)
    },
  )
})
