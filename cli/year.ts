import { localTime } from '../domain/local-time.ts'
import { sayDollars } from '../domain/sleep/price.ts'
import { say } from './print.ts'
import { UsageError } from './usage.ts'
import { type Kept, playYear, type Year } from './year/play.ts'

type Options = { from: string; days: number; catalog: string; json?: boolean | undefined }

/**
 * Plays a year in which nobody does anything, and prints every edge of a schedule
 * that was missed, the days that are not like others, and what sleep has saved.
 *
 * @returns 0 when every edge was kept and all is as large as it was before.
 */
export async function year({ from, days, catalog, json }: Options, print = say): Promise<number> {
  if (!/^\d{4}-\d\d-\d\d$/.test(from)) {
    throw new UsageError(
      `--from: found ${JSON.stringify(from)}, allowed: a day, such as 2026-01-01`,
    )
  }
  const played = await playYear(catalog, { date: from, days }, (kept) => {
    if (!json) print(line(kept))
  })
  if (json) print(JSON.stringify({ ...played, changes: changesIn(played) }, undefined, 2))
  else for (const one of summary(played)) print(one)
  return isKept(played) ? 0 : 1
}

const line = ({ at, schedule, state, missed }: Kept): string =>
  `${at} ${schedule} ${state}: ${missed.length === 0 ? 'kept' : `missed by ${missed.join(', ')}`}`

/** What differs, each with what it was. */
const changesIn = ({ sizes: { before, after } }: Year): string[] =>
  Object.keys({ ...before, ...after }).flatMap((name) =>
    before[name] === after[name]
      ? []
      : [`${name}: ${before[name] ?? 'not there'} before, ${after[name] ?? 'not there'} now.`],
  )

const isKept = (played: Year): boolean =>
  changesIn(played).length === 0 && played.kept.every(({ missed }) => missed.length === 0)

function summary(played: Year): string[] {
  const { kept, days, sizes, slept, cpuSeconds, timeZone } = played
  const missed = kept.filter((one) => one.missed.length > 0)
  const changes = changesIn(played)
  return [
    `${kept.length} edges, ${missed.length} missed (${timeZone}).`,
    ...days.map(({ date, what }) => `${date}: ${what}; ${edgesOn(played, date)} edges.`),
    ...(changes.length === 0
      ? [`At ${sizes.until} everything is as large as it was before:`]
      : changes),
    Object.entries(sizes.after)
      .map(([name, size]) => `${name} ${size}`)
      .join(', '),
    ...slept.map(
      ({ team, hours, usd }) =>
        `${team}: ${Math.round(hours)} h slept, ${sayDollars(usd)} not paid.`,
    ),
    `${(cpuSeconds / 60).toFixed(1)} minutes of CPU.`,
  ]
}

const edgesOn = ({ kept, timeZone }: Year, date: string): number =>
  kept.filter(({ at }) => localTime(new Date(at), timeZone).date === date).length
