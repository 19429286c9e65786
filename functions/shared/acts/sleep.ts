import type { InputOf } from '../../../domain/acts/inputs.ts'
import type { Offer } from '../../../domain/acts/verbs.ts'
import { sayLength } from '../../../domain/say-time.ts'
import { SHORTEST_SLEEP_SECONDS } from '../../../domain/schedule/overrides.ts'
import { holds, isAbout, type Named } from '../../../domain/sleep/overrides.ts'
import { receiptKey } from '../../../domain/table/keys.ts'
import { instant } from '../../../domain/time.ts'
import { edgeOf, morningOf } from '../sleep/edges.ts'
import { outlook } from '../sleep/outlook.ts'
import { type Acting, command, sayAt, sayUntil } from './acting.ts'
import { aboutOf, because, named, names, overrideOf, write } from './keep.ts'
import { type Planned, refusal, refused, type Said } from './outcome.ts'
import { mayEnd, restScope, type Scope } from './rest-scope.ts'
import { isSaid } from './services.ts'

const SHORTEST_SLEEP_MS = SHORTEST_SLEEP_SECONDS * 1000

/** `sleep`: asleep until then. What somebody keeps awake stays so, unless that is ended by it. */
export async function putToSleep(acting: Acting, input: InputOf<'sleep'>): Promise<Planned> {
  const scope = await restScope(acting, input, 'put to sleep')
  if (isSaid(scope)) return scope
  const until = endOf(acting, input, scope)
  if (isSaid(until)) return until
  const keeps = scope.overrides.filter((one) => keepsSomeOf(one, scope, acting.now))
  const own = overrideOf(acting, scope, { kind: 'asleep', until, why: input.reason })
  if (keeps.length > 0) {
    const ends = keeps.every((one) => mayEnd(acting, one, scope))
    if (!ends || input.despiteKeep !== true)
      return kept(acting, { scope, input, until, keeps, ends })
  }
  const ended = keeps.map(
    (one) => `${one.by} kept ${aboutOf(one)} awake until ${sayAt(acting, one.until)}`,
  )
  const end = ended.length === 0 ? '' : ` Ended by it: ${ended.join('; ')}; they are told.`
  return {
    ...{ outcome: 'done', service: scope.id, subject: scope.name },
    from: ended.join('; '),
    to: until.toISOString(),
    until: until.toISOString(),
    reason: input.reason,
    undo: `wake ${scope.words}`,
    said: `Done: ${scope.name} sleeps ${sayUntil(acting, until)}.${end}${awakeStill(acting, scope, own, keeps)}`,
    commit: (receipt) => write(acting, own, receipt, keeps),
  }
}

const keepsSomeOf = (one: Named, { own }: Scope, now: Date): boolean =>
  one.kind === 'awake' &&
  one.source === 'person' &&
  holds(one, now) &&
  own.some(({ seen }) => isAbout(one, seen))

type Kept = {
  scope: Scope
  input: InputOf<'sleep'>
  until: Date
  keeps: readonly Named[]
  /** Whether who asks may end what keeps it. */
  ends: boolean
}

/** Keep awake beats sleep: losing somebody's work costs more than hours of compute. */
async function kept(acting: Acting, { scope, input, until, keeps, ends }: Kept): Promise<Said> {
  const by = keeps.map(
    (one) =>
      `${one.by} keeps ${aboutOf(one)} awake ${sayUntil(acting, new Date(one.until))}${because(one)}`,
  )
  const again = { ...named(scope.about), until: until.toISOString(), reason: input.reason }
  const explicit = input.until === undefined ? '' : ` until ${instant(until)}`
  const how = ends
    ? ` ${command(acting, `sleep ${scope.words}${explicit} --despite-keep`)} ends that and puts it to sleep.`
    : ' Only members of the team that it is kept for, and operators, may end that.'
  const said = `Nothing was done: ${by.join('; ')}.${how}`
  const answer = await refusal(acting, 'sleep', scope.id, scope.name, said)
  if (!ends) return answer
  const offer: Offer = {
    ...{ verb: 'sleep', input: { ...again, despiteKeep: true }, expected: '', danger: true },
    label: 'End that and put it to sleep',
  }
  const record = receiptKey(scope.id, acting.at, acting.id)
  return { ...answer, offers: { offers: [offer], team: scope.team, record } }
}

/** What of it stays awake all the same, and why. */
function awakeStill(
  { catalog, now }: Acting,
  { subjects, overrides, own }: Scope,
  asked: Named,
  ended: readonly Named[],
): string {
  const others = overrides.filter((one) => !ended.includes(one))
  const at = new Date(now.getTime() + 1)
  const wants = outlook(catalog, subjects, [...others, asked], at)
  const awake = own.flatMap(({ seen }) => {
    const want = wants.get(seen.id)
    return want === undefined || want.to === 'asleep' ? [] : [`${seen.name} (${want.reason})`]
  })
  return awake.length === 0 ? '' : ` It does not sleep: ${names(awake)}.`
}

function endOf(
  acting: Acting,
  { until, morning }: InputOf<'sleep'>,
  { own, name }: Scope,
): Date | Said {
  const { catalog, now } = acting
  const at = morning === undefined ? until : morningOf(catalog, own, morning, now)
  const end = at === undefined ? edgeOf(catalog, own, 'running', now) : new Date(at)
  if (end === undefined) {
    return refused(`Nothing was done: no schedule wakes ${name} again; say until when it sleeps.`)
  }
  const long = end.getTime() - now.getTime()
  if (long <= 0) return refused(`Nothing was done: ${sayAt(acting, end.toISOString())} is past.`)
  if (long >= SHORTEST_SLEEP_MS) return end
  return refused(
    `Nothing was done: ${sayLength(long)} is too short; stopping and starting again take half an hour.`,
  )
}
