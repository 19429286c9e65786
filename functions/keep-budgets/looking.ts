import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { Table } from '../shared/table/table.ts'

/** A budget of the catalog's. */
export type Budget = CompiledCatalog['budgets'][number]

/** What it takes to look at one. */
export type Looking = { table: Table; catalog: CompiledCatalog; now: Date }
