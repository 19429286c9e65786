import { milliseconds } from '../scenario/instant.ts'
import type { Event, History } from './history.ts'
import { MINUTE } from './lengths.ts'

/** Whether a history still does what it is shrunk for. */
type Still = (history: History) => Promise<boolean>

/**
 * The shortest history that is found to still violate what a long one violates: events are left out,
 * many at a time and then one by one, for as long as that makes no difference (Zeller's ddmin).
 *
 * @param tries so many histories are played at the most.
 * @param stop ends it with the shortest so far.
 */
export async function shrink(
  history: History,
  still: Still,
  { tries, stop }: { tries: number; stop?: AbortSignal },
): Promise<History> {
  let best = history
  let left = tries
  const attempt = async (events: readonly Event[]): Promise<boolean> => {
    if (left-- <= 0 || stop?.aborted === true) return false
    const shorter = withEvents(best, events)
    if (!(await still(shorter))) return false
    best = shorter
    return true
  }
  let size = Math.ceil(best.events.length / 2)
  while (size >= 1 && left > 0) {
    let isShorter = false
    // From the end: the earlier it is left in peace, the shorter it is.
    for (let end = best.events.length; end > 0; end -= size) {
      const from = Math.max(0, end - size)
      const rest = best.events.filter((_, place) => place < from || place >= end)
      if (await attempt(rest)) isShorter = true
    }
    if (size === 1 && !isShorter) break
    size = isShorter && size === 1 ? 1 : Math.floor(size / 2)
  }
  return best
}

/** The same with these events alone, left in peace as long as before. */
export function withEvents(history: History, events: readonly Event[]): History {
  const kept = consistent(events)
  const healed = Math.max(history.start, ...kept.map(endOf)) + MINUTE
  return { ...history, events: kept, healed, end: healed + (history.end - history.healed) }
}

/** What is down is up again by then. */
const endOf = ({ at, down, off }: Event): number =>
  at + (milliseconds((down ?? off)?.for ?? '') ?? 0)

/** Without what is about an image that is pushed no more. */
function consistent(events: readonly Event[]): Event[] {
  const pushed = new Set<string>()
  return events.filter(({ push, goBack, tool }) => {
    const about = push?.retag ?? goBack?.to ?? tool?.image
    if (push?.as !== undefined) pushed.add(push.as)
    return about === undefined || pushed.has(about)
  })
}
