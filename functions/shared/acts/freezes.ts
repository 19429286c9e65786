import type { InputOf } from '../../../domain/acts/inputs.ts'
import { nearest } from '../../../domain/acts/typed.ts'
import { freezeOf, type Holder, holdsOf, ofTeam } from '../../../domain/roll-out/hold.ts'
import type { EnvironmentState } from '../../../domain/table/environment-state.ts'
import { environmentKey, type Key, stateKey } from '../../../domain/table/keys.ts'
import { cut } from '../../../domain/text.ts'
import { ASKER_CHARACTERS } from '../roll-out/record.ts'
import { getItems } from '../table/get.ts'
import { type Acting, command, sayAt, sayUntil } from './acting.ts'
import { alreadyDone, mistaken, type Planned, refusal, refused, type Said } from './outcome.ts'
import { findService, isSaid, unknownTeam, unlessMember } from './services.ts'
import { type Replaced, seenIn, setOrRemove } from './state.ts'

/** What is frozen: the environment, a team, or a service. */
type Scope = {
  name: string
  /** As a command says it: empty for the environment. */
  words: string
  /** Who may. */
  team: string
  service: string | undefined
  key: Key
  attribute: string
  /** The attribute holds freezes of several, by this name. */
  member?: string
}

export async function freeze(acting: Acting, input: InputOf<'freeze'>): Promise<Planned> {
  const scope = await scopeOf(acting, input, 'freeze')
  if (isSaid(scope)) return scope
  const until = new Date(input.until)
  if (until <= acting.now) {
    return refused(
      `Nothing was done: ${sayAt(acting, input.until)} is past. Which time do you mean?`,
    )
  }
  const whole = await seenIn(acting, scope.key, scope.attribute)
  const seen = memberOf(scope, whole)
  const held = freezeOf(seen, acting.now)
  const thaw = `thaw ${scope.words}`.trim()
  if (held !== undefined && !(endOf(seen) < until.toISOString())) {
    const said = `Nothing was done to ${scope.name}: ${held.reason}. ${command(acting, thaw)} ends that.`
    return refusal(acting, 'freeze', scope.service, scope.name, said)
  }
  const frozen = {
    until: until.toISOString(),
    by: cut(acting.who.name, ASKER_CHARACTERS),
    reason: input.reason,
  }
  const replaced = replacing(scope, whole, frozen)
  return {
    outcome: 'done',
    service: scope.service,
    subject: scope.name,
    from: held?.reason ?? '',
    to: frozen.until,
    reason: input.reason,
    undo: thaw,
    until: frozen.until,
    said: `Done: ${scope.name} is frozen ${sayUntil(acting, until)}. Pushes wait for its end; a roll-out under way is finished, and going back is not held.`,
    commit: (receipt) => setOrRemove(acting, replaced, receipt),
  }
}

/** Takes a freeze away, whoever has set it, also one that cannot be read. */
export async function thaw(acting: Acting, input: InputOf<'thaw'>): Promise<Planned> {
  const scope = await scopeOf(acting, input, 'thaw')
  if (isSaid(scope)) return scope
  const whole = await seenIn(acting, scope.key, scope.attribute)
  const seen = memberOf(scope, whole)
  const held = freezeOf(seen, acting.now)
  const still = await otherHolds(acting, scope)
  if (held === undefined) {
    const words = still === '' ? ' `status` says what is.' : still
    const said = `Nothing was done: ${scope.name} itself is not frozen.${words}`
    return refusal(acting, 'thaw', scope.service, scope.name, said)
  }
  const end = endOf(seen)
  return {
    outcome: 'done',
    service: scope.service,
    subject: scope.name,
    from: held.reason,
    to: '',
    reason: '',
    undo: end === '~' ? '' : `freeze ${scope.words} until ${end}`.replace('  ', ' '),
    said: `Done: ${scope.name} is not frozen any more (${held.reason}).${still === '' ? ' The newest pushes that waited are rolled out within five minutes.' : still}`,
    commit: (receipt) => setOrRemove(acting, replacing(scope, whole, undefined), receipt),
  }
}

/** What holds it besides, each with what ends it. */
async function otherHolds(acting: Acting, scope: Scope): Promise<string> {
  const { now, table } = acting
  const { service, team, member } = scope
  const keys = [environmentKey, ...(service === undefined ? [] : [stateKey(service)])]
  const [environment, state] = await getItems(table, keys)
  const own: Holder =
    service !== undefined ? 'service' : member === undefined ? 'environment' : 'team'
  // The environment's freeze is of all teams: what holds one of them is none of its business.
  const of = own === 'environment' ? undefined : team
  const all = { state, environment: environment as EnvironmentState | undefined, team: of }
  return holdsOf(all, now)
    .filter((one) => one.of !== own)
    .map((one) => ` It is held all the same: ${one.reason}. ${liftOf(acting, scope, one.of)}`)
    .join('')
}

function liftOf(acting: Acting, { words, team }: Scope, holder: Holder): string {
  switch (holder) {
    case 'budget':
      return `That ends with the month, or as soon as the budget is raised in AWS; ${command(acting, 'deploy <service> <tag>')} with the reason after \`--despite-freeze\` passes it once.`
    case 'pin':
      return `${command(acting, `unpin ${words}`)} ends that.`
    case 'service':
    case 'team':
      return `${command(acting, `thaw team ${team}`)} ends that.`
    case 'environment':
      return `${command(acting, 'thaw')} ends that.`
  }
}

/** When a freeze ends, ISO 8601; one whose end cannot be read has none (`~` is behind every date). */
function endOf(seen: unknown): string {
  const { until } = (seen ?? {}) as { until?: unknown }
  if (typeof until !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(until)) return '~'
  const end = new Date(until)
  return Number.isNaN(end.getTime()) ? '~' : end.toISOString()
}

const memberOf = ({ member }: Scope, whole: unknown): unknown =>
  member === undefined ? whole : ofTeam(whole, member)

/** The attribute as it will be: of several freezes, those that have ended are left out. */
function replacing({ key, attribute, member }: Scope, seen: unknown, value: unknown): Replaced {
  if (member === undefined) return { key, attribute, seen, value }
  const others = typeof seen === 'object' && seen !== null ? seen : {}
  const { [member]: _, ...rest } = others as Record<string, unknown>
  const all = value === undefined ? rest : { ...rest, [member]: value }
  return { key, attribute, seen, value: Object.keys(all).length === 0 ? undefined : all }
}

/** What is meant, if whoever asks may freeze it. */
async function scopeOf(
  acting: Acting,
  { service, team, what }: InputOf<'thaw'>,
  verb: 'freeze' | 'thaw',
): Promise<Scope | Said> {
  const { catalog } = acting
  const teams = Object.keys(catalog.teams)
  const isTeam = (name: string | undefined) => name !== undefined && teams.includes(name)
  if (team !== undefined || (isTeam(what) && !Object.hasOwn(catalog.services, what ?? ''))) {
    return teamScope(acting, team ?? what ?? '', verb)
  }
  if (service === undefined && isTeam(what)) {
    return refused(
      `Nothing was done: "${what}" is a team and a service; write \`${verb} team ${what}\` or \`${verb} service ${what}\`.`,
    )
  }
  const named = service ?? what
  if (named === undefined) return environmentScope(acting, verb)
  const found = await findService(acting, named)
  if (isSaid(found)) {
    const [like] = nearest(named, teams, 1)
    return like === undefined ? found : { ...found, said: `${found.said} There is a team ${like}.` }
  }
  const { managed, name } = found
  const denied =
    unlessMember(acting, found.team, `${verb} ${name}`) ?? (await alreadyDone(acting, managed.id))
  if (denied !== undefined) return denied
  const key = stateKey(managed.id)
  return { name, words: name, team: found.team, service: managed.id, key, attribute: 'frozen' }
}

async function teamScope(acting: Acting, team: string, verb: string): Promise<Scope | Said> {
  const unknown = unknownTeam(acting, team)
  if (unknown !== undefined) return mistaken(`Nothing was done. ${unknown}`)
  const denied = unlessMember(acting, team, `${verb} it`) ?? (await alreadyDone(acting, undefined))
  if (denied !== undefined) return denied
  return {
    ...{ name: `team ${team}`, words: `team ${team}`, team, service: undefined },
    ...{ key: environmentKey, attribute: 'frozenTeams', member: team },
  }
}

async function environmentScope(acting: Acting, verb: string): Promise<Scope | Said> {
  const { environment, owner } = acting.catalog
  const name = `the environment ${environment}`
  const denied =
    unlessMember(acting, owner, `${verb} ${name}`) ?? (await alreadyDone(acting, undefined))
  if (denied !== undefined) return denied
  return {
    ...{ name, words: '', team: owner, service: undefined },
    ...{ key: environmentKey, attribute: 'frozen' },
  }
}
