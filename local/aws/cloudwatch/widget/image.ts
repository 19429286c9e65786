import type { GetMetricWidgetImageInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { AwsError } from '../../errors.ts'
import type { World } from '../../world.ts'
import type { Alarm } from '../alarm.ts'
import { answer, checkQueries } from '../query.ts'
import type { Metrics } from '../series.ts'
import { Raster } from './raster.ts'
import { type Line, readWidget, type Widget } from './widget.ts'

/** Ground, axes, threshold, vertical annotation, then the lines of the metrics in turn. */
const LIGHT = [0xffffff, 0x545b64, 0xd13212, 0x9467bd, 0x1f77b4, 0xff7f0e, 0x2ca02c, 0x8c564b]
const DARK = [0x16191f, 0xd5dbdb, ...LIGHT.slice(2)]
const [AXES, THRESHOLD, EVENT, FIRST] = [1, 2, 3, 4]
const COLOURS = LIGHT.length - FIRST

/** Pixels between the edge and the axes. */
const MARGIN = { left: 40, right: 12, top: 24, bottom: 28 }

type Drawn = { times: readonly number[]; values: readonly (number | undefined)[] }

/**
 * A picture of metrics as CloudWatch draws it: axes, lines, thresholds, vertical annotations.
 * There are no words in it: no title, no labels, no numbers.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html
 *
 * @throws AwsError ValidationError for a widget that cannot be read.
 */
export function widgetImage(
  parts: { world: World; metrics: Metrics; find(alarm: string): Alarm | undefined },
  { MetricWidget = '', OutputFormat = 'png' }: GetMetricWidgetImageInput,
): { MetricWidgetImage: Uint8Array } {
  if (OutputFormat !== 'png' && OutputFormat !== 'image/png') {
    throw new AwsError(
      'InvalidParameterValue',
      `The OutputFormat ${OutputFormat} is not supported.`,
    )
  }
  const widget = readWidget(MetricWidget, parts.world.now, parts.find)
  const drawn = widget.lines.map((line) => read(parts.metrics, widget, line))
  return { MetricWidgetImage: draw(widget, drawn) }
}

function read(metrics: Metrics, { start, end }: Widget, { queries, id }: Line): Drawn {
  checkQueries(queries)
  const length = 1000 * periodOf(queries)
  const first = Math.floor(start / length) * length
  const count = Math.max(0, Math.ceil((end - first) / length))
  const times = Array.from({ length: count }, (_, index) => first + index * length)
  return { times, values: answer(metrics, queries, { starts: times, length })(id) }
}

const periodOf = (queries: readonly MetricDataQuery[]): number =>
  Math.max(60, ...queries.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? 60))

function draw(widget: Widget, drawn: readonly Drawn[]): Uint8Array {
  const { width, height, start, end, thresholds, events } = widget
  const raster = new Raster(width, height, widget.dark ? DARK : LIGHT)
  const { low, high } = rangeOf(drawn, thresholds)
  const inner = {
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  }
  const x = (at: number) => MARGIN.left + ((at - start) / (end - start)) * inner.width
  const y = (value: number) => MARGIN.top + (1 - (value - low) / (high - low)) * inner.height
  const [left, right] = [MARGIN.left, width - MARGIN.right]
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom]
  raster.line({ x: left, y: top }, { x: left, y: bottom }, AXES)
  raster.line({ x: left, y: bottom }, { x: right, y: bottom }, AXES)
  for (const value of thresholds) {
    raster.line({ x: left, y: y(value) }, { x: right, y: y(value) }, THRESHOLD, 4)
  }
  for (const at of events.filter((one) => one >= start && one <= end)) {
    raster.line({ x: x(at), y: top }, { x: x(at), y: bottom }, EVENT, 2)
  }
  for (const [index, { times, values }] of drawn.entries()) {
    const colour = FIRST + (index % COLOURS)
    for (const [at, value] of values.entries()) {
      const [here, next] = [times[at] ?? 0, values[at + 1]]
      if (value === undefined) continue
      raster.dot({ x: x(here), y: y(value) }, colour)
      if (next === undefined) continue
      raster.line({ x: x(here), y: y(value) }, { x: x(times[at + 1] ?? 0), y: y(next) }, colour)
    }
  }
  return raster.png()
}

/** From zero, or the lowest value below it, to a little above the highest. */
function rangeOf(drawn: readonly Drawn[], thresholds: readonly number[]) {
  const all = [...drawn.flatMap(({ values }) => values), ...thresholds].filter(
    (value) => value !== undefined,
  )
  const low = Math.min(0, ...all)
  const high = Math.max(low + 1, ...all)
  return { low, high: high + (high - low) * 0.05 }
}
