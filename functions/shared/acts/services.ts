import { nearest } from '../../../domain/acts/typed.ts'
import { mayActFor } from '../../../domain/acts/who.ts'
import { serviceOf } from '../../../domain/arn.ts'
import { PolicyError, parsePolicy } from '../../../domain/deploy-policy.ts'
import type { Cause, Observed } from '../../../domain/roll-out/observed.ts'
import { TAGS } from '../../../domain/tags.ts'
import { type Listed, listManaged } from '../listed.ts'
import { describeManaged, type Managed } from '../managed.ts'
import { observe } from '../roll-out/observe.ts'
import { readStoredOf } from '../roll-out/stored.ts'
import type { Acting } from './acting.ts'
import { alreadyDone, mistaken, refused, type Said } from './outcome.ts'

/** A service that somebody named, as ECS has it now, and whose it is. */
export type Found = { managed: Managed; name: string; team: string }

export const isSaid = (found: object): found is Said => 'outcome' in found

/** Names that are listed in an answer. */
const LISTED = 40

/** A service by its name, `<cluster>/<service>` or ARN, in any capitals. A wrong name is answered. */
export async function findService(acting: Acting, named: string): Promise<Found | Said> {
  const { tagging, ecs, catalog } = acting
  const listed = await listManaged(tagging, catalog.environment)
  const wanted = named.toLowerCase()
  const fitting = listed.filter((one) => namesOf(one).some((name) => name.toLowerCase() === wanted))
  const [only] = fitting
  if (only === undefined || fitting.length > 1) {
    return mistaken(`Nothing was done. ${wrongName(named, listed, fitting)}`)
  }
  const [managed] = await describeManaged(ecs, [only.arn], catalog.environment)
  if (managed === undefined) return refused(`Nothing was done: ${named} is not looked after.`)
  return { managed, name: shortName(managed), team: teamOf(acting, managed) }
}

/** The same, for whoever may change it, and only once for each request. */
export async function findToChange(
  acting: Acting,
  named: string,
  what: string,
): Promise<Found | Said> {
  const found = await findService(acting, named)
  if (isSaid(found)) return found
  const denied = unlessMember(acting, found.team, `${what} ${found.name}`)
  return denied ?? (await alreadyDone(acting, found.managed.id)) ?? found
}

/** What is said of a team that the catalog does not have; undefined where it has it, or none is named. */
export function unknownTeam({ catalog }: Acting, team: string | undefined): string | undefined {
  const teams = Object.keys(catalog.teams)
  if (team === undefined || teams.includes(team)) return undefined
  const like = nearest(team, teams)
  const meant = like.length === 0 ? '' : ` Did you mean ${like.join(' or ')}?`
  return `There is no team "${team}".${meant} There are: ${teams.join(', ')}.`
}

/** What somebody is told who may not act for a team. */
export function unlessMember({ who }: Acting, team: string, what: string): Said | undefined {
  if (mayActFor(who, team)) return undefined
  const own = who.teams.length === 0 ? 'you are in no team' : `you are in ${who.teams.join(', ')}`
  const whose = team === '' ? 'Only operators' : `Only members of ${team}, and operators,`
  return refused(
    `Nothing was done. ${whose} may ${what}; ${own} (${who.name}). The catalog says who is: \`teams\` and \`operators\` in environment.yaml.`,
  )
}

/** What a service may be called by. */
const namesOf = ({ arn, tags }: Listed): string[] => {
  const id = serviceOf(arn)
  return [arn, id, id.split('/').at(-1) ?? '', tags[TAGS.service] ?? '']
}

export const shortName = ({ id }: Managed): string => id.split('/').at(-1) ?? id

/** The catalog's word goes before a tag; what has joined by its tags says its owner itself. */
export function teamOf({ catalog }: Acting, managed: Managed): string {
  const name = managed.tags[TAGS.service] ?? shortName(managed)
  const known = Object.hasOwn(catalog.services, name) ? catalog.services[name] : undefined
  const own = known !== undefined && managed.id === `${known.cluster}/${name}`
  return own ? known.team : (managed.tags[TAGS.owner] ?? '')
}

function wrongName(named: string, listed: readonly Listed[], fitting: readonly Listed[]): string {
  if (fitting.length > 1) {
    const which = fitting.map(({ arn }) => serviceOf(arn)).join(', ')
    return `"${named}" names several services; use one of: ${which}.`
  }
  const names = listed.map(({ arn }) => serviceOf(arn).split('/').at(-1) ?? '').toSorted()
  const like = nearest(named, names)
  const meant = like.length === 0 ? '' : ` Did you mean ${like.join(' or ')}?`
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : ''
  const all = names.length === 0 ? 'none' : names.slice(0, LISTED).join(', ')
  return `There is no service "${named}" that Caretaker looks after.${meant} There are: ${all}${more}.`
}

/** A service as a decision sees it, for a cause; in words where its own tags cannot be read. */
export async function observed(
  { ecs, sfn, registry, table }: Acting,
  { managed }: Found,
  cause: Cause,
): Promise<Observed[] | Said> {
  try {
    const policy = parsePolicy(managed.tags[TAGS.deploy] ?? 'off')
    const stored = await readStoredOf(table, managed.id)
    const sources = { ecs, sfn, registry, table }
    return (await observe(sources, managed, stored, policy, cause)).places
  } catch (error) {
    if (error instanceof PolicyError) return refused(`Nothing was done: ${error.message}.`)
    throw error
  }
}
