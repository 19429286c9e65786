import type { CompiledCatalog } from '../domain/compiled-catalog.ts'
import type { Catalog } from './schema.ts'

/** What functions need of the catalog. */
export function compileCatalog({ environment, services }: Catalog): CompiledCatalog {
  const { name, owner, timeZone, teams, operators, features, links } = environment
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
    services: Object.fromEntries(
      services.map(({ name: service, team, cluster, kind, circuit, alarms }) => [
        service,
        {
          team,
          cluster: `${name}-${cluster}`,
          kind,
          circuit,
          missingTasks: alarms['tasks-missing'].severity,
        },
      ]),
    ),
  }
}
