import type { Override } from '../table/sleeper.ts'
import type { Rest, Seen } from './resource.ts'

/** An override with the end of its sort key, which names it. */
export type Named = Override & { id: string }

/** Whether it holds at this moment: an ended one counts as absent. */
export const holds = ({ from, until, ended }: Override, now: Date): boolean => {
  const at = now.getTime()
  return ended === undefined && Date.parse(from) <= at && at < Date.parse(until)
}

/**
 * Whether it is about a resource: itself (of a budget's: as long as its team owns it), the service
 * that it is of, a team that owns it, the environment.
 */
export const isAbout = (
  { resource, service, team }: Pick<Override, 'resource' | 'service' | 'team'>,
  seen: Pick<Seen, 'id' | 'service' | 'owner'>,
): boolean =>
  resource === undefined
    ? (service === undefined || service === seen.service) &&
      (team === undefined || team === seen.owner)
    : resource === seen.id && (team === undefined || team === seen.owner)

/**
 * Of those that hold, the one that ends last: what is narrower or shorter hides nothing.
 *
 * @param source whose.
 */
export function longest(
  overrides: readonly Named[],
  seen: Pick<Seen, 'id' | 'service' | 'owner'>,
  { kind, source, now }: { kind: Rest; source: Override['source']; now: Date },
): Named | undefined {
  return overrides
    .filter((one) => one.kind === kind && one.source === source)
    .filter((one) => isAbout(one, seen) && holds(one, now))
    .toSorted((a, b) => (a.until < b.until ? 1 : a.until > b.until ? -1 : a.id < b.id ? -1 : 1))[0]
}
