import { type EpisodeStatus, isOver, REOPENED_MS } from '../alarms.ts'
import type { AlarmChange } from '../table/alarm-record.ts'
import type { Held } from '../table/common.ts'

/** One episode as the changes of its alarm's state tell it. Instants as in `AlarmChange`. */
export type Episode = {
  /** When it turned red first, and last. */
  from: string
  redSince: string
  reds: number
  status: EpisodeStatus
  /** Since when it has this status. */
  since: string
  /** Why it is not told; absent once it was red without anything that held it. */
  held?: Held
  /** Sort keys of its records: the oldest is its own, others are of episodes that were one. */
  records: string[]
}

/**
 * The episodes in an alarm's changes, oldest first.
 *
 * Only OK and the alarm's deletion end one: INSUFFICIENT_DATA means that nobody knows. A red after
 * INSUFFICIENT_DATA is the same red; after OK it counts again, within 30 minutes in the same episode.
 *
 * @param changes ordered by `compareChanges`.
 */
export function episodesOf(changes: readonly AlarmChange[]): Episode[] {
  const episodes: Episode[] = []
  let open: Episode | undefined
  let final = false
  for (const change of changes) {
    if (change.value === 'ALARM') {
      if (open === undefined || final || isLongOver(open, change.at)) {
        open = begun(change)
        final = false
        episodes.push(open)
      } else redAgain(open, change)
    } else if (change.value === 'DELETED') {
      final = true
      end(open, 'deleted', change.at)
    } else if (change.value === 'OK') end(open, 'over', change.at)
    else if (open?.status === 'red') Object.assign(open, { status: 'no-data', since: change.at })
  }
  return episodes
}

/** The order of changes: by their time. Of two in one moment, being red is the later. */
export const compareChanges = (a: AlarmChange, b: AlarmChange): number =>
  a.at === b.at ? RANK[a.value] - RANK[b.value] : a.at < b.at ? -1 : 1

const RANK = { INSUFFICIENT_DATA: 0, OK: 1, ALARM: 2, DELETED: 3 }

const isLongOver = ({ status, since }: Episode, at: string): boolean =>
  isOver(status) && Date.parse(at) - Date.parse(since) > REOPENED_MS

function begun({ at, held, record, reds = 1 }: AlarmChange): Episode {
  return {
    from: at,
    redSince: at,
    reds,
    status: 'red',
    since: at,
    ...(held && { held }),
    records: record === undefined ? [] : [record],
  }
}

function redAgain(open: Episode, { at, held, record }: AlarmChange): void {
  if (isOver(open.status)) Object.assign(open, { reds: open.reds + 1, redSince: at })
  if (open.status !== 'red') Object.assign(open, { status: 'red', since: at })
  if (record !== undefined) open.records.push(record)
  // What was told once stays told.
  if (held === undefined) delete open.held
  else if (open.held !== undefined) open.held = held
}

function end(open: Episode | undefined, status: 'over' | 'deleted', at: string): void {
  if (open !== undefined && !isOver(open.status)) Object.assign(open, { status, since: at })
}
