import type { CompiledCatalog } from '../../domain/compiled-catalog.ts'
import type { BudgetRecord } from '../../domain/table/budget-record.ts'
import type { BudgetState } from '../../domain/table/budget-state.ts'
import type { Circuit } from '../../domain/table/circuit.ts'
import type { EnvironmentState } from '../../domain/table/environment-state.ts'
import { type Key, messageKey, servicePartition } from '../../domain/table/keys.ts'
import type { ServiceState } from '../../domain/table/service-state.ts'
import type { TagCase, TagState } from '../../domain/table/tag-case.ts'
import type { TagReport } from '../../domain/table/tag-notice.ts'
import type { Kept } from './kept.ts'

/** Where and when Slack has taken the message of a record: ISO 8601. */
export type ToldIn = { channel: string; at: string }

/** What the catalog says about teams, and what Caretaker keeps of their budgets, tags and holds. */
export type TeamsReport = {
  catalog: CompiledCatalog
  environment: EnvironmentState | undefined
  /** What is kept of each service, by `<cluster>/<service>`. */
  services: ReadonlyMap<string, ServiceState>
  budgets: readonly BudgetState[]
  /** Steps of budgets, and what else was said of them, newest first. */
  steps: readonly BudgetRecord[]
  tags: TagState | undefined
  cases: readonly TagCase[]
  /** What is kept of each circuit that was ever open, by `<cluster>/<service>`. */
  circuits: ReadonlyMap<string, Circuit>
  /** Newest first. */
  reports: readonly TagReport[]
  /** Undefined while no message of the record was taken. */
  told(record: Key): ToldIn | undefined
}

/**
 * What is kept of teams, by what the catalog says of them.
 *
 * @param channelOf the name of a channel of Slack's by its id, a message in it, or what it tells of.
 */
export function teamsOf(
  catalog: CompiledCatalog,
  kept: Kept,
  channelOf: (id: string, ts: string, record: Key) => string,
): TeamsReport {
  const places = new Map(kept.every('message').map(({ key, item }) => [nameOf(key), item]))
  const newestFirst = <One extends { at: string }>(all: readonly { item: One }[]) =>
    all.map(({ item }) => item).toSorted((a, b) => b.at.localeCompare(a.at))
  return {
    catalog,
    environment: kept.every('environment')[0]?.item,
    services: byService(kept.every('service')),
    circuits: byService(kept.every('circuit')),
    budgets: kept.every('budget-state').map(({ item }) => item),
    steps: newestFirst(kept.every('budget')),
    tags: kept.every('tag-state')[0]?.item,
    cases: kept.every('tag-case').map(({ item }) => item),
    reports: newestFirst(kept.every('tag-report')),
    told: (record) => {
      const { channel: id = '', ts } = places.get(nameOf(messageKey(record))) ?? {}
      if (ts === undefined) return undefined
      return { channel: channelOf(id, ts, record), at: new Date(Number(ts) * 1000).toISOString() }
    },
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`

const PARTITION = servicePartition('')

const byService = <One>(all: readonly { key: Key; item: One }[]): Map<string, One> =>
  new Map(all.map(({ key: { pk }, item }) => [pk.slice(PARTITION.length), item]))
