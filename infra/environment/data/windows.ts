import type { Environment } from '../../../catalog/schema.ts'
import { scheduled } from '../../../domain/schedule/scheduled.ts'
import { ALWAYS_ON, scheduleNamed } from '../../../domain/schedule/written.ts'
import { fittingWindow } from '../../../domain/sleep/windows.ts'

/** In UTC, as RDS reads them: `12:30-13:00`, `wed:13:00-wed:13:30`. */
export type Windows = { backup: string; maintenance?: string }

/** A Sunday. Which week is looked at makes no difference: a window stays for years. */
const SUNDAY = new Date('2026-01-04T00:00:00Z')
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
/** Not at the begin or the end of a week, when most is changed. */
const TRIED = [3, 2, 4, 1, 5, 6, 0]
const HALF_HOUR_MS = 30 * 60_000
const DAY_MS = 24 * 60 * 60_000

/**
 * When RDS backs a database up and maintains it: in the middle of the hours in which it is awake, for
 * neither is done while it is stopped. Undefined for one that never sleeps, or never runs: RDS
 * chooses then.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 *
 * @param names schedules; it is awake while one of them runs.
 */
export function windowsOf(
  { schedules, timeZone }: Pick<Environment, 'schedules' | 'timeZone'>,
  names: readonly string[],
): Windows | undefined {
  if (names.includes(ALWAYS_ON)) return undefined
  const inputs = names.flatMap((name) => {
    const schedule = scheduleNamed(schedules, name)
    if (schedule === undefined || typeof schedule === 'string') return []
    // What a calendar names is the exception.
    const { calendar: _, ...every } = schedule
    return [{ schedule: every, calendars: {}, overrides: [], timeZone }]
  })
  const runsAt = (at: Date) => inputs.some((input) => scheduled(input, at).state === 'running')
  const backup = fittingWindow(runsAt, SUNDAY)
  if (backup === undefined) return undefined
  const maintenance = maintenanceBeside(backup, runsAt)
  return { backup, ...(maintenance !== undefined && { maintenance }) }
}

/**
 * The half hour after the backup, or the one before, on a day on which it is awake then: the two may
 * not overlap.
 */
function maintenanceBeside(backup: string, runsAt: (at: Date) => boolean): string | undefined {
  const [from = 0, to = 0] = backup.split('-').map(millisecondsOf)
  for (const day of TRIED) {
    for (const time of [to, from - HALF_HOUR_MS]) {
      const begin = new Date(SUNDAY.getTime() + day * DAY_MS + time)
      const end = new Date(begin.getTime() + HALF_HOUR_MS)
      if (runsAt(begin) && runsAt(new Date(end.getTime() - 1))) {
        return `${written(begin)}-${written(end)}`
      }
    }
  }
  return undefined
}

/** From midnight, of `12:30`. */
function millisecondsOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}

const written = (at: Date): string => `${DAYS[at.getUTCDay()]}:${at.toISOString().slice(11, 16)}`
