import type { Row } from '../table.ts'
import { type Tree, textOf } from '../tree.ts'
import { secondsOf, within } from '../words.ts'
import type { Scope } from './scope.ts'

const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/**
 * When a job runs, as EventBridge says it: Copilot has the five fields of cron, in UTC.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 *
 * @returns undefined for what has no such form: both a day of the month and one of the week.
 */
export function runsOf(schedule: string): string | undefined {
  const every = /^@every (\d+h)?(\d+m)?(\d+s)?$/.exec(schedule)
  if (every !== null) return rateOf(every.slice(1))
  if (/^(rate|cron)\(.*\)$/.test(schedule)) return schedule
  const fields = (NAMED[schedule] ?? schedule).trim().split(/\s+/)
  const [minute, hour, day = '*', month, week = '*'] = fields
  if (fields.length !== 5) return undefined
  const hasDay = !/^[*?]$/.test(day)
  const hasWeek = !/^[*?]$/.test(week)
  if (hasDay && hasWeek) return undefined
  return `cron(${minute} ${hour} ${hasWeek ? '?' : day.replace('?', '*')} ${month} ${hasWeek ? weekOf(week) : '?'} *)`
}

function rateOf([hours = '0h', minutes = '0m', seconds = '0s']: (string | undefined)[]) {
  const all = Number.parseInt(hours, 10) * 60 + Number.parseInt(minutes, 10)
  const sum = all + Math.ceil(Number.parseInt(seconds, 10) / 60)
  if (sum === 0) return undefined
  if (sum % 60 > 0) return `rate(${sum} minute${sum === 1 ? '' : 's'})`
  return `rate(${sum / 60} hour${sum === 60 ? '' : 's'})`
}

/** Days by their names: cron counts from 0 for Sunday, EventBridge from 1. A step stays a step. */
const weekOf = (field: string): string =>
  field
    .split(',')
    .map((part) => {
      const [days = '', step] = part.split('/')
      const named = days.replaceAll(/\d+/g, (day) => DAYS[Number(day) % 7] ?? day)
      return step === undefined ? named : `${named}/${step}`
    })
    .join(',')

function runs(tree: Tree, { workload: { draft, type }, ground, report }: Scope): void {
  const text = textOf(tree) ?? ''
  const found = runsOf(text)
  if (type !== 'Scheduled Job') return
  if (text === 'none' || found === undefined) {
    const because =
      text === 'none'
        ? 'a job of the catalog runs at its times'
        : 'it is no schedule that EventBridge has'
    report.leave(tree, because, `write \`runs\` into ${draft.file}: cron(0 6 ? * MON-FRI *), say`)
    return
  }
  draft.put('runs', found, tree)
  if (ground.timeZone === 'UTC' || text.startsWith('@every')) return
  const because = `it is read in the time zone of the environment, ${ground.timeZone}, not in UTC`
  report.leave(tree, because, `shift the hours of \`runs\` in ${draft.file}`)
}

/** `retries` and `timeout`: what is out of the catalog's bounds is cut, and that is told. */
function limit(field: 'retries' | 'timeout', [least, most]: readonly [number, number]) {
  return (tree: Tree, { workload: { draft, type }, report }: Scope): void => {
    const value = secondsOf(textOf(tree))
    if (type !== 'Scheduled Job') {
      report.leave(tree, `${field} is for jobs`, 'nothing')
      return
    }
    if (value === 0) {
      report.to(tree, 'so it is without a word')
      return
    }
    if (value === undefined) {
      report.leave(tree, 'it is no number or length', `write \`${field}\` into ${draft.file}`)
      return
    }
    const cut = within(value, least, most)
    draft.put(field, cut, tree)
    if (cut === value) return
    const because = `${field} is ${least} to ${most}; ${cut} is written`
    report.leave(tree, because, 'nothing, if that suits the job')
  }
}

export const SCHEDULE_ROWS: readonly Row<Scope>[] = [
  { key: 'on.schedule', to: 'runs; @every is a rate', read: runs },
  { key: 'retries', to: 'retries', read: limit('retries', [1, 10]) },
  { key: 'timeout', to: 'timeout, in seconds', read: limit('timeout', [60, 604_800]) },
]
