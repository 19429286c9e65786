import type { RollOutRecord } from '../../../domain/table/record.ts'
import type { Call, Trace } from '../../../local/invariants/trace.ts'

/**
 * What a storm's verdicts must be besides the invariants: true. A verdict is believed by whoever
 * reads it, and by the next plan.
 *
 * @returns a sentence for each that is not.
 */
export function untrueEndings(trace: Trace): string[] {
  return [
    ...trace.executions
      .filter(({ status }) => status !== 'SUCCEEDED' && status !== 'RUNNING')
      .map(({ arn, status }) => `${arn} ended as ${status}`),
    ...trace.items.records.flatMap((record) => unfoundedSuperseding(trace, record)),
    ...trace.services.flatMap(({ service, desired, running }) =>
      desired === 0 ? [] : leftBehind(trace, service, running),
    ),
  ]
}

/** "Somebody else's deployment took its place" is said only of a service that somebody deployed. */
function unfoundedSuperseding(trace: Trace, record: RollOutRecord): string[] {
  const { subject, verdict, reason, endedAt = '' } = record
  if (verdict !== 'superseded' || !reason.startsWith('somebody else')) return []
  const began = trace.states.find(({ state }) => state.rolling?.record === record.sk)?.at ?? 0
  const took = trace.calls.some(
    (call) => isDeployment(call, subject) && call.at >= began && call.at <= Date.parse(endedAt),
  )
  return took ? [] : [`${subject} ${record.sk}: ${reason}; nobody has deployed anything`]
}

/** By somebody else than Caretaker. */
const isDeployment = ({ by, operation, outcome, about, input }: Call, service: string): boolean =>
  by !== 'machine' &&
  by !== 'function' &&
  outcome === 'ok' &&
  ((operation === 'UpdateService' && about?.service === service) ||
    (operation === 'StopServiceDeployment' &&
      String(input.serviceDeploymentArn).includes(`/${service}/`)))

/** What a roll-out leaves when it did not end well. */
const DID_NOT_HOLD: ReadonlySet<string> = new Set(['rolled-back', 'failed', 'superseded'])

/** A service that ran something good is not left with an image that did not hold. */
function leftBehind(trace: Trace, service: string, running: readonly string[]): string[] {
  const records = trace.items.records.filter(({ subject }) => subject === service)
  const firstGood = records.find(({ verdict }) => verdict === 'deployed')?.at
  return running.flatMap((digest) => {
    const own = records.filter(({ detail, progress }) => detail.digest === digest && progress)
    const began = Math.min(...own.map(({ at }) => Date.parse(at)))
    const bad = own.length > 0 && own.every(({ verdict }) => DID_NOT_HOLD.has(verdict))
    if (!bad || firstGood === undefined || Date.parse(firstGood) >= began) return []
    const chosen = trace.calls.some((call) => call.at >= began && isDeployment(call, service))
    return chosen ? [] : [`${service} is left with ${digest}`]
  })
}
