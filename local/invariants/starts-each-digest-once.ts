import { isEffective } from './changes.ts'
import { type Claim, changesBy, claimsOf } from './claims.ts'
import type { Invariant } from './invariant.ts'
import type { Call, Trace } from './trace.ts'

export const startsEachDigestOnce: Invariant = {
  holds:
    'Per (service, digest, generation): one effective RegisterTaskDefinition and UpdateService; an answer that was lost may leave one unused revision.',
  number: 3,
  when: 'always',
  violations: (trace) => {
    const claims = claimsOf(trace)
    const calls = changesBy(trace)
    const holders = new Set(claims.map(({ execution }) => execution))
    const unclaimed = calls
      .filter(({ run, about }) => about !== undefined && !holders.has(run))
      .map(({ operation, run }) => `${operation} by ${run}, which has not claimed the service`)
    const groups = Map.groupBy(claims, ({ service, digest, generation }) =>
      [service, digest, generation].join(' '),
    )
    return [
      ...unclaimed,
      ...[...groups].flatMap(([what, group]) => repeated(trace, what, group, calls)),
    ]
  },
}

function repeated(
  { executions }: Trace,
  what: string,
  group: readonly Claim[],
  calls: readonly Call[],
): string[] {
  const runs = new Set(group.map(({ execution }) => execution))
  const own = calls.filter(
    ({ run, digests }) => runs.has(run) && digests.includes(group[0]?.digest ?? ''),
  )
  // Of one whose answer was lost nobody knows the revision.
  const registered = own.filter(
    ({ operation, unanswered }) => operation === 'RegisterTaskDefinition' && !unanswered,
  ).length
  const updated = own.filter(
    (call) => call.operation === 'UpdateService' && isEffective(call),
  ).length
  const lost = executions.some(({ arn, failedAttempts }) => runs.has(arn) && failedAttempts > 0)
  return [
    ...(registered > (lost ? 2 : 1) ? [`${what}: registered ${registered} times`] : []),
    ...(updated > 1 ? [`${what}: the service was updated ${updated} times`] : []),
  ]
}
