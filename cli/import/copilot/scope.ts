import type { Draft } from '../draft.ts'
import type { Ground } from '../ground.ts'
import type { Report } from '../report.ts'
import type { Tree } from '../tree.ts'
import type { Folder } from './load.ts'

export type Workload = {
  name: string
  tree: Tree
  draft: Draft
  /** As `type` says, without the words of AWS: `Load Balanced Web Service`. */
  type: string
  port: number | undefined
}

/** What the keys of one manifest are read with. */
export type Scope = {
  workload: Workload
  all: readonly Workload[]
  folder: Folder
  ground: Ground
  report: Report
  /** Reads a file by its path from the folder of the application. */
  read: (path: string) => string | undefined
}

/** Reads a key only where something is so of the workload; else it is left out, with why and what to do. */
export const where =
  (is: (scope: Scope) => boolean, because: string, remedy: (scope: Scope) => string) =>
  (read: (tree: Tree, scope: Scope) => void) =>
  (tree: Tree, scope: Scope): void => {
    if (is(scope)) read(tree, scope)
    else scope.report.leave(tree, because, remedy(scope))
  }
