import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Simulation } from '../../local/simulation/simulation.ts'
import { localAwsPage } from '../../scripts/docs/local-aws-page.ts'

const START = new Date('2026-03-02T09:00:00Z')

it('docs/local-aws.md is what the code says: run `npm run docs` when this fails', async () => {
  const { aws } = await Simulation.open({ seed: 1, start: START })
  expect(readFileSync('docs/local-aws.md', 'utf8')).toBe(localAwsPage(aws.services))
})

it('the templates ask for nothing the local AWS passes over without saying why', async () => {
  const { deployed } = await Simulation.open({ seed: 1, start: START })
  expect(deployed.unknown).toBe(0)
  expect(deployed.notSimulated.length).toBeGreaterThan(0)
  for (const { type, property, why } of deployed.notSimulated) {
    expect(why.length, `${type} ${property ?? ''}`).toBeGreaterThan(20)
  }
})
