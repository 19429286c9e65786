import type { Draft } from './draft.ts'
import { type Tree, textOf } from './tree.ts'
import { secondsOf, within } from './words.ts'

/** Bounds of `health` in the catalog, in seconds or times. */
const BOUNDS = {
  start: [0, 300],
  grace: [0, 3600],
  interval: [5, 300],
  timeout: [2, 60],
  healthy: [2, 10],
  unhealthy: [2, 10],
} as const

type Bounded = keyof typeof BOUNDS

/** Writes a number of `health`; one that AWS or the catalog does not take is cut, and that is told. */
export function giveHealth(draft: Draft, field: Bounded, tree: Tree): void {
  const { report } = draft
  const value = secondsOf(textOf(tree))
  if (value === undefined) return
  const [least, most] = BOUNDS[field]
  const cut = within(value, least, most)
  draft.putIn('health', field, cut, tree)
  if (cut === value) return
  const because = `${field} of health is ${least} to ${most}; ${cut} is written`
  report.leave(tree, because, 'nothing, if that suits the service')
}

/** A check that has no time to answer before the next begins is refused: its answer comes first. */
export function settleHealth(draft: Draft, tree: Tree | undefined): void {
  const { health } = draft.is
  if (health === undefined) return
  const { interval = 10, timeout } = health
  if (timeout === undefined || timeout < interval) return
  const shorter = interval - 1
  draft.is.health = { ...health, timeout: shorter }
  const because = `an answer may take less than the interval, ${interval} seconds; ${shorter} is written`
  draft.report.leave(tree, because, 'nothing, unless the check needs longer')
}

/** A word as a shell reads it back. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** Words as one line of a shell. */
export const lineOf = (words: readonly string[]): string => words.map(quoted).join(' ')

/** The path that a check asks of its own container: `curl -f http://localhost:8000/health`. */
export function pathAsked(command: string): string | undefined {
  const [, path] =
    /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d+)?(\/[^\s"'|)&;]*)/.exec(
      command,
    ) ?? []
  return path
}
