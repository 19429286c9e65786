import type { Override } from '../table/sleeper.ts'
import { VERSION } from '../table/version.ts'
import type { Decided, Read, Rules } from './decide.ts'
import { idleLook } from './idle.ts'
import { holds, isAbout, type Named } from './overrides.ts'
import type { Seen } from './resource.ts'
import type { Known } from './steps.ts'
import { NOTICE_MS } from './times.ts'
import { wantedOf } from './wanted.ts'

/** A look: what was read, what the catalog says, and what follows. */
export type Scene = { read: Read; rules: Rules; decided: Decided; now: Date }

/** The order by which something sleeps because nobody uses it. */
export const idleOverride = (
  { id, service }: Pick<Seen, 'id' | 'service'>,
  { from, until, why }: Pick<Override, 'from' | 'until' | 'why'>,
): Named => ({
  ...{ version: VERSION, kind: 'asleep', source: 'idle', by: 'Caretaker', id: `idle#${id}` },
  // Who does not know `resource` yet must not take it for the whole environment.
  ...{ resource: id, service: service ?? id, from, until, why },
})

/**
 * Which of these would sleep if nobody used them: neither a person, a budget, a visitor nor
 * somebody's hand says otherwise, and nothing that is awake needs them but others of these.
 */
export function maySleep(of: readonly Known[], { read, rules, decided, now }: Scene): Set<string> {
  const from = now.toISOString()
  const until = new Date(now.getTime() + 1).toISOString()
  const orders = of.map(({ seen }) => idleOverride(seen, { from, until, why: '' }))
  const wants = wantedOf({
    subjects: decided.known,
    overrides: [...read.overrides, ...orders],
    needs: decided.needs,
    says: rules.says,
    now,
  })
  return new Set(of.flatMap(({ seen: { id } }) => (wants.get(id)?.to === 'asleep' ? [id] : [])))
}

/**
 * Whose metrics are to be read now. What is needed by something that was used is not read, nor is
 * what people will be told of for the night. Nothing while anything could not be read.
 */
export function idleDue(scene: Scene): Known[] {
  const { read, decided, now } = scene
  if (read.unread !== undefined) return []
  const due = decided.known.filter((one) => isDue(scene, one))
  const may =
    due.length === 0 ? new Set() : maySleep(due, { read, rules: scene.rules, decided, now })
  return due.filter(({ seen: { id } }) => may.has(id))
}

function isDue({ read, rules, now }: Scene, { seen, kept, want }: Known): boolean {
  const look = idleLook(seen, kept)
  if (look === undefined || look > now || !read.sleepers.has(seen.id)) return false
  if (seen.wayOut === true || !isUp({ seen, kept }) || want.to === 'asleep') return false
  const next = rules.says(seen.schedule)?.next
  return !(next?.state === 'stopped' && Date.parse(next.at) - now.getTime() <= 2 * NOTICE_MS)
}

const isUp = ({ seen, kept }: Pick<Known, 'seen' | 'kept'>): boolean =>
  seen.phase === 'up' && kept.rest === 'awake' && kept.moving === undefined

/** What people were told sleeps, and does not: why. */
export function notIdleAfterAll(scene: Scene): { known: Known; why: string }[] {
  const told = scene.decided.known.filter(({ kept }) => kept.idle?.sleeps !== undefined)
  const may = told.length === 0 ? new Set() : maySleep(told, scene)
  return told.flatMap((known) => {
    if (isUp(known) && may.has(known.seen.id)) return []
    return [{ known, why: known.seen.works ?? known.want.reason }]
  })
}

/**
 * Sleeps that are over because somebody wants it awake: a person, a visitor, something that needs
 * it. What a tool has started is put back after its time.
 */
export function idleEnds({ read, decided, now }: Scene): { order: Named; by: string }[] {
  return read.overrides.flatMap((order) => {
    if (order.source !== 'idle' || !holds(order, now)) return []
    const known = decided.known.find(({ seen }) => isAbout(order, seen))
    if (known === undefined) return []
    const { want, kept } = known
    const { hand } = kept
    const isStarted = hand?.to === 'awake' && hand.tool !== true && hand.at > order.from
    return want.to === 'awake' || isStarted ? [{ order, by: want.reason }] : []
  })
}
