import type { InputOf } from '../../../domain/acts/inputs.ts'
import { nearest } from '../../../domain/acts/typed.ts'
import { isOver } from '../../../domain/alarms.ts'
import { type AlarmRecord, alarmRecord, alarmState } from '../../../domain/table/alarm-record.ts'
import { alarmStateKey, type Key } from '../../../domain/table/keys.ts'
import { cut } from '../../../domain/text.ts'
import { ASKER_CHARACTERS } from '../roll-out/record.ts'
import { getItems } from '../table/get.ts'
import { itemsBetween } from '../table/query.ts'
import type { Put } from '../table/table.ts'
import { transact } from '../table/transact.ts'
import { type Acting, command, sayAt, sayUntil } from './acting.ts'
import { alreadyDone, type Planned, refusal, refused, type Said } from './outcome.ts'
import { isSaid, unlessMember } from './services.ts'

const MUTED_MINUTES = 60

/** The episodes of alarms that are not over, the newest first. */
export async function openAlarms(acting: Acting): Promise<AlarmRecord[]> {
  const { pk } = alarmStateKey('')
  const items = await itemsBetween(acting.table, pk, '!', '~')
  const keys = items.flatMap((item) => {
    const state = alarmState.safeParse(item)
    const isRed = state.success && ['ALARM', 'INSUFFICIENT_DATA'].includes(state.data.value)
    return isRed && state.data.episode !== undefined ? [state.data.episode] : []
  })
  return (await episodes(acting, keys)).filter(({ verdict }) => !isOver(verdict))
}

async function episodes({ table }: Acting, keys: readonly Key[]): Promise<AlarmRecord[]> {
  const items = await getItems(table, keys)
  return items
    .flatMap((item) => {
      const record = alarmRecord.safeParse(item)
      return record.success ? [record.data] : []
    })
    .toSorted((a, b) => b.at.localeCompare(a.at))
}

/** The one episode that is meant, if whoever asks may act on it. */
async function theAlarm(
  acting: Acting,
  { alarm, record }: InputOf<'acknowledge'>,
  verb: 'acknowledge' | 'mute',
): Promise<AlarmRecord | Said> {
  const open = record === undefined ? await openAlarms(acting) : await episodes(acting, [record])
  const wanted = alarm?.toLowerCase() ?? ''
  const fitting = open.filter(
    ({ subject, detail }) =>
      record !== undefined || [subject, detail.name].some((name) => name.toLowerCase() === wanted),
  )
  const [only] = fitting
  if (only === undefined) return refused(`Nothing was done. ${noAlarm(alarm, open)}`)
  const denied =
    unlessMember(acting, only.owner, `${verb} ${only.detail.name}`) ??
    (await alreadyDone(acting, only.detail.serviceId))
  if (denied !== undefined) return denied
  if (isOver(only.verdict)) {
    const since = only.endedAt === undefined ? '' : ` since ${sayAt(acting, only.endedAt)}`
    return refused(`Nothing was done: ${only.detail.name} is ${only.verdict}${since}.`)
  }
  return only
}

function noAlarm(alarm: string | undefined, open: readonly AlarmRecord[]): string {
  const names = [...new Set(open.map(({ detail }) => detail.name))]
  const like = nearest(alarm ?? '', names)
  const meant = like.length === 0 ? '' : ` Did you mean ${like.join(' or ')}?`
  return `No alarm "${alarm ?? ''}" is red.${meant} Red are: ${names.join(', ') || 'none'}.`
}

/** Says that somebody looks at it; for this episode, and no other. */
export async function acknowledge(acting: Acting, input: InputOf<'acknowledge'>): Promise<Planned> {
  const found = await theAlarm(acting, input, 'acknowledge')
  if (isSaid(found)) return found
  const { name, acknowledged } = found.detail
  if (acknowledged !== undefined) {
    const said = `Nothing was done: ${acknowledged.by} acknowledged ${name} at ${sayAt(acting, acknowledged.at)}.`
    return refusal(acting, 'acknowledge', found.detail.serviceId, name, said)
  }
  return change(acting, found, 'acknowledged', {
    value: { by: by(acting), at: acting.at },
    said: `Done: ${name} is acknowledged, for as long as it is red this time.`,
  })
}

/** Says nothing about it until then; what is red at the end is said again. */
export async function mute(acting: Acting, input: InputOf<'mute'>): Promise<Planned> {
  const found = await theAlarm(acting, input, 'mute')
  if (isSaid(found)) return found
  const { name, muted } = found.detail
  const minutes = input.minutes ?? MUTED_MINUTES
  const until = new Date(input.until ?? acting.now.getTime() + minutes * 60_000)
  if (until <= acting.now)
    return refused(`Nothing was done: ${sayAt(acting, input.until ?? '')} is past.`)
  if (muted !== undefined && muted.until >= until.toISOString()) {
    const said = `Nothing was done: ${muted.by} muted ${name} until ${sayAt(acting, muted.until)}.`
    return refusal(acting, 'mute', found.detail.serviceId, name, said)
  }
  return change(acting, found, 'muted', {
    value: { by: by(acting), at: acting.at, until: until.toISOString() },
    until: until.toISOString(),
    said: `Done: nothing is said about ${name} ${sayUntil(acting, until)}. If it is red then, it is said again; ${command(acting, 'status')} shows it all the time.`,
  })
}

const by = ({ who }: Acting): string => cut(who.name, ASKER_CHARACTERS)

function change(
  { table }: Acting,
  { pk, sk, detail }: AlarmRecord,
  attribute: 'acknowledged' | 'muted',
  { value, until, said }: { value: object; until?: string; said: string },
): Planned {
  return {
    outcome: 'done',
    service: detail.serviceId,
    subject: detail.name,
    from: '',
    to: until ?? attribute,
    ...(until === undefined ? {} : { until }),
    reason: '',
    undo: '',
    said,
    commit: async (receipt: Put) => {
      const done = await transact(table, [
        {
          update: {
            key: { pk, sk },
            expression: 'SET detail.#it = :value',
            // Of this episode, and only while it lasts.
            condition: 'verdict = :red OR verdict = :unknown',
            names: { '#it': attribute },
            values: { ':value': value, ':red': 'red', ':unknown': 'no-data' },
          },
        },
        { put: receipt },
      ])
      return done ? undefined : `Nothing was done: ${detail.name} is not red any more.`
    },
  }
}
