import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { scheduled } from '../../../domain/schedule/scheduled.ts'
import type { Rules } from '../../../domain/sleep/decide.ts'
import type { Said } from '../../../domain/sleep/wanted.ts'

const ALWAYS_ON = 'always-on'

/** What the catalog says, at one instant; each schedule is asked once. */
export function rulesOf(catalog: CompiledCatalog, now: Date): Rules {
  const { schedules, calendars, timeZone } = catalog
  const answers = new Map<string, Said | undefined>()
  const says = (name: string): Said | undefined => {
    if (name === ALWAYS_ON) return { state: 'running', reason: 'it is always on' }
    const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined
    if (schedule === undefined) return undefined
    return scheduled({ schedule: { name, ...schedule }, calendars, timeZone, overrides: [] }, now)
  }
  return {
    uses: catalog.services,
    says(name) {
      if (!answers.has(name)) answers.set(name, says(name))
      return answers.get(name)
    },
  }
}
