import { changesOf, isEffective, isOfSleep } from './changes.ts'
import type { Call, Trace } from './trace.ts'

/** An execution has made a service its own, to roll this digest out. */
export type Claim = {
  at: number
  service: string
  generation: number
  execution: string
  repository: string
  digest: string
  /** A person named the digest. */
  byHand: boolean
}

/** Each claim of a service, oldest first, as Caretaker's table has had them. */
export function claimsOf({ states }: Trace): Claim[] {
  const last = new Map<string, string>()
  return states.flatMap(({ at, service, state }) => {
    const { rolling, generation, latest } = state
    const before = last.get(service)
    last.set(service, rolling?.execution ?? '')
    if (rolling === undefined || rolling.execution === before) return []
    const { execution, digest } = rolling
    const byHand = latest?.by !== undefined
    const repository = latest?.repository ?? ''
    return [{ at, service, generation, execution, repository, digest, byHand }]
  })
}

/** What a machine's execution has changed in ECS to roll something out; sizes are another matter. */
export const changesBy = (trace: Trace): Call[] =>
  changesOf(trace).filter(
    (call) => call.by === 'machine' && call.service === 'ecs' && !isOfSleep(trace, call),
  )

/** A digest that was started in a service: its `UpdateService`, and the claim it was made for. */
export type Start = { call: Call; claim: Claim }

/** The digests that were started, oldest first; a roll-back starts none. */
export function startsOf(trace: Trace): Start[] {
  const claims = new Map(claimsOf(trace).map((claim) => [claim.execution, claim]))
  return changesBy(trace).flatMap((call) => {
    const claim = claims.get(call.run)
    const starts = call.operation === 'UpdateService' && isEffective(call)
    if (claim === undefined || !starts || !call.digests.includes(claim.digest)) return []
    return [{ call, claim }]
  })
}
