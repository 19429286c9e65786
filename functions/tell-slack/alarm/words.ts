import { ran } from '../../../domain/acts/offers.ts'
import { shortDigest } from '../../../domain/image.ts'
import { clock, dateAndTime, localTime } from '../../../domain/local-time.ts'
import type { AlarmRecord } from '../../../domain/table/alarm-record.ts'
import { literal, outside } from '../markup.ts'
import { who } from '../notice.ts'

const REASON_CHARACTERS = 500
const NAME_CHARACTERS = 255
/** What a composite alarm fired for, or a contributor's attributes: enough to know which. */
const NAMED = 10

/** The alarm's name, and which of its contributors. */
function named({ detail: { name, contributor } }: AlarmRecord): string {
  if (contributor === undefined) return `*${outside(name, NAME_CHARACTERS)}*`
  const attributes = Object.entries(contributor.attributes)
    .slice(0, NAMED)
    .map(([key, value]) => `${outside(key, 60)}=${outside(value, 100)}`)
  const which = attributes.length > 0 ? attributes.join(', ') : outside(contributor.id, 60)
  return `*${outside(name, NAME_CHARACTERS)}* (${which})`
}

/** The first line: what the alarm is called and how it stands. */
export function headline(record: AlarmRecord, timeZone: string): string {
  const { verdict, detail, at, endedAt } = record
  const { redSince, reds, noDataSince } = detail
  const time = (instant: string) => clock(instant, timeZone, at)
  if (verdict === 'over')
    return `:large_green_circle: ${named(record)} is over: ${wasRed(record, timeZone)}`
  if (verdict === 'deleted') {
    const when = endedAt === undefined ? '' : ` at ${time(endedAt)}`
    const after = endedAt === undefined ? '' : `, after ${ran({ from: at, to: endedAt })}`
    return `:white_circle: ${named(record)} was deleted${when} while red${after}; whether it is over is not known`
  }
  const again = reds > 1 ? ` for the ${ordinal(reds)} time since ${time(at)}` : ''
  const since = reds > 1 ? `, last at ${time(redSince)}` : ` since ${time(redSince)}`
  if (verdict === 'red') return `:red_circle: ${named(record)} is red${again}${since}`
  const from = noDataSince === undefined ? '' : ` since ${time(noDataSince)}`
  return `:red_circle: ${named(record)} is red, with no data${from}; whether it is over is not known`
}

/** `was red 10:00:10–10:00:50`: seconds, because it may be shorter than a minute. */
function wasRed({ at, endedAt, detail: { reds } }: AlarmRecord, timeZone: string): string {
  if (endedAt === undefined) return `was red at ${clock(at, timeZone, at)}`
  const [from, to] = [at, endedAt].map((instant) => localTime(new Date(instant), timeZone))
  const times = reds > 1 ? `, ${reds} times` : ''
  return from?.date === to?.date
    ? `was red ${from?.time}–${to?.time}${times}`
    : `was red ${dateAndTime(at, timeZone)}–${dateAndTime(endedAt, timeZone)}${times}`
}

/** What it means, why it is red, what may have caused it, and what people have said to it. */
export function sentences(record: AlarmRecord, timeZone: string): string[] {
  const { detail, reason } = record
  const { description, expression, children, ownerUnknown, count } = detail
  return [
    description !== '' && `*What:* ${outside(description, REASON_CHARACTERS)}`,
    reason !== '' && `*Why:* ${outside(reason, REASON_CHARACTERS)}`,
    count !== undefined && `*Counts now:* ${count}`,
    values(record),
    detail.type === 'anomaly' && 'It left the band in which CloudWatch expects it.',
    expression !== undefined && `*Rule:* \`${outside(expression, REASON_CHARACTERS)}\``,
    children.length > 0 && `*It is red for:* ${listed(children)}`,
    detail.partOf !== undefined &&
      `*Part of:* ${outside(detail.partOf.name, NAME_CHARACTERS)}, red since ${clock(detail.partOf.since, timeZone, record.at)}`,
    ...asleep(record, timeZone),
    suspected(record, timeZone),
    ...said(record, timeZone),
    ownerUnknown !== undefined && `*Owner not known:* ${outside(ownerUnknown, REASON_CHARACTERS)}`,
  ].filter((sentence): sentence is string => typeof sentence === 'string')
}

/** `HTTPCode_Target_5XX_Count, Sum of 60 s: 5, 7, 12; red from 5` */
function values({ detail }: AlarmRecord): string | undefined {
  const { metric, datapoints, threshold } = detail
  if (metric === undefined && datapoints.length === 0) return undefined
  const what =
    metric === undefined
      ? 'its values'
      : `${outside(metric.name, NAME_CHARACTERS)}, ${outside(metric.statistic, 40)} of ${metric.period} s`
  const seen =
    datapoints.length === 0 ? 'no values' : datapoints.slice(-NAMED).map(short).join(', ')
  return `*Metric:* ${what}: ${seen}${threshold === undefined ? '' : `; threshold ${short(threshold)}`}`
}

const short = (value: number): string => String(Number(value.toPrecision(4)))

const listed = (names: readonly string[]): string => {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return `${names
    .slice(0, NAMED)
    .map((name) => outside(name, NAME_CHARACTERS))
    .join(', ')}${more}`
}

/** The deployment that may have caused it. */
function suspected({ detail, at }: AlarmRecord, timeZone: string): string | undefined {
  const { suspect, breachingSince, service } = detail
  if (suspect === undefined) return undefined
  const image = `${literal(service ?? '')} \`${shortDigest(suspect.digest)}\` (${outside(suspect.tag, 100)})`
  const since = breachingSince ?? at
  const begun = `breaching since ${clock(since, timeZone, at)}`
  const after = Date.parse(since) - Date.parse(suspect.at)
  const when = after < 0 ? 'while' : `${ran({ from: suspect.at, to: since })} after`
  const back = suspect.goBack
  const good =
    back === undefined
      ? ''
      : `; \`${shortDigest(back.digest)}\` ran ${ran(back)} before without being undone`
  return `*Deployment:* ${begun}, ${when} ${image} was deployed${good}`
}

/** What its service needs, and what sleeps. */
const asleep = ({ detail: { asleep = [] }, at }: AlarmRecord, timeZone: string): string[] =>
  asleep
    .slice(0, NAMED)
    .map(
      ({ service, since }) =>
        `*Asleep:* ${outside(service, NAME_CHARACTERS)}, which it needs, sleeps since ${clock(since, timeZone, at)}`,
    )

/** What people have said to it. */
function said({ detail: { acknowledged, muted }, at }: AlarmRecord, timeZone: string): string[] {
  return [
    ...(acknowledged === undefined
      ? []
      : [
          `:eyes: Acknowledged by ${who(acknowledged.by)} at ${clock(acknowledged.at, timeZone, at)}`,
        ]),
    ...(muted === undefined
      ? []
      : [`:mute: Muted by ${who(muted.by)} until ${clock(muted.until, timeZone, at)} ${timeZone}`]),
  ]
}

/** `2nd`, `5th` */
export function ordinal(count: number): string {
  const [tens, ones] = [count % 100, count % 10]
  const ending = tens > 10 && tens < 14 ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[ones] ?? 'th')
  return `${count}${ending}`
}
