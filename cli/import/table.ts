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
 * @param known the format's keys of the first level below the tree.
 */
export function leaveUnread(
  tree: Tree,
  known: readonly string[],
  format: string,
  report: Report,
): void {
  const depth = tree.place.path.length
  for (const leaf of report.unread(tree)) {
    const key = leaf.place.path[depth] ?? ''
    if (known.includes(key) || known.includes('*')) {
      const because = `${format} does not have it in this form`
      report.leave(leaf, because, 'write it as its documentation says, and import again')
      continue
    }
    const near = nearest(key, known)
    const remedy = near === undefined ? 'remove it, or correct it' : `did you mean ${near}?`
    report.leave(leaf, `it is no key of ${format}`, remedy)
  }
}

/** The keys of the first level that a table has. */
export const keysOf = (rows: readonly { key: string }[]): string[] => [
  ...new Set(rows.map(({ key }) => key.split('.')[0] ?? '')),
]
