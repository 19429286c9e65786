import { isRed } from '../../domain/alarms/decide.ts'
import { channelOf } from '../../domain/compiled-catalog.ts'
import { localTime } from '../../domain/local-time.ts'
import { weekdayOf } from '../../domain/say-time.ts'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import { KEPT_SECONDS } from '../../domain/table/common.ts'
import { stillRedKey } from '../../domain/table/keys.ts'
import { readItem } from '../../domain/table/read.ts'
import type { StillRed } from '../../domain/table/still-red.ts'
import { VERSION } from '../../domain/table/version.ts'
import { epochSeconds, instant } from '../../domain/time.ts'
import type { Sources } from '../shared/alarms/keep.ts'
import type { StateOf } from '../shared/alarms/states.ts'
import { getItems } from '../shared/table/get.ts'
import { putItem } from '../shared/table/put.ts'

type NamingSources = Pick<Sources, 'table' | 'now' | 'catalog'>

/** When a working day begins, in the environment's time zone. */
const DAY_BEGINS = '09:00:00'
/** Names that one line has room for. */
const NAMED = 10

/**
 * Names again, in one line per channel and once each working day, what has been red since an earlier
 * day and nobody has acknowledged. Neither what is held nor what is muted.
 *
 * @returns the channels in which something is said.
 */
export async function nameAgain(
  sources: NamingSources,
  states: readonly StateOf[],
): Promise<string[]> {
  const { table, now, catalog } = sources
  const { date, time } = localTime(now, catalog.timeZone)
  if (['Sat', 'Sun'].includes(weekdayOf(date)) || time < DAY_BEGINS) return []
  const dayOf = (at: string) => localTime(new Date(at), catalog.timeZone).date
  const old = states.filter(({ held, since }) => held === undefined && since && dayOf(since) < date)
  const red = new Set(states.map(({ name }) => name))
  const unanswered = (await unansweredOf(sources, old)).filter(
    // Its composite alarm is named.
    ({ detail: { partOf } }) => partOf === undefined || !red.has(partOf.name),
  )
  const byChannel = Map.groupBy(unanswered, ({ owner }) => channelOf(catalog, owner))
  const channels = [...byChannel.keys()]
  const known = await getItems(
    table,
    channels.map((channel) => stillRedKey(channel, date)),
  )
  const said: string[] = []
  for (const channel of channels.filter((_, place) => known[place] === undefined)) {
    const item = recordOf(channel, byChannel.get(channel) ?? [], { date, now })
    if (await putItem(table, { item, condition: 'attribute_not_exists(pk)' })) said.push(channel)
  }
  return said
}

/** The episodes that nobody has said a word to, the longest red first. */
async function unansweredOf({ table, now }: NamingSources, states: readonly StateOf[]) {
  const keys = states.flatMap(({ episode }) => episode ?? [])
  const items = await getItems(table, keys)
  return items
    .flatMap((item) => (item === undefined ? [] : [readItem('alarm', item)]))
    .filter(({ verdict, detail: { acknowledged, muted } }) => {
      const isMuted = muted !== undefined && Date.parse(muted.until) > now.getTime()
      return isRed(verdict) && acknowledged === undefined && !isMuted
    })
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
}

function recordOf(
  channel: string,
  episodes: readonly AlarmRecord[],
  { date, now }: { date: string; now: Date },
): StillRed {
  const named = episodes.slice(0, NAMED)
  return {
    ...stillRedKey(channel, date),
    version: VERSION,
    kind: 'still-red',
    subject: channel,
    // Its channel is the same for all of them.
    owner: episodes[0]?.owner ?? '',
    at: instant(now),
    reason: '',
    execution: '',
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      date,
      alarms: named.map(({ detail: { name }, at }) => ({ name, since: at })),
      more: episodes.length - named.length,
    },
  }
}
