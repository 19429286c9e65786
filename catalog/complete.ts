import type { Route } from './route-schema.ts'
import type { DatabaseSettings, Kind, Service, WrittenService } from './schema.ts'

/** Data stores wake before everything, at 10: `infra/environment/data/database.ts`. */
const ORDER: Record<Kind, number> = { api: 20, worker: 20, job: 20, web: 30 }

/** What a listening service has when its file does not say; workers and jobs do not listen. */
const LISTENING = { port: 8080, healthPath: '/' }

/**
 * What the load balancer asks of gRPC by default: servers answer that they do not know it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
const GRPC = { healthPath: '/AWS.ALB/healthcheck' }

export const listens = (kind: Kind): boolean => kind === 'web' || kind === 'api'

/**
 * Adds the defaults that depend on the kind of a service and on its name.
 *
 * @param repositoryPrefix the environment's: begins the repository's name if the file gives none.
 */
export function complete(name: string, written: WrittenService, repositoryPrefix = ''): Service {
  const { database: _, cache: __, route, nlb, ...rest } = written
  const { kind } = written
  return {
    ...(listens(kind) && LISTENING),
    ...(written.route?.protocol === 'grpc' && GRPC),
    ...rest,
    ...stores(written),
    ...(route && { route: listed(route) }),
    ...(nlb !== undefined && { nlb: typeof nlb === 'number' ? [{ port: nlb }] : nlb }),
    name,
    cluster: written.cluster ?? (kind === 'web' ? 'frontend' : 'backend'),
    // What somebody else pushes, elsewhere, is no push to follow.
    deploy: written.deploy ?? (written.image === undefined ? 'main' : 'off'),
    repository: written.repository ?? `${repositoryPrefix}${name}`,
    // Spot capacity may be taken away: a worker or a job repeats its work, a page cannot.
    spot: written.spot ?? !listens(kind),
    order: written.order ?? ORDER[kind],
  }
}

/** The short form of each data store, and what its long form asks for besides. */
function stores({
  database,
  cache,
}: WrittenService): Pick<Service, 'database' | 'server' | 'cache' | 'as'> {
  const [server, as] = typeof database === 'object' ? [database.on, database.as] : [database]
  const cached = typeof cache === 'object' ? cache.as : undefined
  return {
    ...(server !== undefined && { database: server }),
    ...(typeof database === 'object' && { server: settings(database) }),
    cache: cache !== false,
    ...((as ?? cached) && {
      as: { ...(as && { database: as }), ...(cached && { cache: cached }) },
    }),
  }
}

function settings({ version, size, storage }: DatabaseSettings): DatabaseSettings {
  return { version, size, storage }
}

/** One path or several, one host or several. */
function listed({ path, host, ...rest }: NonNullable<WrittenService['route']>): Route {
  return { ...rest, paths: [path].flat(), hosts: [host ?? []].flat() }
}
