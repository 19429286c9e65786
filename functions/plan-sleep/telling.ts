import type { Logger } from '@aws-lambda-powertools/logger'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { Decided, Rules } from '../../domain/sleep/decide.ts'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import type { Gathered } from '../shared/sleep/gather.ts'
import type { Table } from '../shared/table/table.ts'
import type { Judged } from './idle.ts'

/** What a look has seen and decided, for what people are told of it. */
export type Telling = {
  table: Table
  catalog: CompiledCatalog
  read: Gathered
  rules: Rules
  decided: Decided
  /** What was written of the resources in this look. */
  sleepers: ReadonlyMap<string, Sleeper>
  /** What was found out about use. */
  judged: Judged
  log: Logger
  now: Date
}
