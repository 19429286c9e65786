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
  ((operation === 'UpdateService' &&
    about?.service === service &&
    (input.taskDefinition ?? input.forceNewDeployment) !== undefined) ||
    (operation === 'StopServiceDeployment' &&
      String(input.serviceDeploymentArn).includes(`/${service}/`)))

/** What a roll-out leaves when it did not end well. */
const DID_NOT_HOLD: ReadonlySet<string> = new Set(['rolled-back', 'failed', 'superseded'])

/**
 * A service that Caretaker has given a good image is not left with one that did not hold, unless
 * somebody else has deployed since: Caretaker goes back to what was there.
 */
function leftBehind(trace: Trace, service: string, running: readonly string[]): string[] {
  const records = trace.items.records.filter(({ subject }) => subject === service)
  const good = records.filter(({ verdict }) => verdict === 'deployed')
  return running.flatMap((digest) => {
    const own = records.filter(({ detail, progress }) => detail.digest === digest && progress)
    const bad = own.length > 0 && own.every(({ verdict }) => DID_NOT_HOLD.has(verdict))
    const began = Math.min(...own.map(({ at }) => Date.parse(at)))
    const held = Math.max(
      ...good.map(({ endedAt = '' }) => Date.parse(endedAt)).filter((at) => at <= began),
    )
    if (!bad || !Number.isFinite(held)) return []
    const chosen = trace.calls.some((call) => call.at >= held && isDeployment(call, service))
    return chosen ? [] : [`${service} is left with ${digest}`]
  })
}
