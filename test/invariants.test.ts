import { beforeAll, describe, expect, it, test } from 'vitest'
import { COMPARISONS, INVARIANTS } from '../local/invariants/all.ts'
import type { Comparison, Invariant } from '../local/invariants/invariant.ts'
import { templatesOf } from '../local/simulation/synth.ts'
import { mutated, replaced } from './kits/mutated.ts'
import { Stage } from './kits/roll-outs.ts'
import { MUTANTS } from './mutants/all.ts'
import type { Mutant } from './mutants/mutant.ts'
import { STORIES } from './mutants/stories.ts'
import type { Open, Told } from './mutants/story.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds.
beforeAll(() => templatesOf())

const PREDICATES = [...INVARIANTS, ...COMPARISONS]

/** What a predicate finds in a story. */
function found(predicate: Invariant | Comparison, told: Told): string[] {
  const { trace, disturbed, by = 'killed' } = told
  if ('violations' in predicate) {
    return [trace, ...(disturbed === undefined ? [] : [disturbed])].flatMap((one) =>
      predicate.when === 'always' || one.settled ? predicate.violations(one) : [],
    )
  }
  if (disturbed === undefined || predicate.between !== by) return []
  return predicate.differences(trace, disturbed)
}

describe('every predicate', () => {
  it('has a mutant that it finds', () => {
    const without = PREDICATES.filter((one) => !MUTANTS.some(({ finds }) => finds === one))
    expect(without.map(({ holds }) => holds)).toEqual([])
  })

  test.each(Object.entries(STORIES))('holds in the story %s', async (_, story) => {
    const told = await story((catalog, start) =>
      Stage.open({ ...(catalog && { catalog }), ...(start && { start }) }),
    )
    for (const predicate of PREDICATES) expect(found(predicate, told), predicate.holds).toEqual([])
  })
})

/** Opens stages whose product has the mutant; it is built once, for the story's one catalog. */
function withMutant(mutant: Mutant): Open {
  let built: Promise<string> | undefined
  return async (catalog, start) => {
    built ??= mutated(mutant, catalog)
    const at = { ...(catalog && { catalog }), ...(start && { start }) }
    return Stage.open({ assembly: await built, ...at })
  }
}

describe('mutants', () => {
  test.each(MUTANTS)('$name', async (mutant) => {
    const told = await STORIES[mutant.story](withMutant(mutant))
    expect(found(mutant.finds, told)).not.toEqual([])
  })

  it('are of a text that occurs exactly once', () => {
    expect(() => MUTANTS.map(replaced)).not.toThrow()
    const gone = { ...MUTANTS[0], from: 'a text that nobody wrote' } as (typeof MUTANTS)[number]
    expect(() => replaced(gone)).toThrow(/is 0 times in/)
  })
})
