import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { AwsError } from '../../errors.ts'
import type { Alarm } from '../alarm.ts'

/** One line of a picture: the query whose values it shows, with those it refers to. */
export type Line = { queries: readonly MetricDataQuery[]; id: string }

/** What is to be drawn; times in milliseconds. */
export type Widget = {
  width: number
  height: number
  start: number
  end: number
  dark: boolean
  lines: readonly Line[]
  thresholds: readonly number[]
  events: readonly number[]
}

type Json = Record<string, unknown>

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html */
const MEMBERS = [
  'annotations',
  'end',
  'height',
  'legend',
  'liveData',
  'metrics',
  'period',
  'region',
  'stacked',
  'start',
  'stat',
  'theme',
  'timezone',
  'title',
  'view',
  'width',
  'yAxis',
]

/** @throws AwsError ValidationError */
export function readWidget(
  text: string,
  now: number,
  find: (alarm: string) => Alarm | undefined,
): Widget {
  const widget = jsonOf(text)
  const unknown = Object.keys(widget).find((member) => !MEMBERS.includes(member))
  if (unknown !== undefined) throw invalid(`should NOT have additional properties: ${unknown}`)
  const { annotations = {}, theme } = widget
  const { horizontal = [], vertical = [], alarms = [] } = annotations as Record<string, unknown[]>
  const watched = alarms.map((arn) => alarmOf(String(arn), find))
  const metrics = (widget.metrics ?? []) as unknown[][]
  const lines = [
    ...linesOf(metrics, widget),
    ...watched.map(({ queries, watched: id }) => ({ queries, id })),
  ]
  if (lines.length === 0) throw invalid('should have metrics or annotations.alarms')
  return {
    width: sizeOf(widget.width, 600),
    height: sizeOf(widget.height, 400),
    start: instantOf(widget.start ?? '-PT3H', now),
    end: instantOf(widget.end ?? '-PT0H', now),
    dark: theme === 'dark',
    lines,
    thresholds: [
      ...(horizontal as Json[]).map(({ value }) => Number(value)),
      ...watched.flatMap(({ threshold: { value } }) => value ?? []),
    ],
    events: (vertical as Json[]).map(({ value }) => instantOf(value, now)),
  }
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw invalid('is not JSON')
  }
}

function alarmOf(arn: string, find: (alarm: string) => Alarm | undefined) {
  const alarm = find(arn.split(':alarm:').at(-1) ?? '')
  if (alarm?.kind === 'metric') return alarm
  throw invalid(`there is no metric alarm ${arn}`)
}

/** `["Shop", "Errors", "Service", "orders", { "stat": "Sum", "id": "m1" }]`, or an expression. */
function linesOf(metrics: readonly unknown[][], widget: Json): Line[] {
  const read = metrics.map((row, index) => {
    const last = row.at(-1)
    const options = (typeof last === 'object' ? last : {}) as Json
    const [Namespace, MetricName, ...dimensions] = row.filter((one) => typeof one === 'string')
    const Id = String(options.id ?? `line${index}`)
    const Period = Number(options.period ?? widget.period ?? 300)
    const query: MetricDataQuery =
      options.expression === undefined
        ? {
            Id,
            MetricStat: {
              Metric: { Namespace, MetricName, Dimensions: pairs(dimensions) },
              Period,
              Stat: String(options.stat ?? widget.stat ?? 'Average'),
            },
          }
        : { Id, Expression: String(options.expression), Period }
    return { query, visible: options.visible !== false }
  })
  const queries = read.map(({ query }) => query)
  return read.filter(({ visible }) => visible).map(({ query }) => ({ queries, id: query.Id ?? '' }))
}

function pairs(texts: readonly string[]) {
  return texts.flatMap((Name, index) =>
    index % 2 === 0 ? [{ Name, Value: texts[index + 1] ?? '' }] : [],
  )
}

function sizeOf(given: unknown, usual: number): number {
  const size = Number(given ?? usual)
  if (Number.isInteger(size) && size >= 1 && size <= 2000) return size
  throw invalid(`${String(given)} should be from 1 to 2000`)
}

const UNITS: Readonly<Record<string, number>> = {
  W: 604_800_000,
  D: 86_400_000,
  H: 3_600_000,
  M: 60_000,
}

/** An ISO date, or a time before now: `-PT3H`, `-P1D`. */
function instantOf(given: unknown, now: number): number {
  const [, count, unit = ''] = /^-PT?(\d+)([WDHM])$/.exec(String(given)) ?? []
  const at =
    count === undefined ? Date.parse(String(given)) : now - Number(count) * (UNITS[unit] ?? 0)
  if (!Number.isNaN(at)) return at
  throw invalid(`${String(given)} is no time`)
}

const invalid = (what: string): AwsError =>
  new AwsError('ValidationError', `Invalid metric widget JSON: ${what}`)
