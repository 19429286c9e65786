import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isOurs } from '../../../cli/bench/measure.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

/** The rows of the page's first table: who calls what. */
function documented(): string[] {
  const page = readFileSync('docs/calls-of-a-roll-out.md', 'utf8')
  const rows = page.matchAll(/^\| (\d+) \| `([\w-]+)` \| `([\w-]+:\w+)` \| .{10,} \|$/gm)
  return [...rows].map(([, place, who, call]) => `${place} ${who} ${call}`)
}

it('a roll-out makes the calls that its page gives the reason for, and no others', async () => {
  const stage = await Stage.open()
  stage.push(GOOD)
  // Long enough that the functions start anew; what the sweep reads meanwhile is not the roll-out's.
  await stage.minutes(20)
  const { aws } = stage.simulation
  const before = aws.calls.length
  stage.push(GOOD)
  await stage.minutes(4)
  const made = aws.calls
    .slice(before)
    .filter(isOurs)
    .filter(({ by }) => !by.endsWith('-sweep'))
    .map(({ by, service, operation }) => `${by.replace(/^\w+\/dev-/, '')} ${service}:${operation}`)
  expect(stage.verdicts()).toEqual(['deployed', 'deployed'])
  expect(made.map((call, place) => `${place + 1} ${call}`)).toEqual(documented())
  expect(made.length).toBeLessThanOrEqual(28)
})
