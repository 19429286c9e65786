import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import {
  type Decided,
  decide,
  nextInstant,
  type Read,
  type Rules,
} from '../../../domain/sleep/decide.ts'
import type { Scene } from '../../../domain/sleep/idle-due.ts'
import type { Refusal } from '../../../domain/sleep/settle.ts'
import { keepsOthersUp } from '../../../domain/sleep/steps.ts'
import { type Gathered, gather, type Known, type Sources } from './gather.ts'
import type { Kept } from './kept.ts'
import { rulesOf } from './rules.ts'
import { workIn } from './tasks.ts'

/**
 * Whether anybody uses what is awake: with what is asked for because of that, and with what is kept.
 * Undefined when nothing is new.
 */
export type Judge = (scene: Scene) => Promise<Pick<Read, 'overrides' | 'sleepers'> | undefined>

type Asked = Known & { refusals?: readonly Refusal[]; judges?: readonly Judge[] }

/** Everything that was read, and what follows. */
export type Looked = {
  read: Gathered
  rules: Rules
  decided: Decided
  /** The next instant at which it may be different. */
  next: Date | undefined
}

/**
 * Looks at everything that carries a schedule, and decides. Which tasks belong to no service is
 * asked only before something would sleep that they may need.
 *
 * @param known what need not be read; what is only remembered is read before anything is done to it.
 *   `judges`: asked one after the other, before what follows is decided.
 */
export async function lookAt(
  sources: Sources,
  stored: Kept,
  { refusals = [], judges = [], ...known }: Asked,
  now: Date,
): Promise<Looked> {
  const rules = rulesOf(sources.catalog, now)
  // Where sleep is switched off, nobody's wish puts to sleep.
  const isOff = sources.catalog.features.sleep === 'off'
  const kept = isOff ? { ...stored, overrides: [] } : stored
  let read = { ...(await gather(sources, kept, known)), refusals }
  let decided = decide(read, rules, now)
  if (decided.steps.due.some(({ known: one }) => read.remembered.has(one.seen.id))) {
    read = { ...(await gather(sources, kept)), refusals }
    decided = decide(read, rules, now)
  }
  for (const judge of judges) {
    const judged = await judge({ read, rules, decided, now })
    if (judged === undefined) continue
    read = { ...read, overrides: judged.overrides, sleepers: judged.sleepers }
    decided = decide(read, rules, now)
  }
  const next = nextInstant(decided, read, rules, now)
  const isAsked = decided.steps.due.some(
    ({ known, to }) => to === 'asleep' && keepsOthersUp(known.seen),
  )
  const works = isAsked ? await workIn(sources.ecs, clustersOf(sources.catalog)) : undefined
  if (works === undefined) return { read, rules, decided, next }
  return { read, rules, decided: decide({ ...read, works }, rules, now), next }
}

const clustersOf = ({ services }: CompiledCatalog): string[] => [
  ...new Set(Object.values(services).map(({ cluster }) => cluster)),
]
