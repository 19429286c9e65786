import { localTime } from '../../domain/local-time.ts'
import type { AlarmRecord } from '../../domain/table/alarm-record.ts'
import { cut } from '../../domain/text.ts'

/**
 * A chart as Slack draws it: at most 20 points, no annotations. The threshold is a series of its own,
 * and the last deployment is in the name of its category.
 * https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 */
export const POINTS = 20
const LABEL_CHARACTERS = 20
const TITLE_CHARACTERS = 50

export type Value = { at: Date; value: number }

/**
 * The block of a chart.
 *
 * @param values of the metric, oldest first; at least one.
 */
export function chartBlock(
  { detail }: AlarmRecord,
  values: readonly Value[],
  timeZone: string,
): Record<string, unknown> {
  const { metric, name, threshold, suspect } = detail
  const shown = values.slice(-POINTS)
  const period = (metric?.period ?? 60) * 1000
  const deployed = suspect === undefined ? Number.NaN : Date.parse(suspect.at)
  const times = shown.map(({ at }) =>
    localTime(at, timeZone).time.slice(0, period < 60_000 ? 8 : 5),
  )
  const categories = shown.map(({ at }, index) => {
    const begin = at.getTime()
    const marked = begin <= deployed && deployed < begin + period ? ' deployed' : ''
    // Two points of the same wall-clock time, on the day the clocks go back, are told apart.
    const again = times.indexOf(times[index] ?? '') === index ? '' : ' '.concat(String(index))
    return `${times[index]}${again}${marked}`
  })
  const points = (of: (value: number) => number) =>
    shown.map(({ value }, index) => ({ label: categories[index], value: of(value) }))
  return {
    type: 'data_visualization',
    title: cut(name.replaceAll(/[<>]/g, ' '), TITLE_CHARACTERS),
    chart: {
      type: 'line',
      series: [
        { name: cut(metric?.name ?? 'value', LABEL_CHARACTERS), data: points((value) => value) },
        ...(threshold === undefined ? [] : [{ name: 'threshold', data: points(() => threshold) }]),
      ],
      axis_config: { categories },
    },
  }
}
