import type { TagCase } from '../table/tag-case.ts'
import type { TagNotice } from '../table/tag-notice.ts'
import { cut } from '../text.ts'
import { ANSWER_MS } from './ladder.ts'
import type { Looked } from './look.ts'
import { isPassing, sayProblem } from './policy.ts'

const LEFT_CHARACTERS = 200
/** Resources that one message names. */
const NAMED = 10

type Left = Pick<Looked, 'left' | 'writes' | 'kept'>

/** Whether what is left goes further than a message: never while AWS refuses what is to be written. */
export const goesFurther = (one: Left): boolean => !isRefused(one) && !one.left.every(isPassing)

const isRefused = ({ left, writes, kept }: Left): boolean =>
  kept?.refused !== undefined &&
  (Object.keys(writes).length > 0 || left.some(({ what }) => what === 'refused'))

/**
 * A case as it is now that something of it is left. What was over begins anew: nothing that was told
 * then counts.
 */
export function opened(kept: TagCase, { resource, left, owner }: Looked, now: Date): TagCase {
  const { ended, tell, mark, stop, due, stays: _, stopped, answeredUntil, since, ...rest } = kept
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
      }
  const said = left.map((one) => cut(sayProblem(one), LEFT_CHARACTERS))
  const one = {
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
  const by = cases.length === 1 ? first?.creator?.name : undefined
  return {
    verdict: verdictOf(step, cases, open),
    subject: cases.length === 1 ? (first?.name ?? '') : `${shown.length} resources`,
    detail: {
      step,
      resources: shown.slice(0, NAMED).map(({ name, left, stays }) => ({
        ...{ name, left },
        ...(step === 'mark' && stops && stays !== undefined && { stays }),
      })),
      more: Math.max(0, shown.length - NAMED),
      ...(by !== undefined && { by }),
      ...(step === 'mark' && stops && dues.length > 0 && { due: dues.toSorted()[0] }),
      choices: [],
    },
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
