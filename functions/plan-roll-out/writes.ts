import { marshall } from '@aws-sdk/util-dynamodb'
import type {
  Before,
  Push,
  RollOutRecord,
  ServiceState,
  Standing,
  Tried,
} from '../../domain/record.ts'
import { recordKey, repositoryPartition, STATE, servicePartition } from '../../domain/record.ts'
import { ABANDONED, type Decision } from './plan.ts'

/** One member of `TransactItems`, ready for `dynamodb:transactWriteItems`. */
export type Write = Record<string, unknown>

/** What the writes of one service's plan have in common. */
export type Ledger = {
  table: string
  service: string
  serviceArn: string
  cluster: string
  owner: string
  execution: string
  state?: ServiceState | undefined
  /** What the service runs. */
  running?: { digest: string; tag?: string } | undefined
  now: Date
}

/** Records are kept half a year: long enough to ask why, short enough to stay cheap. */
const KEPT_SECONDS = 180 * 24 * 60 * 60
/** Digests a service remembers: what it can roll back to, and what it must not run again. */
const REMEMBERED = 100
/** Standings that a later roll-out of the same push may replace. */
const REPLACEABLE: Standing[] = ['waiting', 'frozen', 'pinned', 'failed', 'refused', 'not-taken']

const EXPIRES = (now: Date): number => Math.floor(now.getTime() / 1000) + KEPT_SECONDS

/**
 * The record of a push, put only if the push has none yet, one that may be replaced, or one that
 * the execution `over` left behind.
 */
function putRecord(
  ledger: Ledger,
  push: Push,
  rest: { verdict: Standing; reason: string } & Partial<RollOutRecord>,
  over = '',
): Write {
  const { table, service, serviceArn, cluster, owner, execution, running: previous, now } = ledger
  const final = rest.verdict !== 'waiting' && rest.verdict !== 'rolling-out'
  const item = {
    pk: servicePartition(service),
    sk: recordKey(push),
    service: service.split('/').at(-1),
    cluster,
    serviceArn,
    owner,
    execution,
    previous,
    ...push,
    ...rest,
    ...(final ? { endedAt: now.toISOString() } : { startedAt: now.toISOString() }),
    expires: EXPIRES(now),
  }
  const replaceable = Object.fromEntries(REPLACEABLE.map((name, index) => [`:r${index}`, name]))
  return {
    Put: {
      TableName: table,
      Item: marshall(item, { removeUndefinedValues: true }),
      ConditionExpression: `attribute_not_exists(pk) OR execution = :over OR verdict IN (${Object.keys(replaceable).join(', ')})`,
      ExpressionAttributeValues: marshall({ ...replaceable, ':over': over }),
    },
  }
}

/** The verdict of a push that changes nothing in AWS. */
export function recordWrites(
  ledger: Ledger,
  decision: Extract<Decision, { action: 'record' }>,
): Write[] {
  const { push, verdict, reason, asked } = decision
  const put = putRecord(ledger, push, { verdict, reason, ...(asked && { asked }) })
  // What was not chosen says nothing about what the service should run.
  if (verdict === 'not-taken' || verdict === 'superseded' || asked !== undefined) return [put]
  return [put, updateState(ledger, 'SET latest = :latest', { ':latest': { ...push, verdict } })]
}

/** A push that must wait: noted on the service, so that the roll-out under way looks for it. */
export function waitWrites(ledger: Ledger, push: Push, reason: string): Write[] {
  return [
    putRecord(ledger, push, { verdict: 'waiting', reason }),
    updateState(ledger, 'SET waiting = :yes', { ':yes': true }),
  ]
}

/**
 * The claim: the service is ours if nobody else's roll-out is under way and nobody has claimed it
 * since the plan was made. The roll-out's record is made in the same breath.
 */
export function claimWrites(
  ledger: Ledger,
  decision: Extract<Decision, { action: 'roll-out' }>,
  from: Before,
): Write[] {
  const { state, execution, now } = ledger
  const { push, reason, asked } = decision
  const generation = state?.generation ?? 0
  const stale = state?.rolling
  const values = {
    ':planned': generation,
    ':next': generation + 1,
    ':zero': 0,
    ':rolling': {
      execution,
      digest: push.digest,
      tag: push.tag,
      record: recordKey(push),
      since: now.toISOString(),
      from,
    },
    ':latest': { ...push, verdict: 'rolling-out', ...(asked && { by: asked.by }) },
    ':tried': remembered(state?.tried ?? {}, decision, from, now),
    ...(stale === undefined ? {} : { ':stale': stale.execution }),
  }
  const free = stale === undefined ? 'attribute_not_exists(rolling)' : 'rolling.execution = :stale'
  const fence = '(generation = :planned OR (attribute_not_exists(generation) AND :planned = :zero))'
  const claim = updateState(
    ledger,
    'SET generation = :next, rolling = :rolling, latest = :latest, tried = :tried REMOVE waiting',
    values,
    `${free} AND ${fence}`,
  )
  const rest = { verdict: 'rolling-out' as const, reason, previous: from, ...(asked && { asked }) }
  const put = putRecord(ledger, push, rest, stale?.execution)
  if (stale === undefined || stale.record === recordKey(push)) return [claim, put]
  return [claim, put, abandonedRecord(ledger, stale.record)]
}

/** The service is free again: the execution that held it is gone, and its push needs nothing more. */
export function releaseWrites(ledger: Ledger): Write[] {
  const { rolling } = ledger.state ?? {}
  if (rolling === undefined) return []
  const values = { ':stale': rolling.execution }
  return [
    updateState(ledger, 'REMOVE rolling', values, 'rolling.execution = :stale'),
    abandonedRecord(ledger, rolling.record),
  ]
}

/** The last digests tried, with the one a person rolls back from marked. */
function remembered(
  tried: Record<string, Tried>,
  { push, recalled, reason }: Extract<Decision, { action: 'roll-out' }>,
  previous: { tag?: string },
  now: Date,
): Record<string, Tried> {
  const marked: Record<string, Tried> = { ...tried }
  if (recalled !== undefined) {
    const tag = previous.tag ?? push.tag
    marked[recalled] = { verdict: 'recalled', reason, tag, at: now.toISOString() }
  }
  const newest = Object.entries(marked).sort(([, a], [, b]) => b.at.localeCompare(a.at))
  return Object.fromEntries(newest.slice(0, REMEMBERED))
}

function abandonedRecord({ table, service, now }: Ledger, sk: string): Write {
  return {
    Update: {
      TableName: table,
      Key: marshall({ pk: servicePartition(service), sk }),
      UpdateExpression: 'SET verdict = :failed, reason = :reason, endedAt = :now',
      ExpressionAttributeValues: marshall({
        ':failed': 'failed',
        ':reason': ABANDONED,
        ':now': now.toISOString(),
      }),
    },
  }
}

function updateState(
  { table, service }: Ledger,
  expression: string,
  values: Record<string, unknown>,
  condition?: string,
): Write {
  return {
    Update: {
      TableName: table,
      Key: marshall({ pk: servicePartition(service), sk: STATE }),
      UpdateExpression: expression,
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
      ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
    },
  }
}

/** A push to a repository that no service follows. */
export function unfollowedWrites(
  { table, execution, now }: Pick<Ledger, 'table' | 'execution' | 'now'>,
  push: Push,
): Write[] {
  const item = {
    pk: repositoryPartition(push.repository),
    sk: recordKey(push),
    ...push,
    verdict: 'not-taken',
    reason: `no service has "${push.repository}" in its caretaker:repository tag`,
    execution,
    endedAt: now.toISOString(),
    expires: EXPIRES(now),
  }
  const ConditionExpression = 'attribute_not_exists(pk)'
  return [{ Put: { TableName: table, Item: marshall(item), ConditionExpression } }]
}
