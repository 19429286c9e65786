import type { Draft } from './draft.ts'
import type { Report } from './report.ts'

/** What an input becomes: files of one catalog, and what became of each of its keys. */
export type Imported = {
  services: readonly Draft[]
  /** What the input says of the environment: fields of environment.yaml. */
  environment: Readonly<Record<string, unknown>>
  report: Report
  /** The environment of the input it is for, where there are several. */
  name?: string
}
