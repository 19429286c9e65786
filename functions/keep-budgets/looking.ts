import type { Logger } from '@aws-lambda-powertools/logger'
import type { CostExplorerClient } from '@aws-sdk/client-cost-explorer'
import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { Sleeping } from '../shared/sleep/listed.ts'
import type { Table } from '../shared/table/table.ts'

/** A budget of the catalog's. */
export type Budget = CompiledCatalog['budgets'][number]

/** What it takes to look at one. */
export type Looking = {
  table: Table
  catalog: CompiledCatalog
  log: Logger
  now: Date
  costs: CostExplorerClient
  /** Everything that can sleep; read at the first call. */
  sleeping(): Promise<Sleeping>
  /** Lets the machine look at what is to sleep and to wake. */
  moveSleepers(why: string): Promise<void>
}
