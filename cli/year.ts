import { localTime } from '../domain/local-time.ts'
import { sayDollars } from '../domain/sleep/price.ts'
import { say } from './print.ts'
import { parseWords, UsageError, wholeNumber } from './usage.ts'
import { type Kept, playYear, type Year } from './year/play.ts'

const USAGE = 'npm run year -- [--from 2026-01-01] [--days 365] [--catalog <directory>]'

/**
 * `npm run year`: plays a year in which nobody does anything, and prints every edge of a schedule
 * that was missed, the days that are not like others, and what sleep has saved.
 *
 * @returns 0 when every edge was kept and all is as large as it was before.
 */
export async function year(words: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const options = {
    from: { ...text, default: '2026-01-01' },
    days: { ...text, default: '365' },
    catalog: { ...text, default: 'catalog' },
  }
  const { values } = parseWords(words, options, USAGE)
  const date = String(values.from)
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) {
    throw new UsageError(
      `--from: found ${JSON.stringify(date)}, allowed: 2026-01-01\nUse: ${USAGE}`,
    )
  }
  const days = wholeNumber('days', values.days, 3_660)
  const played = await playYear(String(values.catalog), { date, days }, (kept) => say(line(kept)))
  for (const one of summary(played)) say(one)
  return isKept(played) ? 0 : 1
}

const line = ({ at, schedule, state, missed }: Kept): string =>
  `${at} ${schedule} ${state}: ${missed.length === 0 ? 'kept' : `missed by ${missed.join(', ')}`}`

const isSame = ({ sizes: { before, after } }: Year): boolean =>
  JSON.stringify(before) === JSON.stringify(after)

const isKept = (played: Year): boolean =>
  isSame(played) && played.kept.every(({ missed }) => missed.length === 0)

function summary(played: Year): string[] {
  const { kept, days, sizes, slept, cpuSeconds, timeZone } = played
  const missed = kept.filter((one) => one.missed.length > 0)
  return [
    `${kept.length} edges, ${missed.length} missed (${timeZone}).`,
    ...days.map(({ date, what }) => `${date}: ${what}; ${edgesOn(played, date)} edges.`),
    isSame(played)
      ? 'Everything is as large as it was before.'
      : `Before: ${JSON.stringify(sizes.before)}, after: ${JSON.stringify(sizes.after)}.`,
    ...slept.map(
      ({ team, hours, usd }) =>
        `${team}: ${Math.round(hours)} h slept, ${sayDollars(usd)} not paid.`,
    ),
    `${(cpuSeconds / 60).toFixed(1)} minutes of CPU.`,
  ]
}

const edgesOn = ({ kept, timeZone }: Year, date: string): number =>
  kept.filter(({ at }) => localTime(new Date(at), timeZone).date === date).length
