import type { CompiledCatalog } from '../domain/compiled-catalog.ts'
import { ALWAYS_ON } from '../domain/schedule/written.ts'
import type { TagPolicy } from '../domain/tagging/policy.ts'
import { TAGS } from '../domain/tags.ts'
import { budgetsOf } from './budgets.ts'
import type { Catalog, Environment, Service } from './schema.ts'
import { secretsOf } from './secrets.ts'
import { standingOf } from './standing.ts'

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
    ...tagsOf(environment),
    budgets: budgetsOf(environment).map(({ name: budget, team, owner: told, limit, ceiling }) => ({
      ...{ name: budget, owner: told, limit, ceiling },
      ...(team !== undefined && { team }),
      asks: teams[team ?? '']?.sleepsForBudget === 'asked',
    })),
    schedules: Object.fromEntries(
      Object.entries(environment.schedules).map(([schedule, rest]) => [
        schedule,
        { name: schedule, ...rest },
      ]),
    ),
    calendars: environment.calendars,
    stays: standingOf({ environment, services }),
    services: Object.fromEntries(
      services.map((one) => [one.name, serviceOf(one, { environment, services })]),
    ),
  }
}

function serviceOf(service: Service, { environment, services }: Catalog) {
  const { team, cluster, kind, circuit, alarms, schedule, dependsOn } = service
  const database = service.database ?? databaseOfAnother(service, services)
  const { cpu, memory, spot, platform, route, scaling, source } = service
  return {
    team,
    cluster: `${environment.name}-${cluster}`,
    kind,
    circuit,
    missingTasks: alarms['tasks-missing'].severity,
    schedule: schedule ?? environment.schedule,
    dependsOn,
    ...budgetOf(service, environment),
    ...(database && { database }),
    ...(source && { source: source.repository }),
    ...(scaling && { leastTasks: scaling.min }),
    task: { cpu, memory, spot, platform },
    ...(route && { route: routeOf(service, route, environment) }),
  }
}

/** Whoever shares the URL of another's place on the shared server needs that server too. */
function databaseOfAnother(service: Service, services: readonly Service[]): 'shared' | undefined {
  const shares = secretsOf(service).some(({ name, from }) => {
    const owner = from === 'new' ? undefined : services.find((one) => one.name === from.of)
    return owner?.database === 'shared' && Object.hasOwn(owner.as?.database ?? {}, name)
  })
  return shares ? 'shared' : undefined
}

/** What runs day and night does not sleep for a budget unless its file says so. */
const budgetOf = (
  { importance, sleepsForBudget, schedule }: Service,
  environment: Environment,
) => ({
  importance: importance ?? ('normal' as const),
  sleepsForBudget: sleepsForBudget ?? (schedule ?? environment.schedule) !== ALWAYS_ON,
})

/** The hosts that a service has for itself, if any: whole names, and labels below the domain. */
export const hostsOf = (
  { hosts }: NonNullable<Service['route']>,
  { domain }: Pick<Environment, 'domain'>,
): string[] =>
  hosts.flatMap((host) => {
    if (host.includes('.')) return host
    return domain === undefined ? [] : `${host}.${domain}`
  })

function routeOf(
  { wakeOnRequest = true, wakeFor }: Service,
  route: NonNullable<Service['route']>,
  environment: Environment,
) {
  const { paths, priority } = route
  return {
    ...{ hosts: hostsOf(route, environment), paths: [...paths], priority },
    wakenBy: wakeOnRequest
      ? (wakeFor ?? (environment.signIn === undefined ? 'browsers' : 'signed-in'))
      : ('nobody' as const),
  }
}

/** The two keys that are always required, then the catalog's own; nothing where nothing is watched. */
function tagsOf({ tags, teams, name }: Environment): { tags?: TagPolicy } {
  const { watch, where, required, ladder } = tags
  if (watch.length === 0) return {}
  const ours = {
    [TAGS.owner]: { values: Object.keys(teams) },
    [TAGS.environment]: { default: name },
  }
  return { tags: { watch, where, required: { ...ours, ...required }, ladder } }
}
