import { nearest } from '../../../domain/acts/typed.ts'
import { mayActFor } from '../../../domain/acts/who.ts'
import { isAbout } from '../../../domain/sleep/overrides.ts'
import type { Subject } from '../../../domain/sleep/wanted.ts'
import { listSleeping, type Sleeping } from '../sleep/listed.ts'
import { startMachine } from '../start.ts'
import type { Acting } from './acting.ts'
import { alreadyDone, mistaken, refused, type Said } from './outcome.ts'
import { isSaid, unknownTeam, unlessMember } from './services.ts'

/** What is kept awake or put to sleep: a service, what a team owns, or the environment. */
export type Scope = Sleeping & {
  name: string
  /** As a command says it. */
  words: string
  /** Who may. */
  team: string
  /** `<cluster>/<service>`, for its receipts. */
  id: string | undefined
  about: About
  /** What of all that sleeps it is about. */
  own: Subject[]
}

type Input = {
  service?: string | undefined
  team?: string | undefined
  what?: string | undefined
}

/** A service, one resource by its id, or a team; none of them: the environment. */
export type About = {
  service?: string | undefined
  resource?: string | undefined
  team?: string | undefined
}

const ENVIRONMENT = ['environment', 'everything', 'all']

/** What is named, for whoever may act on it, and once for each request. */
export async function restScope(acting: Acting, input: Input, what: string): Promise<Scope | Said> {
  const off = unlessActing(acting)
  if (off !== undefined) return off
  const sleeping = await sleepingIn(acting)
  const found = named(acting, input, sleeping)
  if (isSaid(found)) return found
  const scope = { ...found, ...sleeping, own: ownOf(sleeping, found.about) }
  const denied = unlessMember(acting, scope.team, `${what} ${scope.name}`)
  if (denied !== undefined) return denied
  const before = await alreadyDone(acting, scope.id)
  // It was written, and perhaps nobody has been told to look.
  if (before !== undefined) await look(acting)
  if (before !== undefined) return before
  if (scope.own.length > 0) return scope
  return refused(
    `Nothing was done: nothing of ${scope.name} carries a schedule (caretaker:schedule).`,
  )
}

/** Everything that carries a schedule, and what people have asked for. */
export const sleepingIn = (acting: Acting): Promise<Sleeping> =>
  listSleeping(acting, acting.catalog.environment, (resource, error) =>
    acting.log.warn('what is kept of it cannot be read', { resource, error }),
  )

/** Lets the machine look at what was asked for, once for each request. */
export const look = ({ sfn, sleepMachine, id, who }: Acting): Promise<void> =>
  startMachine(sfn, sleepMachine, { why: `asked for by ${who.name}` }, `act-${id}`)

/** Whether somebody may act on what an override is about. */
export function mayEnd(acting: Acting, about: About, { subjects }: Sleeping): boolean {
  const { who, catalog } = acting
  if (about.team !== undefined) return mayActFor(who, about.team)
  if (about.service === undefined) return mayActFor(who, catalog.owner)
  return mayActFor(who, teamOf(acting, about.service, subjects))
}

function unlessActing({ catalog }: Acting): Said | undefined {
  const level = catalog.features.sleep
  if (level === 'act') return undefined
  const why = `features.sleep is "${level}" in the catalog`
  return refused(`Nothing was done: Caretaker puts nothing to sleep and wakes nothing, ${why}.`)
}

type Named = Pick<Scope, 'name' | 'words' | 'team' | 'id' | 'about'>

function named(
  acting: Acting,
  { service, team, what }: Input,
  { subjects }: Sleeping,
): Named | Said {
  const { environment, owner, teams } = acting.catalog
  const known = serviceNamed(service ?? what ?? '', subjects)
  if (team === undefined && service === undefined && what !== undefined && known === undefined) {
    if (ENVIRONMENT.includes(what) || what === environment) {
      const words = what === environment ? environment : 'environment'
      return {
        name: `the environment ${environment}`,
        words,
        team: owner,
        id: undefined,
        about: {},
      }
    }
    if (Object.hasOwn(teams, what)) return ofTeam(what)
  }
  if (team !== undefined) {
    if (Object.hasOwn(teams, team)) return ofTeam(team)
    return mistaken(`Nothing was done. ${unknownTeam(acting, team)}`)
  }
  const one = subjects.find(({ seen: { id } }) => id === (service ?? what))
  if (known === undefined && one !== undefined) return ofResource(one)
  if (known === undefined)
    return mistaken(`Nothing was done. ${unknown(service ?? what ?? '', subjects)}`)
  const name = known.seen.service ?? known.seen.name
  return {
    ...{ name, words: name, team: teamOf(acting, name, subjects), about: { service: name } },
    id: known.seen.id.replace(/^service\//, ''),
  }
}

const ofTeam = (team: string): Named => ({
  ...{ name: `what ${team} owns`, words: `team ${team}`, team, id: undefined, about: { team } },
})

/** What is no service of the catalog: `database/legacy`. */
const ofResource = ({ seen: { id, owner } }: Subject): Named => ({
  ...{ name: id, words: id, team: owner, id: undefined, about: { service: id, resource: id } },
})

const ownOf = ({ subjects }: Sleeping, about: About): Subject[] =>
  subjects.filter(({ seen }) => isAbout(about, seen))

const serviceNamed = (text: string, subjects: readonly Subject[]): Subject | undefined =>
  subjects.find(
    ({ seen: { id, kind, name, service } }) =>
      kind === 'service' &&
      service !== undefined &&
      [name, service, id.replace(/^service\//, '')].includes(text),
  )

/** The catalog's word goes before a tag, as in `services.ts`. */
function teamOf({ catalog }: Acting, service: string, subjects: readonly Subject[]): string {
  const known = Object.hasOwn(catalog.services, service) ? catalog.services[service] : undefined
  const tagged = subjects.find(({ seen }) => seen.service === service || seen.id === service)?.seen
    .owner
  return known?.team ?? tagged ?? ''
}

function unknown(text: string, subjects: readonly Subject[]): string {
  const names = subjects.flatMap(({ seen }) => (seen.kind === 'service' ? [seen.name] : []))
  const like = nearest(text, names)
  const meant = like.length === 0 ? '' : ` Did you mean ${like.join(' or ')}?`
  const all = names.length === 0 ? 'nothing' : names.toSorted().slice(0, 40).join(', ')
  return `"${text}" is no service with a schedule, no team, and not the environment.${meant} A schedule have: ${all}.`
}
