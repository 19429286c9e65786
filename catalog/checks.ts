import type { Check, Entry, Surroundings } from './check.ts'
import { connectionChecks } from './connection-checks.ts'
import { cycles } from './cycles.ts'
import type { Document } from './document.ts'
import { entranceChecks } from './entrance-checks.ts'
import { healthChecks } from './health-checks.ts'
import { imageChecks } from './image-checks.ts'
import { kindChecks } from './kind-checks.ts'
import { logsChecks } from './logs-checks.ts'
import { queuesOf } from './messaging.ts'
import { messagingChecks } from './messaging-checks.ts'
import { mountChecks } from './mount-checks.ts'
import { overrideChecks } from './override-checks.ts'
import { plainText } from './plain-text.ts'
import { type Problem, shown } from './problem.ts'
import { environmentReferences, serviceReferences } from './references.ts'
import { boundaryChecks, rightsChecks } from './rights-checks.ts'
import type { Environment, Service } from './schema.ts'
import { secretChecks } from './secret-checks.ts'
import { sidecarChecks } from './sidecar-checks.ts'
import { sourceChecks } from './source-checks.ts'
import { tagChecks } from './tag-checks.ts'
import { valueChecks } from './value-checks.ts'

/** What one file alone cannot tell. Files with problems of their own are not among the entries. */
export function crossChecks(
  environment: Document<Environment>,
  entries: readonly Entry[],
  names: readonly string[],
): Problem[] {
  const surroundings: Surroundings = {
    environment: environment.value,
    services: new Map(entries.map(({ service }) => [service.name, service])),
    names,
  }
  const checks: Check[] = [
    ...valueChecks,
    ...kindChecks,
    ...healthChecks,
    ...serviceReferences,
    ...secretChecks,
    ...sidecarChecks,
    ...mountChecks,
    ...rightsChecks,
    ...sourceChecks,
    ...imageChecks,
    ...connectionChecks,
    ...entranceChecks,
    ...overrideChecks,
    ...logsChecks,
    ...messagingChecks,
  ]
  return [
    ...environmentReferences(environment),
    ...tagChecks(environment),
    ...boundaryChecks(environment),
    ...[environment, ...entries.map(({ document }) => document)].flatMap(plainText),
    ...entries.flatMap(({ service, document }) =>
      checks.flatMap((check) => check(service, document, surroundings)),
    ),
    ...cycles(entries),
    ...twice(entries, ['route', 'path'], ({ route }) =>
      route?.paths.flatMap((path) =>
        (route.hosts.length === 0 ? [''] : route.hosts).map((host) => `${host}${path}`),
      ),
    ),
    ...twice(entries, ['route', 'priority'], ({ route }) => route && [route.priority]),
    ...twice(entries, ['queues'], (one) => queuesOf(one).map(({ name }) => name)),
    ...twice(entries, ['topics'], ({ topics }) => topics),
    ...twice(entries, ['nlb'], ({ nlb }) => nlb?.map(({ port }) => port)),
  ]
}

/** Values that only one service may have; the later file is told. */
function twice(
  entries: readonly Entry[],
  path: readonly string[],
  valuesIn: (service: Service) => readonly (string | number)[] | undefined,
): Problem[] {
  const first = new Map<string | number, string>()
  return entries.flatMap(({ service, document }) => {
    const values = valuesIn(service) ?? []
    const again = values.find((one, index) => values.indexOf(one) < index)
    if (again !== undefined) {
      const words = { found: shown(again), allowed: 'each once', remedy: 'remove it in one place' }
      return [document.problem(path, words)]
    }
    const value = values.find((one) => first.has(one))
    const holder = value === undefined ? undefined : first.get(value)
    for (const one of values) if (!first.has(one)) first.set(one, document.file)
    if (holder === undefined) return []
    const allowed = `one that no other service has; ${holder} has this`
    return [document.problem(path, { found: shown(value), allowed, remedy: 'change one of them' })]
  })
}
