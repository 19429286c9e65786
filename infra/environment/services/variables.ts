import { insideUrl, urlVariable } from '../../../catalog/endpoints.ts'
import type { Environment, Service } from '../../../catalog/schema.ts'

/**
 * The variables every container has: who it is, where it is, where what it calls is, and what its
 * file adds. `catalog/variables.ts` keeps files from setting these themselves.
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
