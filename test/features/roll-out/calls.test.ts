import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isOurs } from '../../../cli/bench/measure.ts'
import { Stage } from '../../kits/roll-outs.ts'

/** The rows of the page's first table: who calls what. */
function documented(): string[] {
  const page = readFileSync('docs/calls-of-a-roll-out.md', 'utf8')
  const rows = page.matchAll(/^\| (\d+) \| `([\w-]+)` \| `([\w-]+:\w+)` \| .{10,} \|$/gm)
  return [...rows].map(([, place, who, call]) => `${place} ${who} ${call}`)
}

/** What the roll-out of a second image calls. @param tags of each image, besides `main`. */
async function made(tags: readonly string[][]): Promise<string[]> {
  const stage = await Stage.open()
  const { aws, ecr } = stage.simulation
  const push = (number: number) =>
    ecr.push({ repository: 'orders', tags: [...(tags[number] ?? []), 'main'] })
  push(0)
  // Long enough that the functions start anew; what the sweep reads meanwhile is not the roll-out's.
  await stage.minutes(20)
  const before = aws.calls.length
  push(1)
  await stage.minutes(4)
  expect(stage.verdicts().filter((verdict) => verdict === 'deployed')).toHaveLength(2)
  return aws.calls
    .slice(before)
    .filter(isOurs)
    .filter(({ by }) => !by.endsWith('-sweep'))
    .map(({ by, service, operation }) => `${by.replace(/^\w+\/dev-/, '')} ${service}:${operation}`)
}

it('a roll-out makes the calls that its page gives the reason for, and no others', async () => {
  const calls = await made([])
  expect(calls.map((call, place) => `${place + 1} ${call}`)).toEqual(documented())
  expect(calls).toHaveLength(28)
})

it('and one more where the image before has another tag', async () => {
  const calls = await made([['commit-1'], ['commit-2']])
  // The other tag is a push of its own, which is not taken: two reads and its record.
  const own = calls.filter((call) => !call.startsWith('start-roll-outs'))
  const without = (await made([])).filter((call) => !call.startsWith('start-roll-outs'))
  expect(own.filter((call) => call.endsWith('ecr:BatchDeleteImage'))).toHaveLength(1)
  expect(own).toHaveLength(without.length + 1)
})
