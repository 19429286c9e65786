import type { Said } from '../schedule/scheduled.ts'
import type { SleepFact } from '../table/sleep-fact.ts'
import type { Choice } from '../table/sleep-record.ts'
import type { Hand, Sleeper } from '../table/sleeper.ts'
import { cut } from '../text.ts'
import { startCommand } from './commands.ts'
import { drains, type Held, toldAt } from './held.ts'
import { sayWhere } from './names.ts'
import { nameOf } from './night.ts'
import type { Named } from './overrides.ts'
import { wakeSize } from './settle.ts'
import { hasFailed, type Known } from './steps.ts'
import { QUESTION_MS } from './times.ts'
import { noPageFor } from './wake-rules.ts'
import { fittingWindow, missedWindows } from './windows.ts'

/** One fact, before it is a record: `about` and `key` name it. */
export type Fact = Pick<SleepFact, 'verdict' | 'subject' | 'owner' | 'reason' | 'detail'> & {
  about: string
  key: string
  /** A reason that takes time to find, where it was not told before. */
  later?(): string
}

/** What is looked at. */
export type FactsSeen = {
  known: readonly Known[]
  overrides: readonly Named[]
  says(schedule: string): Said | undefined
  /** Names of the schedules that there are. */
  schedules: readonly string[]
  /** The next edge of a resource's own schedule to a state: ISO 8601. */
  next(one: Known, state: 'running' | 'stopped'): string | undefined
  /** What a person may choose about a service that was stopped by hand, and about a keep that ends. */
  offOffers(one: Known, until: string): Choice[]
  keepOffers(one: Named): Choice[]
  /** Whether something that is awake sleeps when an override ends. */
  sleepsAfter(one: Named): boolean
  /** Who is told of an override, and whose it is. */
  personOf(by: string): string
  ownerOf(one: Named): string
  /** What keeps it from sleeping, and whether it is to run at an instant, by the schedules alone. */
  heldBy(one: Known): Held | undefined
  runsAt(one: Known, at: Date): boolean
  /** What carries no schedule any more since this look, with what was kept of it. */
  untagged: readonly (readonly [id: string, kept: Sleeper])[]
  now: Date
}

const KEY_CHARACTERS = 200
/** What was done by hand longer ago is no news: Caretaker itself is new here, or was off. */
const NEWS_MS = 60 * 60_000

/** All that is to be told once; whoever calls knows what was told before. */
export function factsOf(seen: FactsSeen): Fact[] {
  return [
    ...seen.known.flatMap((one) => [
      ...ofTags(seen, one),
      ...ofMove(seen, one),
      ...ofHand(seen, one),
      ...ofWork(seen, one),
      ...ofSize(one),
      ...ofWindows(seen, one),
      ...ofPage(one),
    ]),
    ...seen.untagged.flatMap(ofUntagged),
    ...seen.overrides.flatMap((one) => [...question(seen, one), ...ended(seen, one)]),
  ]
}

type Parts = Pick<Fact, 'verdict' | 'reason' | 'key'> & { detail?: Partial<Fact['detail']> }

const about = (one: Known, { verdict, reason, key, detail }: Parts): Fact => ({
  ...{ verdict, reason, subject: nameOf(one), owner: one.seen.owner, about: one.seen.id },
  key: cut(`${verdict} ${key}`, KEY_CHARACTERS),
  detail: { choices: [], ...detail },
})

/** A schedule that nobody knows, and what can never be put to sleep though its schedule says so. */
function ofTags({ says, schedules }: FactsSeen, one: Known): Fact[] {
  const { schedule, refuses, size } = one.seen
  const said = says(schedule)
  if (said === undefined) {
    const reason = `caretaker:schedule is "${cut(schedule, 60)}"; there are ${[...schedules, 'always-on'].join(', ')}`
    return [about(one, { verdict: 'schedule-unknown', reason, key: schedule })]
  }
  if (said.state === 'any' && said.next === undefined) {
    return [about(one, { verdict: 'schedule-unknown', reason: said.reason, key: schedule })]
  }
  // What was never started has nothing that could sleep, and says so by itself.
  const sleeps = said.next !== undefined || one.seen.idle !== undefined
  if (refuses === undefined || !sleeps || size?.desired === 0) return []
  return [about(one, { verdict: 'refuses', reason: refuses, key: refuses })]
}

/** Whoever opens its address is to know that there is no page because there is no room for it. */
function ofPage(one: Known): Fact[] {
  const reason = noPageFor(one.kept)
  return reason === undefined
    ? []
    : [about(one, { verdict: 'no-page', reason, key: one.kept.since })]
}

function ofMove({ now }: FactsSeen, one: Known): Fact[] {
  const { moving } = one.kept
  if (moving === undefined || drains(one)) return []
  if (!hasFailed(one, now)) {
    const reason = moving.error ?? ''
    return moving.plain ? [about(one, { verdict: 'not-hibernated', reason, key: '' })] : []
  }
  const asked = moving.tries === 1 ? 'once' : `${moving.tries} times`
  const said = moving.error === undefined ? '' : `: ${moving.error}`
  const to = moving.to === 'awake' ? 'to start it' : 'to stop it'
  const reason = `AWS was asked ${asked} ${to} since ${moving.since}${said}. It is asked again until it is so`
  return [about(one, { verdict: 'not-moved', reason, key: moving.since })]
}

/** Somebody else has started or stopped it, against its schedule. */
function ofHand(seen: FactsSeen, one: Known): Fact[] {
  const { hand } = one.kept
  const said = seen.says(one.seen.schedule)
  if (hand === undefined || said?.next === undefined) return []
  if (hand.first === true && hand.tool !== true) return []
  const isAsSaid = said.state === (hand.to === 'awake' ? 'running' : 'stopped')
  const isNews = seen.now.getTime() - Date.parse(hand.at) <= NEWS_MS
  if (isAsSaid || said.state === 'any' || !isNews) return []
  if (hand.tool === true) return [putBack(one, hand)]
  const state = hand.to === 'awake' ? 'stopped' : 'running'
  const until = seen.next(one, state)
  const detail = { ...(hand.by !== undefined && { by: hand.by }), ...(until && { until }) }
  if (hand.to === 'awake') {
    return [about(one, { verdict: 'started-by-hand', reason: '', key: hand.at, detail })]
  }
  const choices = until === undefined ? [] : seen.offOffers(one, until)
  const words = { verdict: 'stopped-by-hand', reason: '', key: hand.at } as const
  return [about(one, { ...words, detail: { ...detail, choices } })]
}

/** What is under way holds it for long. It is waited for, however long it takes. */
function ofWork({ heldBy, now }: FactsSeen, one: Known): Fact[] {
  const held = heldBy(one)
  if (held === undefined || now.getTime() < toldAt(one, held)) return []
  const reason = `${held.because}, since ${held.since}. It sleeps once that is over`
  return [about(one, { verdict: 'held', reason, key: held.since })]
}

/** While it slept somebody has changed its bounds, or its scaling takes away what a person added. */
function ofSize(one: Known): Fact[] {
  const { captured, moving, boundsBefore } = one.kept
  const size = wakeSize(one.seen, one.kept)
  const [was, is] = [boundsBefore ?? captured?.bounds, size?.bounds]
  if (moving?.to !== 'awake' || captured === undefined || was === undefined || is === undefined) {
    return []
  }
  const isChanged = was.min !== is.min || was.max !== is.max
  const desired = Math.min(Math.max(captured.desired, is.min), Math.max(is.max, 1))
  if (!isChanged && desired === captured.desired) return []
  const bounds = isChanged
    ? `Its bounds were changed from ${was.min}–${was.max} to ${is.min}–${is.max} while it slept, and that is kept. `
    : ''
  const words = `${bounds}It had ${sayTasks(captured.desired)} before and has ${sayTasks(desired)} now`
  const most = desired < captured.desired ? `: its scaling allows no more than ${is.max}` : ''
  return [about(one, { verdict: 'resized', reason: `${words}${most}`, key: moving.since })]
}

const sayTasks = (count: number): string => `${count} task${count === 1 ? '' : 's'}`

/**
 * A database sleeps whenever AWS would back it up, or maintain it. Told when it is put to sleep.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 */
function ofWindows({ runsAt, now }: FactsSeen, one: Known): Fact[] {
  const { moving } = one.kept
  if (moving?.to !== 'asleep' || moving.tries > 1 || one.seen.windows === undefined) return []
  const runs = (at: Date) => runsAt(one, at)
  const { backup, maintenance } = missedWindows(one.seen, runs, now)
  if (backup === undefined && maintenance === undefined) return []
  const missed = [
    ...(backup === undefined ? [] : [`backups (${backup} UTC)`]),
    ...(maintenance === undefined ? [] : [`maintenance (${maintenance} UTC)`]),
  ].join(' and for ')
  const reason = () => {
    const fits = fittingWindow(runs, now)
    const remedy = fits === undefined ? '' : `. ${fits} UTC is within its hours`
    return `its time for ${missed} is one at which it sleeps: AWS does that after it has started, or not at all${remedy}`
  }
  const key = [backup, maintenance].filter(Boolean).join(' ')
  return [{ ...about(one, { verdict: 'no-backup', reason: '', key }), later: reason }]
}

/** Nobody starts what carries no schedule any more; what is awake has nothing to miss. */
function ofUntagged([id, kept]: readonly [string, Sleeper]): Fact[] {
  const { rest, moving, hand, since, about: known } = kept
  if ((moving?.to ?? rest) !== 'asleep' || hand?.to === 'asleep' || known === undefined) return []
  const name = cut(sayWhere(id, known.name), 80)
  const reason = `it carries no caretaker:schedule any more, and sleeps since ${since}. Caretaker does not start it. Give it its tag back, or: ${startCommand(id, kept)}`
  return [
    {
      ...{ verdict: 'untagged', subject: name, owner: known.owner, about: id, reason },
      ...{ key: `untagged ${since}`, detail: { choices: [] } },
    },
  ]
}

/** A tool that sets its number again each night: whoever runs it can tell it not to. */
const putBack = (one: Known, { by = 'a tool' }: Hand): Fact =>
  about(one, {
    verdict: 'put-back',
    key: by,
    detail: { by },
    reason:
      'it writes the number of tasks, or the state, that its own plan has. In Terraform, `lifecycle { ignore_changes = [desired_count] }` leaves that to Caretaker',
  })

const ofOverride = (seen: FactsSeen, one: Named, parts: Parts): Fact => ({
  ...{ verdict: parts.verdict, reason: parts.reason, owner: seen.ownerOf(one) },
  subject: one.service ?? (one.team === undefined ? 'the environment' : `what ${one.team} owns`),
  about: one.id,
  key: parts.verdict,
  detail: { choices: [], to: seen.personOf(one.by), until: one.until, ...parts.detail },
})

/** Ten minutes before it ends whoever asked is asked again, if something then sleeps. */
function question(seen: FactsSeen, one: Named): Fact[] {
  const left = Date.parse(one.until) - seen.now.getTime()
  const isDue = left > 0 && left <= QUESTION_MS && one.ended === undefined
  const isKeep = one.source === 'person' && one.kind === 'awake'
  if (!isDue || !isKeep || one.asked !== undefined || !seen.sleepsAfter(one)) return []
  const detail = { choices: seen.keepOffers(one) }
  return [ofOverride(seen, one, { verdict: 'keep-ends', reason: one.why, key: '', detail })]
}

/** Somebody else has ended what a person had asked for. */
function ended(seen: FactsSeen, one: Named): Fact[] {
  const { source, kind, by } = one
  if (source !== 'person' || kind !== 'awake' || one.ended === undefined || one.ended.by === by)
    return []
  if (seen.now.getTime() - Date.parse(one.ended.at) > NEWS_MS) return []
  const detail = { by: one.ended.by }
  return [ofOverride(seen, one, { verdict: 'keep-ended', reason: '', key: '', detail })]
}
