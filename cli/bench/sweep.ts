import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Simulation } from '../../local/simulation/simulation.ts'
import { MINUTE, quietEnvironment } from './measure.ts'

/** Calls of one sweep that finds nothing to do, and the least it could take. */
export type Sweep = { calls: number; bound: number }

/** `DescribeServices` takes ten at a time. */
const DESCRIBED_AT_ONCE = 10

const SERVICE = 'team: ordering\nschedule: office-hours\n'

/** The calls of one quiet sweep of an environment that is quiet already. */
export async function sweepOf({ world, aws, catalog, repositories }: Simulation): Promise<Sweep> {
  const before = aws.calls.length
  await world.run(5 * MINUTE)
  const calls = aws.calls.slice(before).filter(({ by }) => by.endsWith('-sweep'))
  const services = catalog.services.length
  // The list of what is tagged, the services by tens, and what each repository's tag names.
  const bound = 1 + Math.ceil(services / DESCRIBED_AT_ONCE) + repositories.length
  return { calls: calls.length, bound }
}

/** Measures an environment of many services, each with a repository of its own, that all sleep. */
export async function inMany<Measured>(
  services: number,
  measure: (simulation: Simulation) => Promise<Measured>,
): Promise<Measured> {
  const catalog = mkdtempSync(join(tmpdir(), 'caretaker-bench-'))
  try {
    const environment = readFileSync('catalog/environment.yaml', 'utf8')
    writeFileSync(join(catalog, 'environment.yaml'), `${environment}\nfeatures: { sleep: act }\n`)
    mkdirSync(join(catalog, 'services'))
    for (let number = 1; number <= services; number++) {
      writeFileSync(join(catalog, 'services', `service-${number}.yaml`), SERVICE)
    }
    return await measure(await quietEnvironment(catalog))
  } finally {
    rmSync(catalog, { recursive: true, force: true })
  }
}
