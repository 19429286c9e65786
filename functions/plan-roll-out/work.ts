import type { Service } from '@aws-sdk/client-ecs'
import { marshall } from '@aws-sdk/util-dynamodb'
import { type Before, type Push, recordKey, STATE, servicePartition } from '../../domain/record.ts'
import type { Observation } from './observe.ts'
import type { Decision, Observed } from './plan.ts'
import { nextRevision } from './revision.ts'
import type { Managed } from './services.ts'
import {
  claimWrites,
  type Ledger,
  recordWrites,
  releaseWrites,
  type Write,
  waitWrites,
} from './writes.ts'

/** One piece of work for the roll-out machine. */
export type Work = { action: 'write'; writes: Write[] } | RollOut

export type RollOut = {
  action: 'roll-out'
  service: string
  serviceArn: string
  push: Push
  keys: { state: Record<string, unknown>; record: Record<string, unknown> }
  /** The transaction that makes the service ours. */
  claim: Write[]
  /** The transaction if somebody was quicker. */
  yield: Write[]
  /** Arguments of `ecs:registerTaskDefinition`. */
  revision: Record<string, unknown>
  /** Arguments of `ecs:updateService`, without the new task definition. */
  update: Record<string, unknown>
  /** Arguments of `ecs:updateService` that undo it. */
  rollBack: Record<string, unknown>
  /** Nothing has run here before, so ECS has nothing to roll back to. */
  first: boolean
  bakeSeconds: number
  /** The verdict if all goes well. */
  verdict: 'deployed' | 'staged'
}

/** A decision that only needs writing down. */
export function write(ledger: Ledger, decision: Exclude<Decision, { action: 'roll-out' }>): Work {
  return { action: 'write', writes: writesOf(ledger, decision) }
}

function writesOf(ledger: Ledger, decision: Exclude<Decision, { action: 'roll-out' }>): Write[] {
  if (decision.action === 'release') return releaseWrites(ledger)
  if (decision.action === 'record') return recordWrites(ledger, decision)
  return waitWrites(ledger, decision.push, decision.reason)
}

/** A roll-out, with every request the machine will make prepared. */
export function rollOut(
  ledger: Ledger,
  { service, tags, id, arn }: Managed,
  { observed, taskDefinition, taskDefinitionTags, registryHost }: Observation,
  decision: Extract<Decision, { action: 'roll-out' }>,
  { bakeSeconds }: { bakeSeconds: number },
): RollOut {
  const { push, staged } = decision
  const pk = servicePartition(id)
  const target = { Cluster: id.split('/')[0], Service: arn }
  const from = before(service, observed)
  const { first } = from
  const count = Number(tags['caretaker:count'] ?? 1)
  const image = `${registryHost}/${push.repository}@${push.digest}`
  return {
    action: 'roll-out',
    service: id,
    serviceArn: arn,
    push,
    keys: { state: marshall({ pk, sk: STATE }), record: marshall({ pk, sk: recordKey(push) }) },
    claim: claimWrites(ledger, decision, from),
    yield: waitWrites(ledger, push, 'another roll-out of the service has just begun'),
    revision: nextRevision(taskDefinition, { ...push, image }, taskDefinitionTags),
    update: first ? { ...target, DesiredCount: count } : target,
    rollBack: {
      ...target,
      TaskDefinition: from.taskDefinition,
      ...(first ? { DesiredCount: 0 } : {}),
    },
    first,
    bakeSeconds: staged ? 0 : bakeSeconds,
    verdict: staged ? 'staged' : 'deployed',
  }
}

/** What ran before; for a roll-out that is taken over, before that one. */
function before({ taskDefinition = '' }: Service, observed: Observed): Before {
  const { state, running, placeholder } = observed
  const taken = state?.rolling
  if (taken?.from !== undefined && taken.digest === running?.digest) return taken.from
  return { ...running, taskDefinition, first: placeholder }
}
