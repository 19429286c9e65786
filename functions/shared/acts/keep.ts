import type { InputOf } from '../../../domain/acts/inputs.ts'
import { stands } from '../../../domain/budgets/order.ts'
import { sayLength, sayLocal } from '../../../domain/say-time.ts'
import { LONGEST_KEEP_SECONDS } from '../../../domain/schedule/overrides.ts'
import { holds, isAbout, type Named } from '../../../domain/sleep/overrides.ts'
import { priceOf, sayDollars } from '../../../domain/sleep/price.ts'
import type { Subject } from '../../../domain/sleep/wanted.ts'
import { overrideKey } from '../../../domain/table/keys.ts'
import type { Override } from '../../../domain/table/sleeper.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { cut } from '../../../domain/text.ts'
import { epochSeconds } from '../../../domain/time.ts'
import { ASKER_CHARACTERS } from '../roll-out/record.ts'
import { edgeOf, morningOf } from '../sleep/edges.ts'
import { staysFor } from '../sleep/outlook.ts'
import type { Put, Update } from '../table/table.ts'
import { transact } from '../table/transact.ts'
import { type Acting, command, sayAt, sayUntil } from './acting.ts'
import { type Planned, refusal, refused, type Said } from './outcome.ts'
import { type About, look, restScope, type Scope } from './rest-scope.ts'
import { isSaid } from './services.ts'

const LONGEST_KEEP_MS = LONGEST_KEEP_SECONDS * 1000
/** What *Keep* means where nothing is said. */
export const KEEP_MS = 2 * 60 * 60_000
/** An override that has ended is kept for a month, so that it can be asked why. */
const KEPT_SECONDS = 31 * 24 * 60 * 60

/** `keep` and `wake`: awake until then, with all that it needs. They differ in the end that is meant. */
export async function keepAwake(
  acting: Acting,
  verb: 'keep' | 'wake',
  input: InputOf<'keep'>,
): Promise<Planned> {
  const scope = await restScope(acting, input, verb)
  if (isSaid(scope)) return scope
  const until = endOf(acting, verb, input, scope)
  if (isSaid(until)) return until
  const longer = scope.overrides.find((one) => covers(one, scope, until, acting.now))
  if (longer !== undefined) {
    const said = `Nothing was done: ${longer.by} keeps ${aboutOf(longer)} awake ${sayUntil(acting, new Date(longer.until))}${because(longer)}.`
    return refusal(acting, verb, scope.id, scope.name, said)
  }
  const own = overrideOf(acting, scope, { kind: 'awake', until, why: input.reason })
  return {
    ...{ outcome: 'done', service: scope.id, subject: scope.name, from: '' },
    to: until.toISOString(),
    until: until.toISOString(),
    reason: input.reason,
    undo: `unkeep ${scope.words}`,
    said: `Done: ${scope.name} ${verb === 'keep' ? 'is kept awake' : 'is woken and stays awake'} ${sayUntil(acting, until)}. ${stays(acting, scope, own, until)}${goesBefore(acting, scope)}`,
    commit: (receipt) => write(acting, own, receipt),
  }
}

/** Whose money is spent: it sleeps for that again, once nobody keeps it awake. */
function goesBefore({ now }: Acting, { overrides, own }: Scope): string {
  const order = overrides.find(
    (one) => stands(one, now) && own.some(({ seen }) => isAbout(one, seen)),
  )
  return order === undefined ? '' : ` That goes before ${order.by}, for which it sleeps again then.`
}

/** `unkeep`: what was asked for about exactly this ends, and its schedule holds again. */
export async function unkeep(acting: Acting, input: InputOf<'unkeep'>): Promise<Planned> {
  const scope = await restScope(acting, input, 'unkeep')
  if (isSaid(scope)) return scope
  const { about, overrides } = scope
  const ending = overrides.filter(
    (one) =>
      one.source === 'person' &&
      holds(one, acting.now) &&
      one.service === about.service &&
      one.team === about.team,
  )
  const said = ending.map(
    ({ kind, by, until }) =>
      `${kind === 'awake' ? 'kept awake' : 'put to sleep'} by ${by} until ${sayAt(acting, until)}`,
  )
  if (ending.length === 0) {
    const words = `Nothing was done: nobody has asked for ${scope.name} itself to be awake or asleep. ${command(acting, 'status')} says how things stand.`
    return refusal(acting, 'unkeep', scope.id, scope.name, words)
  }
  return {
    ...{ outcome: 'done', service: scope.id, subject: scope.name, to: '', reason: '' },
    from: said.join('; '),
    undo: `keep ${scope.words}`,
    said: `Done: the schedule of ${scope.name} holds again (it was ${said.join('; ')}).`,
    commit: async (receipt) => {
      const updates = ending.map((one) => ({ update: endUpdate(acting, one) }))
      if (!(await transact(acting.table, [...updates, { put: receipt }]))) return CHANGED
      await look(acting)
      return undefined
    },
  }
}

export const CHANGED = 'Nothing was done: somebody changed the same at this moment. Ask again.'

export function overrideOf(
  { id, now, who }: Acting,
  { about }: Scope,
  { kind, until, why }: { kind: Override['kind']; until: Date; why: string },
): Named {
  return {
    ...{ version: VERSION, id, kind, source: 'person', ...about, why },
    ...{ from: now.toISOString(), until: until.toISOString() },
    by: cut(who.name, ASKER_CHARACTERS),
    expires: epochSeconds(until) + KEPT_SECONDS,
  }
}

/** The override, its receipt and what it ends: all of it, or none; then the machine looks. */
export async function write(
  acting: Acting,
  { id, ...override }: Named,
  receipt: Put,
  ends: readonly Named[] = [],
): Promise<string | undefined> {
  const item = { ...overrideKey(override.from, id), ...override }
  const done = await transact(acting.table, [
    { put: { item, condition: 'attribute_not_exists(pk)' } },
    ...ends.map((one) => ({ update: endUpdate(acting, one) })),
    { put: receipt },
  ])
  if (!done) return CHANGED
  await look(acting)
  return undefined
}

const endUpdate = ({ now, who }: Acting, { from, id }: Named): Update => ({
  // The id is the end of its sort key, which begins with the instant from which it holds.
  key: overrideKey(from, id.slice(id.lastIndexOf('#') + 1)),
  expression: 'SET ended = :ended',
  condition: 'attribute_exists(pk) AND attribute_not_exists(ended)',
  values: { ':ended': { at: now.toISOString(), by: cut(who.name, ASKER_CHARACTERS) } },
})

export const because = ({ why }: Override): string => (why === '' ? '' : `: ${why}`)

export const aboutOf = ({ service, team }: Override): string =>
  service ?? (team === undefined ? 'the environment' : `what ${team} owns`)

/** Whether it keeps all of this awake as long, or longer. */
const covers = (one: Named, { own }: Scope, until: Date, now: Date): boolean =>
  one.kind === 'awake' &&
  one.source === 'person' &&
  holds(one, now) &&
  one.until >= until.toISOString() &&
  own.every(({ seen }) => isAbout(one, seen))

/** Until when: what was said, else what the verb means. */
function endOf(
  acting: Acting,
  verb: 'keep' | 'wake',
  { until, morning }: InputOf<'keep'>,
  scope: Scope,
): Date | Said {
  const { now } = acting
  const latest = now.getTime() + LONGEST_KEEP_MS
  const sleeps = edgeOf(acting.catalog, scope.own, 'stopped', now)
  const at = morning === undefined ? until : morningOf(acting.catalog, scope.own, morning, now)
  if (at === undefined) {
    const meant = verb === 'wake' ? sleeps : new Date((sleeps ?? now).getTime() + KEEP_MS)
    return new Date(Math.min(meant?.getTime() ?? latest, latest))
  }
  const end = new Date(at)
  if (end <= now) return past(acting, scope, end)
  if (end.getTime() <= latest) return end
  return refused(
    `Nothing was done: ${sayAt(acting, end.toISOString())} is ${sayLength(end.getTime() - now.getTime())} away, and seven days are the longest. What is to run for longer is for the catalog: \`schedule: always-on\`.`,
  )
}

/** Whoever presses late hears how things stand, and can wake it. */
function past(acting: Acting, scope: Scope, end: Date): Said {
  const asleep = scope.own.find(({ kept }) => kept?.rest === 'asleep' && kept.moving === undefined)
  const stands =
    asleep?.kept === undefined
      ? ''
      : ` ${asleep.seen.name} sleeps since ${sayAt(acting, asleep.kept.since)}. ${command(acting, `wake ${scope.words}`)} wakes it.`
  const said = `Nothing was done: ${sayLocal(end, acting.catalog.timeZone, acting.now)} is past.${stands}`
  return asleep === undefined ? refused(said) : { ...refused(said), offers: wakeOffer(scope) }
}

/** *Wake*, as a button of an answer. Pressed, it is noted nowhere: the override itself says so. */
const wakeOffer = ({ about, team, name }: Scope): NonNullable<Said['offers']> => ({
  offers: [{ verb: 'wake', input: named(about), label: `Wake ${name}`, expected: '' }],
  team,
  record: { pk: 'none', sk: 'none' },
})

/** A scope as the input of an act: the environment by its own word. */
export const named = (about: About): Record<string, unknown> =>
  Object.keys(about).length === 0 ? { what: 'environment' } : about

/** What stays awake for it and would not without, and what that costs. */
function stays(acting: Acting, { subjects, overrides }: Scope, own: Named, until: Date): string {
  const { catalog } = acting
  const end = new Date(until.getTime() - 60_000)
  const awake = staysFor(catalog, subjects, overrides, own, end)
  if (awake.length === 0) return 'It would be awake at that time anyway.'
  const { hour, unknown } = priceOf(awake, catalog)
  const price = hour > 0 ? `, ${sayDollars(hour)} an hour at list price` : ''
  const left = unknown.length === 0 ? '' : `; no price is known of ${names(unknown)}`
  return `Awake for it: ${names(awake.map(nameOf))}${price}${left}.`
}

const NAMED = 12
export function names(all: readonly string[]): string {
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : ''
  return `${all.slice(0, NAMED).join(', ')}${more}`
}

const nameOf = ({ seen }: Subject): string =>
  seen.kind === 'service' ? seen.name : `the ${seen.kind} ${seen.name}`
