import type { TeamView } from '../../teams/view.ts'
import type { ServiceView } from '../../view.ts'

/** Services that are listed together, below a line of their team's. */
export type Group = {
  /** Absent where the list is not by team. The team is absent where the catalog has none of that name. */
  head?: { name: string; team: TeamView | undefined }
  services: ServiceView[]
}

/**
 * Each team's services below its line, in the order of the catalog's teams; last those without one.
 *
 * @param isAll whether nothing is left out: then a team without services has its line too.
 */
export function byTeam(services: ServiceView[], teams: TeamView[], isAll: boolean): Group[] {
  const owned = Map.groupBy(services, ({ owner }) => owner)
  const names = new Set(teams.map(({ name }) => name))
  const others = services.filter(({ owner }) => !names.has(owner))
  return [
    ...teams
      .filter(({ name }) => isAll || owned.has(name))
      .map((team) => ({ head: { name: team.name, team }, services: owned.get(team.name) ?? [] })),
    ...(others.length > 0 ? [{ head: { name: '', team: undefined }, services: others }] : []),
  ]
}

/** How many lines the groups have, heads among them. */
export const rowsOf = (groups: Group[]): number =>
  groups.reduce((sum, { head, services }) => sum + (head ? 1 : 0) + services.length, 0)

/** The groups up to that many lines. */
export function upTo(groups: Group[], most: number): Group[] {
  let left = most
  return groups.flatMap((group) => {
    if (left <= 0) return []
    if (group.head) left -= 1
    const services = group.services.slice(0, left)
    left -= services.length
    return [{ ...group, services }]
  })
}
