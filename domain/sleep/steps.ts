import type { Sleeper } from '../table/sleeper.ts'
import { isHeld } from './groups.ts'
import { type Needs, usersOf } from './needs.ts'
import { isAwake, type Rest, type Seen } from './resource.ts'
import type { Want } from './wanted.ts'

/** A resource with all that is known of it. */
export type Known = { seen: Seen; kept: Sleeper; want: Want }

export type Steps = {
  /** To be asked of AWS now. */
  due: { known: Known; to: Rest }[]
  /** Asked for, and not there yet. */
  underWay: Known[]
  /** Not asked yet, with what it waits for. */
  held: Held[]
}

/** `own`: what it waits for is its own work, and no other resource. */
type Held = { known: Known; to: Rest; because: string; own: boolean }

/** A move that takes longer has failed; it is tried again, and what does not need it goes on. */
export const DEADLINE_MS = {
  service: 15 * 60_000,
  instance: 15 * 60_000,
  group: 15 * 60_000,
  database: 60 * 60_000,
  cluster: 60 * 60_000,
} as const

/**
 * What may be moved now. Something wakes once all that it needs is up, and everything of a lower
 * order that wakes with it; it sleeps once all that needs it is down, and everything of a higher
 * order that sleeps with it. What has failed holds only what needs it.
 *
 * @param works why data stores must stay up: a task that belongs to no service.
 * @param unread what could not be read: it may need what would be moved, or be needed by it.
 */
export function stepsOf(
  all: readonly Known[],
  needs: Needs,
  now: Date,
  { works, unread }: { works?: string | undefined; unread?: string | undefined } = {},
): Steps {
  const scene: Scene = {
    all,
    needs,
    users: usersOf(needs),
    byId: new Map(all.map((one) => [one.seen.id, one])),
    now,
    works,
  }
  const steps: Steps = { due: [], underWay: [], held: [] }
  for (const known of all) {
    const to = goalOf(known)
    if (to === undefined) continue
    const because =
      unread ?? (to === 'awake' ? heldFromWaking(scene, known) : heldFromSleep(scene, known))
    const waits = known.seen.waits && `it is ${known.seen.waits}`
    if (isMovingTo(known, to)) steps.underWay.push(known)
    else if (because !== undefined || waits) {
      const own = unread === undefined && (because === undefined || because === works)
      steps.held.push({ known, to, because: because ?? waits ?? '', own })
    } else if (isDue(known, to, now)) steps.due.push({ known, to })
    else steps.underWay.push(known)
  }
  return steps
}

type Scene = {
  all: readonly Known[]
  needs: Needs
  users: ReadonlyMap<string, ReadonlySet<string>>
  byId: ReadonlyMap<string, Known>
  now: Date
  works: string | undefined
}

/** Where it is to go, if it is not there yet. What has begun is finished unless it is turned. */
function goalOf({ kept, want }: Known): Rest | undefined {
  if (want.to === 'as-it-is') return kept.moving?.to
  if (kept.moving === undefined && kept.rest === want.to) {
    return want.to === 'awake' && isHalfAwake(kept) ? want.to : undefined
  }
  return want.to
}

/** Somebody else has started it: its own size and bounds come back when it is due. */
const isHalfAwake = ({ rest, captured }: Sleeper): boolean =>
  rest === 'awake' && captured !== undefined

/** It changes already: nothing more is asked. */
const isMovingTo = ({ seen, kept }: Known, to: Rest): boolean =>
  kept.moving?.to === to && seen.phase === (to === 'awake' ? 'rising' : 'falling')

/** Asked again with growing pauses; a new move, or one that is turned, at once. */
function isDue({ seen, kept: { moving } }: Known, to: Rest, now: Date): boolean {
  // A machine that stops can be started once it has stopped, and the other way around.
  if (seen.kind !== 'service' && seen.kind !== 'group') {
    if (seen.phase !== (to === 'awake' ? 'down' : 'up')) return false
  }
  if (seen.members !== undefined && isTurning(seen, to)) return false
  if (moving?.to === to && moving.never) return false
  if (moving?.to !== to || moving.again === undefined) return true
  return Date.parse(moving.again) <= now.getTime()
}

/** Its instances are on their way to the other end. */
const isTurning = ({ phase, size }: Seen, to: Rest): boolean =>
  to === 'awake' ? phase === 'falling' : phase === 'rising' && isHeld(size?.processes ?? [])

export function hasFailed({ seen, kept: { moving } }: Pick<Known, 'seen' | 'kept'>, now: Date) {
  if (moving === undefined) return false
  if (moving.never) return true
  return now.getTime() - Date.parse(moving.since) > DEADLINE_MS[seen.kind]
}

function heldFromWaking(scene: Scene, { seen }: Known): string | undefined {
  const needed = [...(scene.needs.get(seen.id) ?? [])].map((id) => scene.byId.get(id))
  const down = needed.find((one) => one !== undefined && one.seen.phase !== 'up')
  if (down !== undefined) return `${down.seen.name} is not up yet`
  const before = scene.all.find(
    (one) =>
      one.seen.order < seen.order &&
      goalOf(one) === 'awake' &&
      !hasFailed(one, scene.now) &&
      !scene.needs.get(one.seen.id)?.has(seen.id),
  )
  return before === undefined ? undefined : `${before.seen.name} comes before it`
}

function heldFromSleep(scene: Scene, { seen, kept }: Known): string | undefined {
  const users = [...(scene.users.get(seen.id) ?? [])].map((id) => scene.byId.get(id))
  const up = users.find((one) => one !== undefined && one.seen.phase !== 'down')
  if (up !== undefined) return sayUser(up)
  if (keepsOthersUp(seen) && scene.works !== undefined && kept.moving === undefined)
    return scene.works
  const after = scene.all.find(
    (one) =>
      one.seen.order > seen.order &&
      goalOf(one) === 'asleep' &&
      !hasFailed(one, scene.now) &&
      !scene.needs.get(seen.id)?.has(one.seen.id),
  )
  return after === undefined ? undefined : `${after.seen.name} sleeps before it`
}

/** A data store or the way out: a task of no service may need it. */
export const keepsOthersUp = ({ kind, wayOut }: Seen): boolean =>
  kind === 'database' || kind === 'cluster' || wayOut === true

const sayUser = ({ seen }: Known): string =>
  isAwake(seen)
    ? `${seen.name} needs it and is awake`
    : `${seen.name} needs it and is still draining`
