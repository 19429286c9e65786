import { readFileSync } from 'node:fs'

/** What mutants are drawn from. */
export const SOURCES = 'local/aws/'
/** Lines of JSON, one for each test file: what of the sources it ran. */
export const RAN_FILE = process.env.CARETAKER_RAN ?? '.cache/what-ran.jsonl'

type Range = readonly [from: number, to: number, ran: 0 | 1]

/** What one test file ran: by source file its ranges, of which the innermost decides. */
export type Ran = {
  test: string
  /** CPU. */
  milliseconds: number
  ranges: Record<string, readonly Range[]>
}

/** What each test file ran last. @throws Error when nothing has been noted. */
export function ranIn(file: string): Ran[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  const all = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Ran)
  return [...new Map(all.map((ran) => [ran.test, ran])).values()]
}

/**
 * The test files that run what stands there, those first that cost least for what they run of the
 * file. What a module does when it is loaded is run by each test that runs a function of it, or of
 * one of its `users`.
 */
export function testsOf(
  all: readonly Ran[],
  { path, at }: { path: string; at: number },
  users: readonly string[],
): Ran[] {
  const isAround = ([from, to]: Range) => from <= at && at < to
  const inFunction = all.some(({ ranges }) => (ranges[path] ?? []).some(isAround))
  const runs = ({ ranges }: Ran) =>
    inFunction
      ? innermost((ranges[path] ?? []).filter(isAround))?.[2] === 1
      : [path, ...users].some((one) => (ranges[one] ?? []).some(([, , ran]) => ran === 1))
  const near = inFunction ? [path] : [path, ...users]
  return all.filter(runs).toSorted((one, other) => costOf(one, near) - costOf(other, near))
}

/** For each range that it runs of these: what runs many of them finds much. */
const costOf = ({ milliseconds, ranges }: Ran, paths: readonly string[]): number =>
  milliseconds /
  paths.flatMap((path) => (ranges[path] ?? []).filter(([, , ran]) => ran === 1)).length

const innermost = (around: readonly Range[]): Range | undefined =>
  around.toSorted(([from, to], [otherFrom, otherTo]) => to - from - (otherTo - otherFrom))[0]
