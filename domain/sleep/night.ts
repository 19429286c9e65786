import type { Level } from '../features.ts'
import type { NamedWhy, NightVerdict, SleepRecord } from '../table/sleep-record.ts'
import { cut } from '../text.ts'
import { instant } from '../time.ts'
import { drains } from './held.ts'
import { FIRST_LOOK, isAwake, KINDS, type Rest } from './resource.ts'
import { hasFailed, type Known } from './steps.ts'
import type { Want } from './wanted.ts'

/** What is looked at of one night of one team. */
export type NightSeen = {
  team: string
  /** When it sleeps by its schedule, and when it starts next: ISO 8601. */
  edge: string
  wake: string | undefined
  because: string[]
  schedules: string[]
  /** What the team owns of these schedules. */
  members: readonly Known[]
  /** Why what wakes cannot: something that it needs has not come up in its time; by its id. */
  lacks: ReadonlyMap<string, string>
  /** What each should be at the edge, by the resource's id, as far as is known before it. */
  then: ReadonlyMap<string, Want>
  /** What a press of *Keep* would keep beside, and what has no price. */
  with: string[]
  unpriced: string[]
  choices: SleepRecord['detail']['choices']
  /** Offered while it sleeps. */
  wakeChoice: Omit<SleepRecord['detail']['choices'][number], 'key'>
  level: Level
  before: SleepRecord | undefined
  now: Date
}

/** What of the record is decided by a look. */
export type Night = Pick<SleepRecord, 'verdict' | 'detail' | 'endedAt'>

const NAMES = 60
const NAME_CHARACTERS = 80
const WHY_CHARACTERS = 200
/** An edge that is carried out later than this is said to be late. */
const LATE_MS = 15 * 60_000

/** How a night stands; undefined while there is nothing to tell of it. */
export function nightOf(seen: NightSeen): Night | undefined {
  const { before, edge, now, level } = seen
  if (before?.endedAt !== undefined) return undefined
  const at = now.getTime()
  if (at < Date.parse(edge)) return announced(seen)
  if (level === 'tell') return wouldHave(seen)
  if (before === undefined && !isCarriedOut(seen)) return undefined
  return underWay(seen)
}

/** Caretaker itself puts something of it to sleep, or has, since this edge. */
const isCarriedOut = ({ members, edge, wake, now }: NightSeen): boolean =>
  (wake === undefined || now.toISOString() < wake) &&
  members.some(
    ({ want, kept: { moving, rest, since, why } }) =>
      want.to === 'asleep' &&
      (moving?.to === 'asleep' || (rest === 'asleep' && since >= edge && why !== FIRST_LOOK)),
  )

function announced(seen: NightSeen): Night | undefined {
  const { members, then, level, choices } = seen
  const up = members.filter(({ seen: one, kept }) => isAwake(one) && kept.moving?.to !== 'asleep')
  const sleeps = up.filter(({ seen: { id } }) => then.get(id)?.to === 'asleep')
  const stays = up.filter(({ seen: { id } }) => then.get(id)?.to !== 'asleep')
  const isKept = stays.some(({ seen: { id } }) => then.get(id)?.to === 'awake')
  if (sleeps.length === 0 && !isKept) return undefined
  const verdict = level === 'tell' ? 'would' : sleeps.length === 0 ? 'kept' : 'announced'
  return {
    verdict,
    detail: {
      ...frameOf(seen),
      sleeps: namesOf(sleeps),
      stays: whyOf(stays, ({ seen: { id } }) => then.get(id)?.reason ?? ''),
      ...(verdict === 'announced' && {
        with: seen.with.slice(0, NAMES),
        unpriced: seen.unpriced.slice(0, NAMES),
        choices,
      }),
    },
  }
}

/** The hour has come and nothing was done: the message stays as it is, and that was all. */
function wouldHave({ before, edge }: NightSeen): Night | undefined {
  if (before === undefined) return undefined
  return { verdict: 'would', detail: before.detail, endedAt: edge }
}

function underWay(seen: NightSeen): Night {
  const { members, before, now, wakeChoice } = seen
  const failed = members.filter((one) => hasFailed(one, now) && !drains(one))
  const open = members.filter((one) => !failed.includes(one))
  const to = (rest: Rest) => open.filter((one) => goalOf(one) === rest)
  const at = (rest: Rest) =>
    open.filter((one) => goalOf(one) === undefined && one.kept.rest === rest)
  const [falling, waking, asleep, awake] = [to('asleep'), to('awake'), at('asleep'), at('awake')]
  const isOver = seen.wake !== undefined && now.toISOString() >= seen.wake
  const lacking = waking.filter(({ seen: { id } }) => seen.lacks.has(id))
  const verdict = verdictOf({ falling, waking, asleep, failed, isOver })
  const since = lastOf(asleep)
  const up = lastOf(awake)
  const late = before?.detail.late ?? (before === undefined ? lateOf(seen) : undefined)
  return {
    verdict,
    ...(verdict === 'awake' && { endedAt: up?.since ?? instant(now) }),
    detail: {
      ...frameOf(seen),
      ...{ falling: namesOf(falling), waking: namesOf(waking) },
      ...{ asleep: isOver ? [] : namesOf(asleep), awake: isOver ? namesOf(awake) : [] },
      stays: isOver ? [] : whyOf(awake, ({ want }) => want.reason),
      off: isOver ? whyOf(asleep, ({ kept, want }) => want.reason || kept.why) : [],
      failed: [
        ...whyOf(failed, ({ kept }) => kept.moving?.error ?? 'AWS does not say why'),
        ...whyOf(lacking, ({ seen: { id } }) => seen.lacks.get(id) ?? ''),
      ].slice(0, NAMES),
      ...(since !== undefined && !isOver && { asleepSince: since.since }),
      ...(up !== undefined && isOver && { awakeSince: up.since, slowest: up.name }),
      ...(late !== undefined && { late }),
      choices: verdict === 'asleep' ? [{ ...wakeChoice, key: since?.since ?? seen.edge }] : [],
      ...(verdict === 'falling' && { choices: before?.detail.choices ?? [] }),
    },
  }
}

/** Where it goes, or waits to go. */
const goalOf = ({ kept: { moving, rest }, want: { to } }: Known): Rest | undefined =>
  moving?.to ?? (to === 'as-it-is' || to === rest ? undefined : to)

type Groups = Record<'falling' | 'waking' | 'asleep' | 'failed', readonly Known[]> & {
  isOver: boolean
}

function verdictOf({ falling, waking, asleep, failed, isOver }: Groups): NightVerdict {
  if (waking.length > 0) return 'waking'
  if (falling.length > 0) return 'falling'
  if (!isOver) return asleep.length > 0 ? 'asleep' : 'kept'
  // What somebody has stopped by hand is no part of the wake.
  return failed.length > 0 ? 'not-awake' : 'awake'
}

const frameOf = ({ edge, wake, because, schedules, before }: NightSeen) => ({
  edge,
  ...(wake !== undefined && { wake }),
  ...{ because, schedules },
  ...{ sleeps: [], falling: [], asleep: [], waking: [], awake: [], stays: [], off: [], failed: [] },
  ...{ with: [], unpriced: [], choices: [] },
  ...(before?.detail.late !== undefined && { late: before.detail.late }),
})

/** Minutes by which it was begun late, where nobody announced it. */
function lateOf({ members, edge }: NightSeen): number | undefined {
  const begun = members
    .flatMap(({ kept: { moving, rest, since } }) =>
      moving?.to === 'asleep' ? [moving.since] : rest === 'asleep' && since >= edge ? [since] : [],
    )
    .toSorted()[0]
  const late = begun === undefined ? 0 : Date.parse(begun) - Date.parse(edge)
  return late > LATE_MS ? Math.round(late / 60_000) : undefined
}

/** When the last of them came to be so. */
function lastOf(all: readonly Known[]): { since: string; name: string } | undefined {
  const last = all.toSorted((a, b) => b.kept.since.localeCompare(a.kept.since))[0]
  return last && { since: instant(last.kept.since), name: nameOf(last) }
}

/** As people know it: a database says that it is one. */
export const nameOf = ({ seen: { kind, name } }: Pick<Known, 'seen'>): string =>
  cut(kind === 'service' ? name : `${kind} ${name}`, NAME_CHARACTERS)

const namesOf = (all: readonly Known[]): string[] => inOrder(all).slice(0, NAMES).map(nameOf)

/** Looks read in different orders, and a message that only names in another one would be edited. */
const inOrder = (all: readonly Known[]): Known[] =>
  all.toSorted(
    ({ seen: one }, { seen: two }) =>
      KINDS.indexOf(one.kind) - KINDS.indexOf(two.kind) || one.name.localeCompare(two.name, 'en'),
  )

const whyOf = (all: readonly Known[], why: (one: Known) => string): NamedWhy[] =>
  inOrder(all)
    .slice(0, NAMES)
    .map((one) => ({ name: nameOf(one), why: cut(why(one), WHY_CHARACTERS) }))
