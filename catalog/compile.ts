import type { CompiledCatalog } from '../domain/compiled-catalog.ts'
import type { Environment } from './schema.ts'

/** What functions need of the catalog. */
export function compileCatalog({
  name,
  owner,
  timeZone,
  teams,
  features,
}: Environment): CompiledCatalog {
  return {
    environment: name,
    owner,
    timeZone,
    teams: Object.fromEntries(
      Object.entries(teams).map(([team, { channel }]) => [team, { channel }]),
    ),
    features,
  }
}
