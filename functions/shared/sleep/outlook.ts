import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { needsOf } from '../../../domain/sleep/needs.ts'
import type { Named } from '../../../domain/sleep/overrides.ts'
import { isAwake } from '../../../domain/sleep/resource.ts'
import { type Subject, type Want, wantedOf } from '../../../domain/sleep/wanted.ts'
import { rulesOf } from './rules.ts'

/** What everything should be at an instant, as far as is known now. */
export function outlook(
  catalog: CompiledCatalog,
  subjects: readonly Subject[],
  overrides: readonly Named[],
  at: Date,
): Map<string, Want> {
  const { uses, says } = rulesOf(catalog, at)
  const until = at.toISOString()
  const then = subjects.map(({ seen, kept }) => {
    const { hand, ...rest } = kept ?? {}
    const holds = hand !== undefined && (hand.until === undefined || hand.until > until)
    return { seen, kept: holds || kept === undefined ? kept : (rest as typeof kept) }
  })
  const needs = needsOf(
    subjects.map(({ seen }) => seen),
    uses,
  )
  return wantedOf({ subjects: then, overrides, needs, says, now: at })
}

/** What is awake at an instant only because of an override. */
export function staysFor(
  catalog: CompiledCatalog,
  subjects: readonly Subject[],
  overrides: readonly Named[],
  one: Named,
  at: Date,
): Subject[] {
  const others = overrides.filter(({ id }) => id !== one.id)
  const [without, within] = [others, [...others, one]].map((all) =>
    outlook(catalog, subjects, all, at),
  )
  return subjects.filter(({ seen }) => {
    const otherwise = without?.get(seen.id)?.to
    const isDown = otherwise === 'asleep' || (otherwise === 'as-it-is' && !isAwake(seen))
    return within?.get(seen.id)?.to === 'awake' && isDown
  })
}
