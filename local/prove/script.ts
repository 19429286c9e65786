import { stringify } from 'yaml'
import type * as z from 'zod'
import type { Script } from '../scenario/read.ts'
import { type Scenario, scenario } from '../scenario/schema.ts'
import type { Event, History } from './history.ts'
import { written } from './lengths.ts'
import { HEALED } from './troubles.ts'

type Step = z.input<typeof scenario>['steps'][number]

const instant = (at: number): string => new Date(at).toISOString()

const asStep = ({ at, ...deed }: Event): Step => ({ at: instant(at), ...deed })

/** Everything that goes wrong is over. */
const healing = (at: number): Step[] => [
  { at: instant(at), faults: HEALED },
  { at: instant(at), slack: { down: false } },
]

/** A history as a scenario says it, until its end. */
function asScenario({ seed, start, events, healed }: History, catalog: string) {
  return {
    name: `a history of seed ${seed}`,
    start: instant(start),
    catalog,
    seed,
    lenient: true,
    steps: [...events.map(asStep), ...healing(healed)],
  } satisfies z.input<typeof scenario>
}

/** A history as a script that can be played, without looking at what holds. */
export function scriptOf(history: History, catalog: string): Script {
  const written = asScenario(history, catalog)
  const value: Scenario = scenario.parse({
    ...written,
    steps: [...written.steps, { at: instant(history.end), faults: {} }],
  })
  return { ...value, catalog, file: written.name, lines: value.steps.map((_, place) => place + 1) }
}

/** A file that `npx caretaker simulate` plays, and which fails as long as something does not hold. */
export function fileOf(history: History, catalog: string, why: readonly string[]): string {
  const { quietFor } = history
  const quiet = quietFor === 0 ? {} : { quietFor: written(quietFor) }
  const { steps, ...rest } = asScenario(history, catalog)
  const last = { at: instant(history.end), expect: { holds: 'settled' as const, ...quiet } }
  const reasons = why.flatMap((one) => one.split('\n')).map((line) => `# ${line}\n`)
  return `${reasons.join('')}${stringify({ ...rest, steps: [...steps, last] }, { lineWidth: 0 })}`
}
