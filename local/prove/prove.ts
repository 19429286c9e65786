import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invariant } from '../invariants/invariant.ts'
import { catalogOf } from '../simulation/catalogs.ts'
import { writeCatalog } from './catalogs.ts'
import { catalogOfSeed, generate } from './generate.ts'
import type { History } from './history.ts'
import { type Proof, prove, type Violation } from './run.ts'
import { fileOf } from './script.ts'
import { shrink } from './shrink.ts'

/** What became of a seed: what does not hold, and the file that shows it as shortly as was found. */
export type Seed = Proof & { seed: number; catalog: string; events: number; cpuSeconds: number }

/** Where catalogs and files are written, and what is looked at. */
export type Place = { folder: string; invariants: readonly Invariant[] }

/** Plays the history of a seed. */
export async function proveSeed(seed: number, { folder, invariants }: Place): Promise<Seed> {
  const { history, directory } = historyOf(seed, folder)
  const busy = process.cpuUsage()
  const proof = await prove(history, directory, invariants)
  const { user, system } = process.cpuUsage(busy)
  const cpuSeconds = (user + system) / 1_000_000
  return { ...proof, seed, catalog: history.catalog, events: history.events.length, cpuSeconds }
}

function historyOf(seed: number, folder: string): { history: History; directory: string } {
  const directory = writeCatalog(catalogOfSeed(seed), join(folder, 'catalogs'))
  return { history: generate(seed, catalogOf(directory)), directory }
}

/** A file that fails as long as something does not hold, and how many events are left in it. */
export type Shown = { file: string; events: number; violation: Violation }

/**
 * Looks for the shortest history that still violates the same, and writes it as a scenario, with its
 * catalog beside it.
 */
export async function show(
  { seed, violations: [first] }: Seed,
  { folder, invariants }: Place,
  how: { tries: number; stop?: AbortSignal },
): Promise<Shown | undefined> {
  if (first === undefined) return undefined
  const { history, directory } = historyOf(seed, folder)
  let violation = first
  const violated = invariants.filter(({ holds }) => holds === first.holds)
  const still = async (shorter: History) => {
    const found = await prove(shorter, directory, violated)
    const same = found.violations.find(({ holds }) => holds === first.holds)
    violation = same ?? violation
    return same !== undefined
  }
  const shortest = await shrink(history, still, how)
  const place = join(folder, `seed-${seed}-${first.number}`)
  mkdirSync(place, { recursive: true })
  const catalog = join(place, 'catalog')
  cpSync(directory, catalog, { recursive: true })
  const file = join(place, 'scenario.yaml')
  const why = [
    `${violation.number}. ${violation.holds}`,
    ...violation.where.map((one) => `- ${one}`),
  ]
  writeFileSync(file, fileOf(shortest, catalog, why))
  return { file, events: shortest.events.length, violation }
}
