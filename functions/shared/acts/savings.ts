import type { InputOf } from '../../../domain/acts/inputs.ts'
import {
  AT_LIST_PRICE,
  sayHours,
  sayStays,
  sayTeam,
  sayUsd,
  staysFor,
} from '../../../domain/ledger/say.ts'
import { sumsOf, type TeamSlept } from '../../../domain/ledger/sums.ts'
import { type Week, weekBefore, weekOf } from '../../../domain/ledger/week.ts'
import type { LedgerEntry } from '../../../domain/table/ledger-entry.ts'
import { sleepsSince } from '../ledger.ts'
import { readKept } from '../sleep/kept.ts'
import type { Acting } from './acting.ts'
import { mistaken, read, type Said } from './outcome.ts'
import { unknownTeam } from './services.ts'

/** Resources that are named in an answer. */
const NAMED = 40

/** `savings [team]`: hours slept and money not spent, last week and this one, and what is paid all the same. */
export async function savings(acting: Acting, { team }: InputOf<'savings'>): Promise<Said> {
  const { catalog, table, now, log } = acting
  const unknown = unknownTeam(acting, team)
  if (unknown !== undefined) return mistaken(unknown)
  const weeks = [weekBefore(now, catalog.timeZone), weekOf(now, catalog.timeZone)] as const
  const kept = await readKept(table, (what, error) =>
    log.error('what is kept of it cannot be read', { resource: what, error }),
  )
  const entries = await sleepsSince(table, kept.sleepers, weeks[0].from, now)
  const own = entries.filter(({ owner }) => team === undefined || owner === team)
  return read(
    [
      ...weekLines(acting, weeks[0], own, 'Last week'),
      ...weekLines(acting, weeks[1], own, 'This week so far'),
      AT_LIST_PRICE,
    ].join('\n'),
    { weeks: weeks.map((week) => weekData(acting, week, own)) },
  )
}

/** Sums of a week, of which the last one is not over. */
function weekData({ now }: Acting, { monday, from, until }: Week, entries: readonly LedgerEntry[]) {
  const end = until < now ? until : now
  return {
    monday,
    from: from.toISOString(),
    until: end.toISOString(),
    teams: sumsOf(entries, from, end),
  }
}

function weekLines(
  { catalog, now }: Acting,
  { monday, from, until }: Week,
  entries: readonly LedgerEntry[],
  title: string,
): string[] {
  const end = until < now ? until : now
  const sums = sumsOf(entries, from, end)
  const hours = (end.getTime() - from.getTime()) / 3_600_000
  return [
    `${title}, from Monday ${monday}:`,
    ...(sums.length === 0 ? ['Nothing slept.'] : sums.flatMap(teamLines)),
    `Paid all the same: ${sayStays(staysFor(catalog.stays, sums, hours))}.`,
  ]
}

function teamLines(slept: TeamSlept): string[] {
  const { resources } = slept
  const more = resources.length > NAMED ? [`  … and ${resources.length - NAMED} more`] : []
  return [
    sayTeam(slept),
    ...resources.slice(0, NAMED).map(({ name, hours, usd }) => {
      const money = usd === undefined ? 'its price is not known' : sayUsd(usd)
      return `• ${name}: ${sayHours(hours)}, ${money}`
    }),
    ...more,
  ]
}
