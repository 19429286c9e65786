import {
  type CloudWatchClient,
  GetMetricDataCommand,
  GetMetricWidgetImageCommand,
} from '@aws-sdk/client-cloudwatch'
import type { Told } from '../../domain/acts/offers.ts'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import type { Key } from '../../domain/table/keys.ts'
import { cut } from '../../domain/text.ts'
import { updateItem } from '../shared/table/update.ts'
import { Later, Refused, SlackDown } from './ask.ts'
import { chartBlock, POINTS, type Value } from './chart-block.ts'
import { type Context, keyOf, nameOf, saysIn } from './context.ts'
import { upload } from './picture.ts'
import { isPosted, keep, placeOf } from './place.ts'
import { enqueue } from './queue.ts'
import { readRecord } from './records.ts'
import { stands } from './renderers.ts'
import { chartKind, tellFresh, tellRecord } from './tell.ts'

/** A picture is tried for so long: a chart that comes later is about something else. */
const LONGEST_MILLISECONDS = 5 * 60_000
const RETRY_SECONDS = 30

export type ChartTask = {
  key: Key
  kind: 'block' | 'picture'
  since: string
  /** A picture that was uploaded already. */
  file?: string | undefined
}

/**
 * Adds a chart to the message of an alarm that is red: as a block, or as a picture where the workspace
 * takes no chart. Never a second message; without a chart the record says why.
 */
export async function addChart(
  context: Context,
  cloudwatch: CloudWatchClient,
  { key, kind, since, file }: ChartTask,
): Promise<void> {
  const record = await readRecord(context, key)
  const place = await placeOf(context, key)
  if (!isAlarm(record) || !isPosted(place) || !stands(record)) return
  // It was queued before somebody found out what the workspace takes.
  const as = kind === 'block' ? chartKind(context) : kind
  let uploaded = file
  try {
    if (as === 'picture') uploaded ??= await pictured(context, cloudwatch, record)
    const chart =
      uploaded === undefined
        ? await drawn(context, cloudwatch, record)
        : pictureBlock(record, uploaded)
    await keep(context, key, { chart: JSON.stringify(chart) })
    await tellFresh(context, key, (now) => tellRecord(context, now))
    const after = await placeOf(context, key)
    if (as === 'picture' && after?.chart === '')
      throw new NoChart('Slack has not finished with the picture')
  } catch (error) {
    if (error instanceof SlackDown) throw error
    const age = context.now.getTime() - Date.parse(since)
    if (age > LONGEST_MILLISECONDS || error instanceof Refused) {
      await noteMissing(context, record, error as Error)
      return
    }
    // As long again as it has taken so far: five tries within five minutes.
    const growing = Math.max(RETRY_SECONDS, Math.ceil(age / 1000))
    const seconds = error instanceof Later ? error.seconds : growing
    context.log.info('no chart yet', { record: nameOf(key), error })
    const again = {
      ...key,
      chart: as,
      since,
      ...(uploaded === undefined ? {} : { file: uploaded }),
    }
    await enqueue(context, again, seconds)
  }
}

/** There is no chart, and why. */
class NoChart extends Error {
  override readonly name = 'NoChart'
}

const isAlarm = (record: Told | undefined): record is AlarmRecord => record?.kind === 'alarm'

const REASON_CHARACTERS = 200

function noteMissing({ table }: Context, record: AlarmRecord, error: Error): Promise<unknown> {
  return updateItem(table, {
    key: keyOf(record),
    expression: 'SET chart = :chart',
    condition: 'attribute_exists(pk)',
    values: { ':chart': cut(`no chart: ${error.message}`, REASON_CHARACTERS) },
  })
}

async function drawn(
  context: Context,
  cloudwatch: CloudWatchClient,
  record: AlarmRecord,
): Promise<Record<string, unknown>> {
  const values = await valuesOf(context, cloudwatch, record)
  if (values.length === 0) throw new NoChart('the metric has no values')
  return chartBlock(record, values, saysIn(context).timeZone)
}

/** The last values of the alarm's metric, oldest first. */
async function valuesOf(
  { now }: Context,
  cloudwatch: CloudWatchClient,
  { detail }: AlarmRecord,
): Promise<Value[]> {
  const { metric } = detail
  if (metric === undefined) return []
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - POINTS * metric.period * 1000),
      EndTime: now,
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        {
          Id: 'value',
          MetricStat: {
            Metric: {
              Namespace: metric.namespace,
              MetricName: metric.name,
              Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({
                Name,
                Value,
              })),
            },
            Period: metric.period,
            Stat: metric.statistic,
          },
        },
      ],
    }),
  )
  const [{ Timestamps = [], Values = [] } = {}] = MetricDataResults
  return Timestamps.map((at, index) => ({ at: new Date(at), value: Values[index] ?? 0 }))
}

/**
 * CloudWatch's own picture of the metric, with the threshold and the deployment as lines, in Slack.
 *
 * @returns the file's id.
 */
async function pictured(
  context: Context,
  cloudwatch: CloudWatchClient,
  record: AlarmRecord,
): Promise<string> {
  const { MetricWidgetImage } = await cloudwatch.send(
    new GetMetricWidgetImageCommand({
      MetricWidget: JSON.stringify(widgetOf(record)),
      OutputFormat: 'png',
    }),
  )
  if (MetricWidgetImage === undefined) throw new NoChart('CloudWatch drew nothing')
  return upload(context, MetricWidgetImage, `${record.detail.name}.png`)
}

const pictureBlock = ({ detail }: AlarmRecord, id: string): Record<string, unknown> => ({
  type: 'image',
  alt_text: cut(`${detail.name} over the last hour`, 200),
  slack_file: { id },
})

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html */
function widgetOf({ detail }: AlarmRecord): object {
  const { metric, threshold, suspect, name } = detail
  const dimensions = Object.entries(metric?.dimensions ?? {}).flat()
  return {
    title: cut(name, 100),
    width: 600,
    height: 240,
    start: '-PT1H',
    period: metric?.period,
    stat: metric?.statistic,
    metrics: [[metric?.namespace, metric?.name, ...dimensions]],
    annotations: {
      ...(threshold === undefined
        ? {}
        : { horizontal: [{ label: 'threshold', value: threshold }] }),
      ...(suspect === undefined ? {} : { vertical: [{ label: 'deployed', value: suspect.at }] }),
    },
  }
}
