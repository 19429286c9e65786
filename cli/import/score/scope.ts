import type { Draft } from '../draft.ts'
import type { Ground } from '../ground.ts'
import type { Report } from '../report.ts'
import type { Tree } from '../tree.ts'

/** One Score file. */
export type Workload = {
  name: string
  tree: Tree
  draft: Draft
  /** The container that is the service's own. */
  main: string
  /** Where the service listens; undefined for a worker. */
  port: number | undefined
  portTree: Tree | undefined
}

export type Scope = {
  workload: Workload
  all: readonly Workload[]
  ground: Ground
  report: Report
}
