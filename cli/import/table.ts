import { nearest } from '../../catalog/near.ts'
import type { Report } from './report.ts'
import { childOf, entriesOf, itemsOf, type Tree } from './tree.ts'

/**
 * What becomes of a key of a format: it is read and written to fields of the catalog, it holds here
 * without being said, or it is left out with what to do instead. In a key `*` is any name or item.
 */
export type Row<Scope> =
  | { key: string; to: string; read: (tree: Tree, scope: Scope) => void }
  | { key: string; holds: string }
  | LeftRow

/** A key that is left out, with why and what to do. */
export type LeftRow = { key: string; because: string; remedy: string }

/** Keys that are left out for one reason. */
export const left = (because: string, remedy: string, ...keys: string[]): LeftRow[] =>
  keys.map((key) => ({ key, because, remedy }))

/** Goes through the keys of a tree in the order of a table. */
export function readRows<Scope>(
  rows: readonly Row<Scope>[],
  tree: Tree,
  scope: Scope,
  report: Report,
): void {
  for (const row of rows) {
    for (const found of treesAt(tree, row.key.split('.'))) {
      if ('read' in row) row.read(found, scope)
      else if ('holds' in row) report.to(found, row.holds)
      else report.leave(found, row.because, row.remedy)
    }
  }
}

/** The parts of a tree below a path. */
export function treesAt(tree: Tree, path: readonly string[]): Tree[] {
  const [key, ...rest] = path
  if (key === undefined) return [tree]
  const inner =
    key === '*'
      ? [
          ...entriesOf(tree).map(([, one]) => one),
          ...(Array.isArray(tree.content) ? itemsOf(tree) : []),
        ]
      : [childOf(tree, key)]
  return inner.flatMap((one) => (one === undefined ? [] : treesAt(one, rest)))
}

/**
 * Names what no row has read: a key that the format does not have, or a value in a form that it
 * does not have.
 *
 * @param keys the format's keys below the tree, with `*` for any name.
 */
export function leaveUnread(
  tree: Tree,
  keys: readonly string[],
  format: string,
  report: Report,
): void {
  const depth = tree.place.path.length
  const patterns = keys.map((key) => key.split('.'))
  for (const leaf of report.unread(tree)) {
    const path = leaf.place.path.slice(depth)
    const unknown = path.findIndex((_, index) => !isKnown(path.slice(0, index + 1), patterns))
    if (unknown < 0) {
      if (isEmpty(leaf)) report.to(leaf, 'nothing stands there')
      else {
        const because = `${format} does not have it in this form`
        report.leave(leaf, because, 'write it as its documentation says, and import again')
      }
      continue
    }
    const beside = patterns
      .filter((one) => isKnown(path.slice(0, unknown), [one]))
      .flatMap((one) => one[unknown] ?? [])
    const near = nearest(path[unknown] ?? '', [...new Set(beside)])
    const remedy = near === undefined ? 'remove it, or correct it' : `did you mean ${near}?`
    report.leave(leaf, `${path[unknown]} is no key of ${format}`, remedy)
  }
}

const isEmpty = ({ content }: Tree): boolean =>
  content === null ||
  content === '' ||
  (typeof content === 'object' && Object.keys(content).length === 0)

/** Whether a path leads to what some pattern names, or below it. */
const isKnown = (path: readonly string[], patterns: readonly (readonly string[])[]): boolean =>
  patterns.some((pattern) =>
    path.every((key, index) => {
      const part = pattern[index]
      return part === undefined || part === '*' || part === key
    }),
  )

/** All keys of a table. */
export const keysOf = (rows: readonly { key: string }[]): string[] => rows.map(({ key }) => key)
