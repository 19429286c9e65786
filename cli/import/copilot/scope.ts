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
