import { cut } from '../text.ts'

/** What an alarm's `reasonData` says, as far as it can be read. */
export type Judged = {
  threshold?: number
  /** The last values, oldest first. */
  datapoints: number[]
  /** When the first datapoint that breaches began: ISO 8601. */
  breachingSince?: string
  /** Names of the alarms that a composite alarm fired for. */
  children: string[]
}

/** Values that a record keeps. */
const DATAPOINTS = 30
/** Names of children that a record keeps, and characters of each. */
const CHILDREN = 20
const NAME_CHARACTERS = 255

type Point = { timestamp?: unknown; value?: unknown }
type Data = {
  threshold?: unknown
  recentDatapoints?: unknown
  recentLowerThresholds?: unknown
  recentUpperThresholds?: unknown
  evaluatedDatapoints?: unknown
  startDate?: unknown
  triggeringAlarms?: unknown
}

/**
 * Reads `state.reasonData`. Its members differ from kind to kind of alarm, and any may be absent;
 * the comparison stands only in the reason's text.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function judged(reasonData: string | undefined, reason: string): Judged {
  const data = parsed(reasonData)
  const threshold = number(data.threshold)
  const datapoints = list(data.recentDatapoints).flatMap((one) => number(one) ?? [])
  const triggering = list(data.triggeringAlarms) as { arn?: unknown; state?: { value?: unknown } }[]
  const since = firstBreach(data, threshold, reason)
  return {
    ...(threshold !== undefined && { threshold }),
    datapoints: datapoints.slice(-DATAPOINTS),
    ...(since !== undefined && { breachingSince: since }),
    children: triggering
      .filter(({ state }) => state?.value === undefined || state.value === 'ALARM')
      .slice(0, CHILDREN)
      .map(({ arn }) => cut(String(arn).split(':alarm:')[1] ?? String(arn), NAME_CHARACTERS)),
  }
}

function parsed(text: string | undefined): Data {
  try {
    const data: unknown = JSON.parse(text ?? '{}')
    return typeof data === 'object' && data !== null ? (data as Data) : {}
  } catch {
    return {}
  }
}

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function firstBreach(data: Data, threshold: number | undefined, reason: string) {
  const breaches = breaching(data, threshold, reason)
  const points = list(data.evaluatedDatapoints) as Point[]
  const times = points
    .filter((point, place) => breaches(number(point?.value), place))
    .flatMap(({ timestamp }) => time(timestamp) ?? [])
  const children = list(data.triggeringAlarms) as { state?: Point }[]
  const turned = children.flatMap(({ state }) => time(state?.timestamp) ?? [])
  const [first] = [...times, ...turned].toSorted()
  return first ?? (points.length === 0 ? time(data.startDate) : undefined)
}

function time(value: unknown): string | undefined {
  const at = typeof value === 'string' ? new Date(value) : new Date(Number.NaN)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** `evaluatedDatapoints` has the newest first, the bounds of a band the oldest. */
function breaching(data: Data, threshold: number | undefined, reason: string) {
  const lower = list(data.recentLowerThresholds).toReversed()
  const upper = list(data.recentUpperThresholds).toReversed()
  const isMissingBad = /treated as \[Breaching\]/.test(reason)
  const compare = comparison(reason)
  return (value: number | undefined, place: number): boolean => {
    if (value === undefined) return isMissingBad
    const [least, most] = [number(lower[place]), number(upper[place])]
    if (least !== undefined || most !== undefined) {
      return (least !== undefined && value < least) || (most !== undefined && value > most)
    }
    return threshold === undefined || compare(value, threshold)
  }
}

function comparison(reason: string): (value: number, threshold: number) => boolean {
  if (/less than or equal to/.test(reason)) return (value, threshold) => value <= threshold
  if (/less than/.test(reason)) return (value, threshold) => value < threshold
  if (/greater than or equal to/.test(reason)) return (value, threshold) => value >= threshold
  if (/greater than/.test(reason)) return (value, threshold) => value > threshold
  return () => true
}
