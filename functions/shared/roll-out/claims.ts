import {
  ABANDONED,
  type Decision,
  type ProveDecision,
  type RecordDecision,
  type RollOutDecision,
} from '../../../domain/roll-out/observed.ts'
import type { Note } from '../../../domain/table/common.ts'
import {
  digestKey,
  type Key,
  recordSortKey,
  servicePartition,
  stateKey,
} from '../../../domain/table/keys.ts'
import type {
  Before,
  Seen,
  ServiceState,
  TriedDigest,
} from '../../../domain/table/service-state.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { cut, REASON_CHARACTERS } from '../../../domain/text.ts'
import type { Item, Table } from '../table/table.ts'
import { transact, type Write } from '../table/transact.ts'
import { ASKER_CHARACTERS, recordPut, type WriteContext } from './record.ts'

/** A roll-out that is to begin, or a staged image that is to be watched. */
export type Claim = {
  state: ServiceState | undefined
  decision: RollOutDecision | ProveDecision
  from: Before
  /** The revision that runs already, where nothing is to be deployed. */
  runs?: string
  /** Pushes to other repositories of the service wait for the end of this one. */
  othersWait: boolean
  /** What the record says in its message's thread from the beginning. */
  notes: Note[]
  /** How the tags are, where that is not noted yet. */
  seen?: Seen
}

/**
 * Makes the service ours, and the roll-out's record with it: in one transaction, if nobody else's
 * roll-out is under way and nobody has claimed the service since the plan was made.
 *
 * @returns whether it is ours.
 */
export function claim(table: Table, context: WriteContext, wanted: Claim): Promise<boolean> {
  const { state, decision, from } = wanted
  const { push, reason, asked } = decision
  const recalled = decision.action === 'roll-out' ? decision.recalled : undefined
  const stale = state?.rolling
  const record = {
    verdict: 'rolling-out',
    reason,
    previous: from,
    notes: wanted.notes,
    ...(asked && { asked }),
  } as const
  const writes: Write[] = [
    claimState(context, wanted),
    // Whatever it ended as before: the service is ours, and so is what becomes of this push now.
    { put: { item: recordPut(context, push, record).item } },
  ]
  if (recalled !== undefined) writes.push(recall(context, recalled, decision, from.tag))
  if (stale !== undefined && stale.record !== recordSortKey(push)) {
    writes.push(abandon(context, stale.record))
  }
  return transact(table, writes)
}

/** Frees a service whose roll-out has lost its execution, and ends that roll-out's record. */
export async function release(
  table: Table,
  context: WriteContext,
  { rolling }: ServiceState,
): Promise<void> {
  if (rolling === undefined) return
  const free = updateState(context, {
    remove: 'rolling',
    condition: 'rolling.execution = :stale',
    values: { ':stale': rolling.execution },
  })
  await transact(table, [free, abandon(context, rolling.record)])
}

/** The verdict of a push that changes nothing in AWS; a push that has a final one keeps it. */
export async function recordVerdict(
  table: Table,
  context: WriteContext,
  { push, verdict, reason, asked }: RecordDecision,
): Promise<void> {
  const put = recordPut(context, push, { verdict, reason, ...(asked && { asked }) })
  // What was not chosen says nothing about what the service should run.
  const chosen = verdict !== 'not-taken' && verdict !== 'superseded' && asked === undefined
  const latest = { ':latest': { ...push, verdict } }
  await transact(table, [
    { put },
    ...(chosen ? [updateState(context, { set: 'latest = :latest', values: latest })] : []),
  ])
}

/** A push that must wait: noted on the service, so that the roll-out under way looks for it. */
export async function recordWaiting(
  table: Table,
  context: WriteContext,
  { push, reason, asked }: Pick<Decision, 'push' | 'reason' | 'asked'>,
): Promise<void> {
  const noted = updateState(context, {
    set: 'waiting = if_not_exists(waiting, :at), lastWaiting = :last',
    values: { ':at': push.at, ':last': recordSortKey(push) },
  })
  await transact(table, [
    { put: recordPut(context, push, { verdict: 'waiting', reason, ...(asked && { asked }) }) },
    noted,
  ])
}

function claimState(
  context: WriteContext,
  { state, decision: { push, asked }, from, runs, othersWait, seen }: Claim,
): Write {
  const generation = state?.generation ?? 0
  const stale = state?.rolling
  const free = stale === undefined ? 'attribute_not_exists(rolling)' : 'rolling.execution = :stale'
  const fence = '(generation = :planned OR (attribute_not_exists(generation) AND :planned = :zero))'
  return updateState(context, {
    set: `generation = :next, rolling = :rolling, latest = :latest${seen === undefined ? '' : ', seen = :seen'}`,
    ...(othersWait ? {} : { remove: 'waiting, lastWaiting' }),
    condition: `${free} AND ${fence}`,
    values: {
      ':planned': generation,
      ':next': generation + 1,
      ':zero': 0,
      ':rolling': {
        execution: context.execution,
        digest: push.digest,
        tag: push.tag,
        record: recordSortKey(push),
        since: context.now.toISOString(),
        from,
        ...(runs === undefined ? {} : { taskDefinition: runs, first: false }),
      },
      ':latest': {
        ...push,
        verdict: 'rolling-out',
        ...(asked && { by: cut(asked.by, ASKER_CHARACTERS) }),
      },
      ...(seen === undefined ? {} : { ':seen': seen }),
      ...(stale === undefined ? {} : { ':stale': stale.execution }),
    },
  })
}

/** A person rolls back from this digest: it is not run again until somebody asks for it. */
function recall(
  { service, now }: WriteContext,
  digest: string,
  { push, reason }: Pick<RollOutDecision, 'push' | 'reason'>,
  tag = push.tag,
): Write {
  const item: TriedDigest & Key = {
    ...digestKey(service, digest),
    version: VERSION,
    verdict: 'recalled',
    reason: cut(reason, REASON_CHARACTERS),
    tag,
    at: now.toISOString(),
  }
  return { put: { item } }
}

function abandon({ service, now }: WriteContext, sk: string): Write {
  return {
    update: {
      key: { pk: servicePartition(service), sk },
      expression: 'SET verdict = :failed, reason = :reason, endedAt = :now',
      values: { ':failed': 'failed', ':reason': ABANDONED, ':now': now.toISOString() },
    },
  }
}

/** @param change `SET …` without its first word, and `REMOVE …` behind it. */
function updateState(
  { service }: WriteContext,
  change: { set?: string; remove?: string; condition?: string; values: Item },
): Write {
  const { set, remove, condition, values } = change
  const sets = ['version = :version', ...(set === undefined ? [] : [set])].join(', ')
  return {
    update: {
      key: stateKey(service),
      expression: `SET ${sets}${remove === undefined ? '' : ` REMOVE ${remove}`}`,
      ...(condition === undefined ? {} : { condition }),
      values: { ...values, ':version': VERSION },
    },
  }
}
