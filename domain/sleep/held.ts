import type { Known, Steps } from './steps.ts'

/** What is under way somewhere that is to sleep, and since when that keeps it up: ISO 8601. */
export type Held = { since: string; because: string }

/** Work that ends by itself is told after so long; what AWS changes about a database takes longer. */
const [TOLD_MS, WAITS_TOLD_MS] = [60 * 60_000, 120 * 60_000]

/** When it is told that something is held: milliseconds. */
export const toldAt = ({ seen }: Pick<Known, 'seen'>, { since }: Held): number =>
  Date.parse(since) + (seen.waits === undefined ? TOLD_MS : WAITS_TOLD_MS)

/** It goes to sleep, and its last tasks end what they are at: that takes as long as it takes. */
export const drains = ({ seen, kept }: Pick<Known, 'seen' | 'kept'>): boolean =>
  seen.kind === 'service' && seen.phase === 'falling' && kept.moving?.to === 'asleep'

/** By the resource's id; what waits for another is that one's to say. */
export function heldIn(
  known: readonly Known[],
  { held }: Pick<Steps, 'held'>,
  now: Date,
): Map<string, Held> {
  const steps = new Map(held.map((one) => [one.known.seen.id, one]))
  return new Map(
    known.flatMap((one): [string, Held][] => {
      const { seen, kept, want } = one
      const step = steps.get(seen.id)
      if (drains(one)) {
        const because = seen.said ?? 'its last tasks have not ended'
        return [[seen.id, { since: kept.moving?.since ?? kept.since, because }]]
      }
      const isOwn = step?.own === true && step.to === 'asleep'
      const because = want.works === true ? want.reason : isOwn ? step.because : undefined
      if (because === undefined) return []
      return [[seen.id, { since: kept.held ?? now.toISOString(), because }]]
    }),
  )
}

/** The same, with since when it is held by work; the same object when nothing is new. */
export function withHeld(one: Known, held: Held | undefined): Known {
  const since = held === undefined || drains(one) ? undefined : held.since
  if (one.kept.held === since) return one
  const { held: _, ...rest } = one.kept
  return { ...one, kept: since === undefined ? rest : { ...rest, held: since } }
}
