import type { CompiledCatalog } from '../domain/compiled-catalog.ts'
import type { Catalog } from './schema.ts'

/** What functions need of the catalog. */
export function compileCatalog({ environment, services }: Catalog): CompiledCatalog {
  const { name, owner, timeZone, teams, operators, features, links, schedules, calendars } =
    environment
  return {
    environment: name,
    owner,
    timeZone,
    ...(links && { links }),
    teams: Object.fromEntries(
      Object.entries(teams).map(([team, { channel, members, roles, quiet }]) => [
        team,
        { channel, members, roles, ...(quiet && { quiet }) },
      ]),
    ),
    operators,
    features,
    schedules,
    calendars,
    services: Object.fromEntries(
      services.map(
        ({ name: service, team, cluster, kind, circuit, alarms, dependsOn, database }) => [
          service,
          {
            team,
            cluster: `${name}-${cluster}`,
            kind,
            circuit,
            missingTasks: alarms['tasks-missing'].severity,
            dependsOn,
            ...(database && { database }),
          },
        ],
      ),
    ),
  }
}
