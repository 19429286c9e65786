import type { Browser, Page } from 'playwright-core'

/** How many milliseconds a page has worked from one of its marks (`performance.mark`) to another. */
export type Worked = (from: string, to: string) => number

type TraceEvent = { name: string; ph: string; pid: number; tid: number; ts: number } & {
  dur?: number
  tdur?: number
}

/** Tasks are in the first. */
const CATEGORIES = ['disabled-by-default-devtools.timeline', 'blink.user_timing']

/**
 * What a page works while something happens: the processor's time of its main thread, in scripts,
 * style, layout and paint. A machine on which other things run makes everything last longer, but
 * hardly costs the page more work: this can be asserted where the time by the clock cannot.
 *
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (`tdur`)
 */
export async function workOf(
  browser: Browser,
  page: Page,
  happens: () => Promise<unknown>,
): Promise<Worked> {
  await browser.startTracing(page, { categories: CATEGORIES })
  await happens()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  const mark = (name: string): TraceEvent => {
    const found = traceEvents.findLast((event) => event.name === name)
    if (found === undefined) throw new Error(`The page has made no mark "${name}"`)
    return found
  }
  return (from, to) => {
    const [{ ts: since, pid, tid }, { ts: until }] = [mark(from), mark(to)]
    const tasks = traceEvents.filter(
      (event) =>
        event.name === 'RunTask' && event.ph === 'X' && event.pid === pid && event.tid === tid,
    )
    const within = tasks.filter(({ ts, dur = 0 }) => ts + dur > since && ts <= until)
    if (within.length === 0) throw new Error(`Nothing was done between ${from} and ${to}`)
    return within.reduce((sum, { tdur = Number.NaN }) => sum + tdur, 0) / 1000
  }
}
