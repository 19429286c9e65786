import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { type Said, scheduled } from '../../../domain/schedule/scheduled.ts'
import { ALWAYS_ON, WHEN_NEEDED } from '../../../domain/schedule/written.ts'
import type { Rules } from '../../../domain/sleep/decide.ts'
import { inputOf } from './edges.ts'

/** What the catalog says, at one instant; each schedule is asked once. */
export function rulesOf(catalog: CompiledCatalog, now: Date): Rules {
  const { schedules, features } = catalog
  const answers = new Map<string, Said | undefined>()
  const says = (name: string): Said | undefined => {
    if (features.sleep === 'off') return { state: 'running', reason: 'features.sleep is off' }
    if (name === ALWAYS_ON) return { state: 'running', reason: 'it is always on' }
    if (name === WHEN_NEEDED) return whenNeeded()
    const input = inputOf(catalog, name)
    return input && scheduled(input, now)
  }
  /** What was done to it by hand holds until the next edge of anything that may need it. */
  const whenNeeded = (): Said => {
    const edges = Object.keys(schedules).flatMap((name) => says(name)?.next ?? [])
    const [next] = edges.toSorted((a, b) => (a.at < b.at ? -1 : 1))
    const reason = 'nothing that needs it is awake'
    return {
      state: 'stopped',
      reason,
      ...(next && { next: { at: next.at, state: 'stopped', reason } }),
    }
  }
  return {
    uses: catalog.services,
    says(name) {
      if (!answers.has(name)) answers.set(name, says(name))
      return answers.get(name)
    },
  }
}
