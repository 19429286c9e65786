import type { World } from '../world.ts'
import { invalidCombination, invalidValue } from './model.ts'

const MINUTE = 60_000
const DAY_MINUTES = 24 * 60
const WEEK_MINUTES = 7 * DAY_MINUTES

/** The first of January 1970, from which instants count, was a Thursday. */
const DAYS = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed']

/** A time that comes back: minutes from the beginning of its period, in UTC. */
type Window = { start: number; length: number; period: number }

export type Windows = { backup: string; maintenance: string }

const TIME = '([01]\\d|2[0-3]):([0-5]\\d)'
const DAILY = new RegExp(`^${TIME}-${TIME}$`)
const WEEKLY = new RegExp(`^(${DAYS.join('|')}):${TIME}-(${DAYS.join('|')}):${TIME}$`, 'i')

/**
 * `03:00-03:30`, or `sun:03:00-sun:03:30`; at least half an hour.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 *
 * @throws AwsError InvalidParameterValue
 */
export function readWindow(text: string, kind: 'backup' | 'maintenance'): Window {
  const found = (kind === 'backup' ? DAILY : WEEKLY).exec(text)
  if (found === null) throw invalidValue(`Invalid ${kind} window format: ${text}`)
  const parts = found.slice(1)
  const period = kind === 'backup' ? DAY_MINUTES : WEEK_MINUTES
  const half = parts.length / 2
  const start = minutesOf(parts.slice(0, half))
  const length = (minutesOf(parts.slice(half)) - start + period) % period
  if (length < 30) throw invalidValue(`The ${kind} window must be at least 30 minutes.`)
  return { start, length, period }
}

function minutesOf(parts: readonly string[]): number {
  const [minute = 0, hour = 0] = parts.toReversed().slice(0, 2).map(Number)
  const day = parts.length === 3 ? DAYS.indexOf(parts[0]?.toLowerCase() ?? '') : 0
  return day * DAY_MINUTES + hour * 60 + minute
}

/** @throws AwsError InvalidParameterCombination when one is open while the other is. */
export function checkWindows({ backup, maintenance }: Windows): void {
  if (!overlap(backup, maintenance)) return
  throw invalidCombination('The backup window and maintenance window must not overlap.')
}

function overlap(backup: string, maintenance: string): boolean {
  const daily = readWindow(backup, 'backup')
  const weekly = readWindow(maintenance, 'maintenance')
  const from = (at: number, origin: number) => (at - origin + WEEK_MINUTES) % WEEK_MINUTES
  return DAYS.some((_, day) => {
    const start = day * DAY_MINUTES + daily.start
    return from(start, weekly.start) < weekly.length || from(weekly.start, start) < daily.length
  })
}

/** When a window opens next after an instant, in milliseconds. */
export function nextOpening({ start, period }: Window, after: number): number {
  const [first, every] = [start * MINUTE, period * MINUTE]
  return first + (Math.floor((after - first) / every) + 1) * every
}

type Asked = {
  PreferredBackupWindow?: string | undefined
  PreferredMaintenanceWindow?: string | undefined
}

/** The windows of a new database. @throws AwsError for a wrong one, and when the two overlap. */
export function windowsFor(world: World, asked: Asked): Windows {
  const { PreferredBackupWindow: backup, PreferredMaintenanceWindow: maintenance } = asked
  const windows = chosenWindows(world, {
    ...(backup === undefined ? {} : { backup }),
    ...(maintenance === undefined ? {} : { maintenance }),
  })
  checkWindows(windows)
  return windows
}

/**
 * RDS chooses a window that is not asked for: half an hour out of the Region's night, in
 * eu-central-1 20:00 to 04:00 for backups and 21:00 to 05:00 (here from 00:00) for maintenance.
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ManagingAutomatedBackups.html
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
 */
function chosenWindows({ random }: World, asked: Partial<Windows>): Windows {
  const draw = (most: number) => Math.floor(random.between('rds/windows', 0, most))
  const [slot, day = 'sun'] = [draw(14), DAYS[draw(7)]]
  const of = (times: string) =>
    times
      .split('-')
      .map((time) => `${day}:${time}`)
      .join('-')
  const backup = asked.backup ?? halfHour(20 * 60 + slot * 30)
  const maintenance = asked.maintenance ?? of(halfHour(((slot + 5) % 10) * 30))
  if (!overlap(backup, maintenance)) return { backup, maintenance }
  return { backup: '12:00-12:30', maintenance: of('12:00-12:30'), ...asked }
}

function halfHour(start: number): string {
  return [start, start + 30].map((minutes) => clock(minutes % DAY_MINUTES)).join('-')
}

function clock(minutes: number): string {
  const parts = [Math.floor(minutes / 60), minutes % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
