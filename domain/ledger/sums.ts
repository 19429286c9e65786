import type { LedgerEntry } from '../table/ledger-entry.ts'

/** What one resource has slept, and what was not paid for it meanwhile, in US dollars at list price. */
export type Slept = {
  resource: string
  name: string
  hours: number
  /** Undefined: a price is not known. */
  usd: number | undefined
  /** Paid all the same: its storage. */
  stays: number
}

/** The same of a team. `unpriced`: the names of what has no price that is known. */
export type TeamSlept = {
  team: string
  hours: number
  usd: number
  stays: number
  unpriced: string[]
  /** The dearest first. */
  resources: Slept[]
}

const HOUR_MS = 60 * 60_000

/** Sleeps between two instants, by team; of one that reaches beyond, the part between them. */
export function sumsOf(entries: readonly LedgerEntry[], from: Date, until: Date): TeamSlept[] {
  const within = entries.filter((one) => hoursWithin(one, from, until) > 0)
  return [...Map.groupBy(within, ({ owner }) => owner)]
    .map(([team, own]) => teamOf(team, own, from, until))
    .toSorted((a, b) => b.usd - a.usd || a.team.localeCompare(b.team))
}

function teamOf(team: string, entries: readonly LedgerEntry[], from: Date, until: Date): TeamSlept {
  const resources = [...Map.groupBy(entries, ({ resource }) => resource)]
    .map(([resource, own]) => resourceOf(resource, own, from, until))
    .toSorted((a, b) => (b.usd ?? 0) - (a.usd ?? 0) || a.name.localeCompare(b.name))
  const sum = (of: (one: Slept) => number) => resources.reduce((total, one) => total + of(one), 0)
  return {
    team,
    hours: sum(({ hours }) => hours),
    usd: sum(({ usd = 0 }) => usd),
    stays: sum(({ stays }) => stays),
    unpriced: resources.flatMap(({ usd, name }) => (usd === undefined ? [name] : [])),
    resources,
  }
}

function resourceOf(
  resource: string,
  entries: readonly LedgerEntry[],
  from: Date,
  until: Date,
): Slept {
  const slept: Slept = { resource, name: '', hours: 0, usd: 0, stays: 0 }
  for (const entry of entries) {
    const hours = hoursWithin(entry, from, until)
    const { hour, stays = 0 } = entry.rate
    slept.name = entry.name
    slept.hours += hours
    slept.usd = hour === undefined || slept.usd === undefined ? undefined : slept.usd + hours * hour
    slept.stays += hours * stays
  }
  return slept
}

function hoursWithin(entry: LedgerEntry, from: Date, until: Date): number {
  const begin = Math.max(Date.parse(entry.from), from.getTime())
  const end = Math.min(Date.parse(entry.until), until.getTime())
  return Math.max(0, end - begin) / HOUR_MS
}
