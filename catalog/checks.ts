import type { Check, Entry, Surroundings } from './check.ts'
import { connectionChecks } from './connection-checks.ts'
import { cycles } from './cycles.ts'
import type { Document } from './document.ts'
import { healthChecks } from './health-checks.ts'
import { imageChecks } from './image-checks.ts'
import { kindChecks } from './kind-checks.ts'
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
    ...rightsChecks,
    ...sourceChecks,
    ...imageChecks,
    ...connectionChecks,
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
    ...twice(
      entries,
      ['route', 'path'],
      ({ route }) => route && `${route.host ?? ''}${route.path}`,
    ),
    ...twice(entries, ['route', 'priority'], ({ route }) => route?.priority),
    ...twice(entries, ['nlb'], ({ nlb }) => nlb),
  ]
}

/** Values that only one service may have; the later file is told. */
function twice(
  entries: readonly Entry[],
  path: readonly string[],
  valueIn: (service: Service) => string | number | undefined,
): Problem[] {
  const first = new Map<string | number, string>()
  return entries.flatMap(({ service, document }) => {
    const value = valueIn(service)
    if (value === undefined) return []
    const holder = first.get(value)
    if (holder === undefined) {
      first.set(value, document.file)
      return []
    }
    const allowed = `one that no other service has; ${holder} has this`
    return [document.problem(path, { found: shown(value), allowed, remedy: 'change one of them' })]
  })
}
