import { writeFileSync } from 'node:fs'
import { localAwsPage } from '../local-aws-page.ts'
import { Simulation } from '../simulation.ts'

/** Writes the pages that are made from the code. */
export async function docs(): Promise<number> {
  const start = new Date('2026-03-02T09:00:00Z')
  const { aws } = await Simulation.open({ seed: 1, start })
  writeFileSync('docs/local-aws.md', localAwsPage(aws.services))
  console.log('docs/local-aws.md')
  return 0
}
