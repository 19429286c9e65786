import { connectionsOf } from './connections.ts'
import { insideUrl, urlVariable } from './endpoints.ts'
import { messagingVariables, queueVariable, topicVariable } from './messaging.ts'
import type { Environment, Service } from './schema.ts'
import { secretsOf } from './secrets.ts'

/** The variables that come with what a file asks for; `infra/environment/services` sets them. */
export const SUPPLIED = {
  // The names are libpq's, so that most clients need no configuration at all.
  // https://www.postgresql.org/docs/17/libpq-envars.html
  database: ['PGHOST', 'PGPORT', 'PGDATABASE', 'PGSSLMODE', 'PGUSER', 'PGPASSWORD'],
  cache: ['REDIS_HOST', 'REDIS_PORT', 'REDIS_TLS', 'REDIS_PREFIX', 'REDIS_PASSWORD'],
  bucket: ['BUCKET_NAME'],
  files: ['FILES_PATH'],
  // https://opentelemetry.io/docs/languages/sdk-configuration/
  tracing: [
    'OTEL_SERVICE_NAME',
    'OTEL_RESOURCE_ATTRIBUTES',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'OTEL_PROPAGATORS',
  ],
} as const satisfies Partial<Record<keyof Service, readonly string[]>>

const STANDARD = ['SERVICE_NAME', 'ENVIRONMENT', 'PORT']

/** Set by Fargate, read by every AWS SDK, or set for tracing. */
const FOREIGN = /^(AWS|ECS|OTEL)_/

/** Whether a name is not a file's to give: something else sets it, or may one day. */
export function isReserved(
  variable: string,
  service: Pick<Service, 'dependsOn'> & Partial<Pick<Service, 'queues' | 'topics' | 'sends'>>,
): boolean {
  const { dependsOn, queues = [], topics = [], sends = [] } = service
  const taken = [
    ...messagingVariables({ queues, topics }),
    ...sends.flatMap((name) => [queueVariable(name), topicVariable(name)]),
    ...STANDARD,
    ...Object.values(SUPPLIED).flat(),
    ...dependsOn.map(urlVariable),
  ]
  return taken.includes(variable) || FOREIGN.test(variable)
}

/** The names of all variables that a service's container has, but for its aliases. */
export function variablesOf(service: Service): string[] {
  const { port, dependsOn, environment } = service
  const needs = (Object.keys(SUPPLIED) as (keyof typeof SUPPLIED)[]).filter((need) => service[need])
  return [
    ...STANDARD.filter((name) => name !== 'PORT' || port !== undefined),
    ...dependsOn.map(urlVariable),
    ...messagingVariables(service),
    ...needs.flatMap((need) => SUPPLIED[need]),
    ...Object.keys(environment),
    ...secretsOf(service).map(({ name }) => name),
    ...connectionsOf(service).map(({ name }) => name),
  ]
}

/**
 * The variables every container has: who it is, where it is, where what it calls is, and what its
 * file adds.
 *
 * @param services all of the catalog, for the addresses of those it depends on.
 */
export function standardVariables(
  service: Service,
  services: readonly Service[],
  environment: Environment,
): Record<string, string> {
  const urls = service.dependsOn.flatMap((name) => {
    const callee = services.find((one) => one.name === name)
    const url = callee && insideUrl(callee, environment)
    return url === undefined ? [] : [[urlVariable(name), url] as const]
  })
  return {
    SERVICE_NAME: service.name,
    ENVIRONMENT: environment.name,
    ...(service.port !== undefined && { PORT: String(service.port) }),
    ...Object.fromEntries(urls),
    ...service.environment,
  }
}
