import { marshall } from '@aws-sdk/util-dynamodb'
import { budgetKey } from '../../domain/table/keys.ts'
import type { Call, Trace } from '../../local/invariants/trace.ts'
import { at, call, invocation, SERVICE, service, TAGS, trace } from './traces.ts'

/** Rows of what is and is not right about budgets, for the predicates' table. */

const RUN = 'arn:aws:states:eu-central-1:1:execution:dev-sleep:one'

/** A service of `ordering` is put to sleep by the budget of some team. */
const slept = (team: string): Trace => {
  const about = service({
    tags: { ...TAGS, 'caretaker:owner': 'ordering', 'caretaker:schedule': 'office-hours' },
  })
  const since = new Date(at(5)).toISOString()
  const why = `put to sleep by the budget of ${team} until 2026-04-01T00:00:00.000Z`
  const sleeper = {
    ...{ version: 2, revision: 1, rest: 'awake' as const, since, why: '' },
    moving: { to: 'asleep' as const, since, why, tries: 0 },
  }
  return trace({
    sleepers: [{ at: at(5), id: `service/${SERVICE}`, sleeper }],
    invocations: [
      invocation({ function: 'dev-plan-sleep', execution: RUN, at: at(5), requestId: 'look' }),
    ],
    calls: [call('UpdateService', { run: RUN, about, input: { desiredCount: 0 } })],
  })
}

/** A step of the budget is told for the first time. */
function stepped(time: string, verdict: string, spent: number, month = time.slice(0, 7)): Call {
  const Item = marshall({
    ...{ ...budgetKey('dev', `${month}#${verdict}#250`), version: 2, kind: 'budget', verdict },
    ...{ subject: 'ordering', owner: 'ordering', at: time, reason: '', execution: '' },
    detail: { month, limit: 250, catalogLimit: 250, spent, changedAt: time },
  })
  return call('PutItem', {
    ...{ at: Date.parse(time), by: 'function', name: 'dev-keep-budgets', service: 'dynamodb' },
    input: { TableName: 'dev-caretaker', Item },
    about: undefined as never,
  })
}

type Row = [what: string, violates: number | undefined, trace: Trace]

const near = stepped('2026-03-30T09:00:00Z', 'near', 210)

export const BUDGET_ROWS: Row[] = [
  ['a budget puts to sleep what another team owns', 8, slept('storefront')],
  ['a budget puts to sleep what its team owns', undefined, slept('ordering')],
  [
    'a budget takes two steps by one figure',
    12,
    trace({ calls: [near, stepped('2026-03-30T09:10:00Z', 'over', 210)] }),
  ],
  [
    'a budget takes a step by the figure of the month before',
    12,
    trace({ calls: [near, stepped('2026-04-01T00:10:00Z', 'near', 212)] }),
  ],
  [
    'a budget takes a step for each figure, and one in the new month',
    undefined,
    trace({
      calls: [
        near,
        stepped('2026-03-30T17:00:00Z', 'over', 260),
        stepped('2026-04-01T17:00:00Z', 'near', 205),
      ],
    }),
  ],
]
