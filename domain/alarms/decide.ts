import { type EpisodeStatus, isOver } from '../alarms.ts'
import type { AlarmChange } from '../table/alarm-record.ts'
import { EPISODE } from '../table/keys.ts'
import { instant } from '../time.ts'
import { compareChanges, type Episode, episodesOf } from './episodes.ts'

/** What an event, or the sweep, says of one alarm. */
export type Seen = {
  change: AlarmChange
  /** The state before, as AWS tells it: it ends what it contradicts, and begins nothing. */
  before?: AlarmChange
  /** The alarm was made just now: no red can have come before. */
  isFirst?: boolean
}

/** An episode whose record is to be written, and the sort key of that record. */
export type Due = { sk: string; isNew: boolean; episode: Episode }

export type Decision =
  | { action: 'nothing'; because: string }
  | {
      action: 'keep'
      changes: AlarmChange[]
      due: Due[]
      newest?: Episode & { sk: string }
      /** Records of what turned out to be part of another episode: they are over. */
      surplus: string[]
    }

/** Changes that are kept of one alarm. */
const KEPT = 40

/**
 * What to write about an alarm. In whatever order and however often its events come, the records
 * end the same: each change has its place by its own time.
 *
 * @param known what is kept of it; undefined when nothing is.
 */
export function decide(known: readonly AlarmChange[] | undefined, seen: Seen): Decision {
  const { change, before } = seen
  const old = known ?? []
  if (isForgotten(old, change)) return nothing('it is older than what is kept of the alarm')
  const fresh = [before, change].filter(
    (one): one is AlarmChange => one !== undefined && !old.some((other) => isSame(one, other)),
  )
  if (fresh.length === 0) return nothing('it is known already')
  const changes = [...old, ...fresh].toSorted(compareChanges).map((one) => ({ ...one }))
  const earlier = episodesOf(old)
  const due = markRecords(changes, earlier)
  const episodes = episodesOf(changes)
  if (due.length === 0 && saysNothing(known, seen)) {
    return nothing('it was not red, so nothing is over')
  }
  const last = episodes.at(-1)
  const sk = last?.records[0]
  return {
    action: 'keep',
    changes: compacted(withoutSurplus(changes, episodes)),
    due,
    ...(last !== undefined && sk !== undefined && { newest: { ...last, sk } }),
    surplus: episodes.flatMap(({ records }) => records.slice(1)),
  }
}

const nothing = (because: string): Decision => ({ action: 'nothing', because })

const isSame = (a: AlarmChange, b: AlarmChange): boolean => a.at === b.at && a.value === b.value

/** Gives each episode the sort key of its record, at its first change. */
function markRecords(changes: AlarmChange[], earlier: readonly Episode[]): Due[] {
  return episodesOf(changes).flatMap((episode) => {
    const [kept] = episode.records
    const sk = kept ?? `${EPISODE}${instant(episode.from)}`
    const first = changes.find(({ at, value }) => value === 'ALARM' && at === episode.from)
    if (first !== undefined && kept === undefined) first.record = sk
    const before = earlier.find(({ records }) => records.includes(sk))
    const isSame = before !== undefined && facts(before) === facts(episode)
    return isSame ? [] : [{ sk, isNew: before === undefined, episode }]
  })
}

const facts = ({ records: _, ...episode }: Episode): string => JSON.stringify(episode)

/**
 * Whether nothing can depend on a change that concerns no episode: no data after OK or from the
 * beginning, a deletion. An OK is kept, because its ALARM may be still to come.
 */
function saysNothing(known: readonly AlarmChange[] | undefined, seen: Seen): boolean {
  const { change, before, isFirst = false } = seen
  if (change.value === 'INSUFFICIENT_DATA') return before !== undefined
  return known === undefined && (change.value === 'DELETED' || isFirst)
}

/** Records of what is one episode now: the oldest stays. */
function withoutSurplus(changes: AlarmChange[], episodes: readonly Episode[]): AlarmChange[] {
  const surplus = new Set(episodes.flatMap(({ records }) => records.slice(1)))
  return changes.map(({ record, ...rest }) =>
    record === undefined || surplus.has(record) ? rest : { ...rest, record },
  )
}

/**
 * The newest changes. Where that cuts an episode in two, its first change counts for those that are
 * left out, or what is left of it would be taken for an episode of its own.
 */
function compacted(changes: AlarmChange[]): AlarmChange[] {
  const over = changes.length - KEPT
  if (over <= 0) return changes
  const starts = startsIn(changes)
  const start = starts.findLast((place) => place < over) ?? -1
  const first = changes[start]
  const next = starts.find((place) => place >= over) ?? changes.length
  const isNewest = next === changes.length
  const isCut = isNewest || changes.slice(over, next).some(({ value }) => value === 'ALARM')
  if (first === undefined || !isCut) return changes.slice(over)
  let cut = over + 1
  // What is left out ends red, so that the next red counts.
  while (changes[cut]?.value === 'ALARM') cut++
  const left = episodesOf(changes.slice(start, cut)).at(-1)
  const { held: _, ...kept } = first
  const held = left?.held
  return [{ ...kept, reds: left?.reds ?? 1, ...(held && { held }) }, ...changes.slice(cut)]
}

/** The places of the changes with which episodes begin. */
const startsIn = (changes: readonly AlarmChange[]): number[] =>
  episodesOf(changes).map(({ from }) =>
    changes.findIndex(({ at, value }) => value === 'ALARM' && at === from),
  )

function isForgotten(known: readonly AlarmChange[], { at }: AlarmChange): boolean {
  const [first, second] = known
  if (first === undefined || known.length < KEPT - 1) return false
  return at < ((first.reds ?? 1) > 1 && second !== undefined ? second.at : first.at)
}

/** Whether an episode's record has something to say: it was told, or waits for that. */
export const isRed = (status: EpisodeStatus | undefined): boolean =>
  status !== undefined && !isOver(status)
