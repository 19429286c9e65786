import type { Decision, Due } from '../../../domain/alarms/decide.ts'
import { isRed } from '../../../domain/alarms/decide.ts'
import type { Owner } from '../../../domain/alarms/owner.ts'
import type { Suspect } from '../../../domain/alarms/suspect.ts'
import { isOver } from '../../../domain/alarms.ts'
import type { AlarmRecord, AlarmState } from '../../../domain/table/alarm-record.ts'
import { KEPT_SECONDS } from '../../../domain/table/common.ts'
import { alarmStateKey, EPISODE, type Key } from '../../../domain/table/keys.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { cut, REASON_CHARACTERS } from '../../../domain/text.ts'
import { epochSeconds, instant } from '../../../domain/time.ts'
import type { Put, Update } from '../table/table.ts'
import type { Write } from '../table/transact.ts'
import type { Noticed } from './noticed.ts'

type Keep = Extract<Decision, { action: 'keep' }>

/** What a new episode's record says besides what its event does. */
export type About = Owner & {
  suspect?: Suspect | undefined
  muted?: AlarmRecord['detail']['muted']
  asleep?: AlarmRecord['detail']['asleep']
}

/** An alarm that is not red is forgotten after this: no event is later. */
const STATE_KEPT_SECONDS = 2 * 24 * 60 * 60

/** Partition of an alarm's episodes. */
export const episodesOfAlarm = (subject: string): string => `${EPISODE}${subject}`

/** The alarm's state as it is to be kept, if nobody has written it meanwhile. */
export function statePut(
  kept: AlarmState | undefined,
  noticed: Noticed,
  { changes, newest, due }: Keep,
  { about, now }: { about: About | undefined; now: Date },
): Put {
  const { subject, detail } = noticed
  const last = changes.at(-1) ?? noticed.change
  const episode = newest && { pk: episodesOfAlarm(subject), sk: newest.sk }
  const isSame = newest !== undefined && kept?.episode?.sk === newest.sk
  const isTold = due.some(({ sk, episode }) => sk === newest?.sk && episode.held === undefined)
  const wasHeld = kept?.held !== undefined
  const suspect = about?.suspect?.record
  const thread = isSame ? kept.thread : suspect && { pk: suspect.pk, sk: suspect.sk }
  const notifiedAt = isTold && (!isSame || wasHeld) ? now.toISOString() : kept?.notifiedAt
  const service = about?.serviceId ?? kept?.service
  const state: AlarmState = {
    version: VERSION,
    arn: detail.arn,
    name: detail.name,
    ...(detail.contributor && { contributor: detail.contributor.id }),
    ...(service !== undefined && { service }),
    value: last.value,
    at: last.at,
    changes,
    revision: (kept?.revision ?? 0) + 1,
    ...(episode && { episode }),
    ...(newest && { status: newest.status, since: newest.from }),
    ...(thread && { thread }),
    ...(newest?.held && { held: newest.held }),
    ...(newest && isOver(newest.status) && { overAt: newest.since }),
    ...(newest && notifiedAt !== undefined && { notifiedAt }),
    ...(kept?.count !== undefined && { count: kept.count }),
    ...(kept?.missingSince !== undefined && { missingSince: kept.missingSince }),
    ...(!isRed(newest?.status) && { expires: epochSeconds(now) + STATE_KEPT_SECONDS }),
  }
  return {
    item: { ...alarmStateKey(subject), ...state },
    condition: 'attribute_not_exists(pk) OR revision = :revision',
    values: { ':revision': kept?.revision ?? 0 },
  }
}

/** The record of an episode that has none. */
export function episodePut(noticed: Noticed, { sk, episode }: Due, about: About, now: Date): Put {
  const { subject, detail } = noticed
  const { owner, suspect, muted, asleep, severity, service, serviceId, ownerUnknown } = about
  const isAbout = noticed.change.value === 'ALARM'
  const record: AlarmRecord = {
    pk: episodesOfAlarm(subject),
    sk,
    version: VERSION,
    kind: 'alarm',
    subject,
    owner,
    at: instant(episode.from),
    startedAt: instant(episode.from),
    ...endOf(episode),
    verdict: episode.status,
    reason: isAbout ? cut(noticed.reason, REASON_CHARACTERS) : '',
    execution: '',
    ...(suspect && { thread: suspect.record }),
    ...(episode.held && { held: episode.held }),
    expires: epochSeconds(now) + KEPT_SECONDS,
    detail: {
      ...detail,
      severity,
      ...(service !== undefined && { service }),
      ...(serviceId !== undefined && { serviceId }),
      ...(ownerUnknown !== undefined && { ownerUnknown }),
      ...(suspect && { suspect }),
      ...(muted && { muted }),
      ...(asleep && { asleep }),
      ...(detail.breachingSince && { breachingSince: sinceOf(detail.breachingSince, suspect) }),
      ...redness(episode),
    },
  }
  return { item: record, condition: 'attribute_not_exists(pk)' }
}

/** A period that began before the deployment is shown from the deployment on. */
const sinceOf = (since: string, suspect: Suspect | undefined): string =>
  instant(suspect !== undefined && instant(since) < suspect.at ? suspect.at : since)

const endOf = ({ status, since }: Due['episode']) =>
  isOver(status) ? { endedAt: instant(since) } : {}

const redness = ({ reds, redSince, status, since }: Due['episode']) => ({
  reds,
  redSince: instant(redSince),
  ...(status === 'no-data' && { noDataSince: instant(since) }),
})

/**
 * Brings the record of an episode up to date. What its event says is taken where the event is the
 * episode's newest; the acknowledgement and the rest stay.
 */
export function episodeUpdate(noticed: Noticed, { sk, episode }: Due, now: Date): Update {
  const { subject, change, reason, detail } = noticed
  const isNewest = change.at >= episode.since && change.at >= episode.redSince
  const isRedAgain = isNewest && change.value === 'ALARM'
  const isFirst = change.at === episode.from && change.value === 'ALARM'
  const { endedAt } = endOf(episode) as { endedAt?: string }
  const { noDataSince, ...red } = redness(episode)
  const set: [path: string, value: unknown][] = [
    ['verdict', episode.status],
    ['#at', instant(episode.from)],
    ['startedAt', instant(episode.from)],
    ['expires', epochSeconds(now) + KEPT_SECONDS],
    ['detail.reds', red.reds],
    ['detail.redSince', red.redSince],
  ]
  if (isNewest && reason !== '') set.push(['reason', cut(reason, REASON_CHARACTERS)])
  if (isRedAgain) {
    set.push(['detail.datapoints', detail.datapoints], ['detail.children', detail.children])
    if (detail.threshold !== undefined) set.push(['detail.threshold', detail.threshold])
  }
  if (isFirst && detail.breachingSince !== undefined) {
    set.push(['detail.breachingSince', instant(detail.breachingSince)])
  }
  return changed({ pk: episodesOfAlarm(subject), sk }, set, {
    endedAt,
    held: episode.held,
    'detail.noDataSince': noDataSince,
  })
}

/** @param either set where it has a value, removed where it has none. */
function changed(
  key: Key,
  always: readonly [path: string, value: unknown][],
  either: Record<string, unknown>,
): Update {
  const optional = Object.entries(either)
  const set = [...always, ...optional.filter(([, value]) => value !== undefined)]
  const removed = optional.filter(([, value]) => value === undefined).map(([path]) => path)
  const remove = removed.length === 0 ? '' : ` REMOVE ${removed.join(', ')}`
  return {
    key,
    expression: `SET ${set.map(([path], place) => `${path} = :v${place}`).join(', ')}${remove}`,
    condition: 'attribute_exists(pk)',
    values: Object.fromEntries(set.map(([, value], place) => [`:v${place}`, value])),
    names: { '#at': 'at' },
  }
}

/** What was an episode of its own, until a late event has shown that it goes on with another. */
export const surplusEnded = (subject: string, sk: string, now: Date): Write => ({
  update: {
    key: { pk: episodesOfAlarm(subject), sk },
    expression: 'SET verdict = :over, endedAt = :now, reason = :reason',
    condition: 'attribute_exists(pk)',
    values: {
      ':over': 'over',
      ':now': instant(now),
      ':reason': 'it is one with the episode before it',
    },
  },
})

/** The episode on the record of the roll-out in whose thread it is told. */
export const onRollOut = (thread: Key, episode: Key, name: string, due: Due): Write => ({
  update: {
    key: thread,
    expression: 'SET alarms.#episode = :alarm',
    condition: 'attribute_exists(pk)',
    names: { '#episode': `${episode.pk} ${episode.sk}` },
    values: {
      ':alarm': { name, status: due.episode.status, at: instant(due.episode.since) },
    },
  },
})
