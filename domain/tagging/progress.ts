import type { TagCase } from '../table/tag-case.ts'
import type { TagNotice } from '../table/tag-notice.ts'
import { cut } from '../text.ts'
import { hintsOn } from './hints.ts'
import { ANSWER_MS, REFUSED_TIMES } from './ladder.ts'
import type { Looked } from './look.ts'
import { isPassing, sayProblem, saysPassing } from './policy.ts'

const LEFT_CHARACTERS = 200
/** Resources that one message names. */
const NAMED = 10

type Left = Pick<Looked, 'left' | 'writes' | 'kept'>

/** Whether what is left goes further than a message: never while AWS refuses what is to be written. */
export const goesFurther = (one: Left): boolean =>
  !isRefused(one) && !takesNoMark(one.kept) && !one.left.every(isPassing)

/**
 * The same of what is kept, by the last sweep: whether it goes no further because AWS refuses what is
 * to be written, or the mark.
 */
export const staysTold = (kept: TagCase): boolean =>
  kept.refused !== undefined || takesNoMark(kept) || kept.left.every(saysPassing)

/** Whether AWS has refused our mark so often that it is not asked again. */
const takesNoMark = (kept: TagCase | undefined): boolean =>
  (kept?.markRefused?.times ?? 0) >= REFUSED_TIMES

const isRefused = ({ left, writes, kept }: Left): boolean =>
  kept?.refused !== undefined &&
  (Object.keys(writes).length > 0 || left.some(({ what }) => what === 'refused'))

/**
 * A case as it is now that something of it is left. What was over begins anew: nothing that was told
 * then counts.
 */
export function opened(kept: TagCase, at: Looked, now: Date): TagCase {
  const { resource, left, owner } = at
  const { ended, tell, mark, stop, due, stays: _, stopped, answeredUntil, since, ...others } = kept
  const { refused, markRefused, ...rest } = others
  const isNew = ended !== undefined || since === undefined
  const steps = isNew
    ? { since: now.toISOString() }
    : {
        since,
        ...(tell && { tell }),
        ...(mark && { mark }),
        ...(stop && { stop }),
        ...(due !== undefined && { due }),
        ...(stopped !== undefined && { stopped }),
        ...(answeredUntil !== undefined && { answeredUntil }),
        ...(markRefused !== undefined && { markRefused }),
      }
  const said = left.map((one) => cut(sayProblem(one), LEFT_CHARACTERS))
  const one = {
    // What AWS has refused is no matter any more once nothing is to be written.
    ...(isRefused({ ...at, kept }) && { refused }),
    ...{ ...rest, ...steps, arn: resource.arn, name: resource.name, owner, left: said },
    ...(resource.cannotStop !== undefined && { stays: resource.cannotStop }),
  }
  return afterStop(one, resource.runs, now)
}

/**
 * What became of a stop: it stopped; it still runs; or it had stopped and somebody has started it,
 * which is an answer for seven days, after which it is marked anew.
 */
function afterStop(one: TagCase, runs: boolean, now: Date): TagCase {
  if (one.stop === undefined) return one
  if (!runs) return { ...one, stopped: true }
  if (one.stopped !== true) return { ...one, stopped: false }
  const { stop: _, mark: __, due: ___, stopped: ____, ...rest } = one
  return { ...rest, answeredUntil: new Date(now.getTime() + ANSWER_MS).toISOString() }
}

/** A case that is over. */
export const over = (kept: TagCase, how: 'mended' | 'gone', now: Date): TagCase => ({
  ...kept,
  left: [],
  ended: { at: now.toISOString(), how },
})

type StepName = TagNotice['detail']['step']

/**
 * What a message says now, from all cases that it is about.
 *
 * @param stops whether the ladder goes on to a stop: only then a date is promised.
 */
export function noticeOf(
  step: StepName,
  cases: readonly TagCase[],
  stops: boolean,
): Pick<TagNotice, 'verdict' | 'subject' | 'detail'> {
  const open = cases.filter(({ ended }) => ended === undefined)
  const [first] = cases
  const shown = open.length > 0 ? open : cases
  const dues = open.flatMap(({ due, stays }) => (stays === undefined ? (due ?? []) : []))
  const made = cases.length === 1 ? first?.creator : undefined
  return {
    verdict: verdictOf(step, cases, open),
    subject: cases.length === 1 ? (first?.name ?? '') : `${shown.length} resources`,
    detail: {
      step,
      resources: shown.slice(0, NAMED).map((one) => resourceSaid(one, step === 'mark' && stops)),
      more: Math.max(0, shown.length - NAMED),
      ...(made !== undefined && { by: sayMaker(made), madeAt: made.at }),
      ...(step === 'mark' && stops && dues.length > 0 && { due: dues.toSorted()[0] }),
      choices: [],
    },
  }
}

const sayMaker = ({ name, repository }: NonNullable<TagCase['creator']>): string =>
  repository === undefined ? name : `${name}, a pipeline of ${repository}`

function resourceSaid(one: TagCase, mayStop: boolean): TagNotice['detail']['resources'][number] {
  const { name, left, stays } = one
  const hints = hintsOn(one, takesNoMark(one))
  return {
    ...{ name, left },
    ...(mayStop && stays !== undefined && { stays }),
    ...(hints.length > 0 && { hints }),
  }
}

function verdictOf(
  step: StepName,
  cases: readonly TagCase[],
  open: readonly TagCase[],
): TagNotice['verdict'] {
  if (open.length === 0) {
    return cases.some(({ ended }) => ended?.how === 'mended') ? 'mended' : 'gone'
  }
  if (step === 'tell') return 'missing'
  if (step === 'mark') return 'due'
  return open.some(({ stopped }) => stopped === false) ? 'not-stopped' : 'stopped'
}
