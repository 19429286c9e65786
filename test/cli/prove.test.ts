import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { prove } from '../../cli/prove.ts'
import type { Invariant } from '../../local/invariants/invariant.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

/** Its history is of eight hours, in the catalog of two services. */
const SEED = 7

/** Does not hold as soon as anybody pushes: what a violation looks like. */
const nobodyPushes: Invariant = {
  ...{ number: 3, holds: 'Nobody pushes.', when: 'always' },
  violations: ({ namings }) => namings.map(({ repository }) => `somebody pushed to ${repository}`),
}

async function proved(more: object, invariants?: readonly Invariant[]) {
  const lines: string[] = []
  const out = temporaryDirectory()
  const options = { seeds: 1, seed: SEED, shrink: 0, out, ...more }
  const code = await prove(options, (line) => void lines.push(line), invariants)
  return { code, lines, out }
}

describe('npx caretaker prove', () => {
  it('says how many histories were played, and that everything held', {
    timeout: 900_000,
  }, async () => {
    const { code, lines } = await proved({})
    expect(code).toBe(0)
    expect(lines.at(-1)).toMatch(
      /^1 of 1 seeds \(\d+\.\d\d a CPU second\), 0\.\d simulated days, no violation, \d+ CPU seconds\. Everything that must hold held\.$/,
    )
  })

  it('says what does not hold, and writes the shortest history that was found', {
    timeout: 900_000,
  }, async () => {
    const { code, lines, out } = await proved({ shrink: 1 }, [nobodyPushes])
    const file = join(out, `seed-${SEED}-3`, 'scenario.yaml')
    expect(code).toBe(1)
    expect(lines[0]).toBe(`Seed ${SEED} (catalog nappers) violates 3. Nobody pushes.`)
    expect(lines[1]).toMatch(/^ {2}- somebody pushed to \w+$/)
    expect(lines.find((line) => line.includes('events are enough'))).toContain(
      `npx caretaker simulate ${file}`,
    )
    expect(lines.at(-1)).toMatch(/1 with a violation, \d+ CPU seconds\.$/)
    expect(readFileSync(file, 'utf8')).toMatch(/^# 3\. Nobody pushes\.\n# - somebody pushed/)
  })

  it('prints a document for each history, and looks at one number alone', {
    timeout: 900_000,
  }, async () => {
    const { code, lines } = await proved({ json: true, only: 4 }, [nobodyPushes])
    const [found, sum] = lines.map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(found).toMatchObject({ seed: SEED, catalog: 'nappers', violations: [] })
    expect(sum).toMatchObject({ seeds: 1, violated: 0, interrupted: false })
  })
})
