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
 * The test files that run what stands there, the cheapest first. What a module does when it is
 * loaded is run by each test that runs a function of it, or of one of its `users`.
 */
export function testsOf(
  all: readonly Ran[],
  { path, start, end }: { path: string; start: number; end: number },
  users: readonly string[],
): Ran[] {
  const known = all.flatMap(({ ranges }) => ranges[path] ?? [])
  const inFunction = known.some(([from, to]) => from <= start && end <= to)
  const runs = ({ ranges }: Ran) =>
    inFunction
      ? runsAt(ranges[path] ?? [], start, end)
      : [path, ...users].some((one) => (ranges[one] ?? []).some(([, , ran]) => ran === 1))
  return all.filter(runs).toSorted((one, other) => one.milliseconds - other.milliseconds)
}

/** The innermost function or block around it has run, or one that begins in it. */
function runsAt(ranges: readonly Range[], start: number, end: number): boolean {
  const around = ranges
    .filter(([from, to]) => from <= start && end <= to)
    .toSorted(([from, to], [otherFrom, otherTo]) => to - from - (otherTo - otherFrom))
  return around[0]?.[2] === 1
}
