import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { DAY } from '../../domain/local-time.ts'
import { BUDGET } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { Invariant } from './invariant.ts'
import type { Trace } from './trace.ts'

/** Steps of the ladder; the others only say what is odd about figures. */
const STEPS: readonly string[] = ['near', 'over', 'sleeps', 'asks']
/** So long into a month a figure that has not fallen may be the one of the month before. */
const TURN = 3 * DAY

export const stepsOncePerFigure: Invariant = {
  holds: 'A budget takes one step for each new figure, and none by a figure of the month before.',
  number: 12,
  when: 'always',
  violations: (trace) =>
    [...Map.groupBy(stepsOf(trace), ({ budget }) => budget).values()].flatMap((all) =>
      all.flatMap((step, place) => wrong(step, all.slice(0, place))),
    ),
}

/** A step as it was first written, and by which figure. */
type Step = { budget: string; at: number } & Record<'verdict' | 'month', string> &
  Record<'limit' | 'spent' | 'forecast', number>

function stepsOf({ calls }: Trace): Step[] {
  return calls.flatMap(({ service, operation, outcome, input, at }) => {
    if (`${service}:${operation}` !== 'dynamodb:PutItem' || outcome !== 'ok') return []
    const written = input.Item as Record<string, AttributeValue> | undefined
    if (!written?.sk?.S?.startsWith(BUDGET)) return []
    const item = unmarshall(written)
    const { verdict, detail } = readItem('budget', item)
    const { month, limit, spent, forecast } = detail
    if (!STEPS.includes(verdict)) return []
    return [{ budget: String(item.pk), at, verdict, month, limit, spent, forecast: forecast ?? 0 }]
  })
}

function wrong(step: Step, before: readonly Step[]): string[] {
  const { budget, verdict, month, spent, at } = step
  const said = `${budget} took the step ${verdict} of ${month} by $${spent}`
  const isEarly = at - Date.parse(`${month}-01T00:00:00Z`) < TURN
  const isOld = before.some((one) => one.month < month && one.spent <= spent)
  return [
    ...(before.some((one) => isSame(one, step)) ? [`${said}, by which it took one before`] : []),
    ...(isEarly && isOld ? [`${said}, the figure of the month before`] : []),
  ]
}

const isSame = (one: Step, other: Step): boolean =>
  one.month === other.month &&
  one.limit === other.limit &&
  one.spent === other.spent &&
  one.forecast === other.forecast
