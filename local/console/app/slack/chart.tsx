/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export type ChartBlock = {
  title: string | { text: string }
  chart: {
    type: string
    series?: { name: string; data: { label: string; value: number }[] }[]
    axis_config?: { categories: string[] }
  }
}

const WIDTH = 360
const HEIGHT = 130
/** Room for the numbers at the left and the labels below. */
const LEFT = 40
const BELOW = 18

/** A line chart as Slack draws it: the first series is the metric, the others are lines beside it. */
export function Chart({ block: { title, chart } }: { block: ChartBlock }) {
  const { series = [], axis_config: { categories = [] } = {} } = chart
  const top = Math.max(1, ...series.flatMap(({ data }) => data.map(({ value }) => value)))
  const x = (place: number) =>
    LEFT + (place * (WIDTH - LEFT - 6)) / Math.max(1, categories.length - 1)
  const y = (value: number) => 6 + (1 - value / top) * (HEIGHT - BELOW - 6)
  const words = typeof title === 'string' ? title : title.text
  const last = categories.length - 1
  return (
    <figure class="chart">
      <figcaption>{words}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={spoken(words, series)}>
        <line class="axis" x1={LEFT} x2={WIDTH} y1={y(0)} y2={y(0)} />
        <text x={LEFT - 6} y={y(top) + 4} text-anchor="end">
          {short(top)}
        </text>
        <text x={LEFT - 6} y={y(0)} text-anchor="end">
          0
        </text>
        {series.map(({ name, data }, index) => (
          <polyline
            key={name}
            class={`series-${index}`}
            points={data
              .map(({ label, value }) => `${x(categories.indexOf(label))},${y(value)}`)
              .join(' ')}
          />
        ))}
        {[0, last].map((place) => (
          <text key={place} x={x(place)} y={HEIGHT - 4} text-anchor={place === 0 ? 'start' : 'end'}>
            {categories[place]}
          </text>
        ))}
      </svg>
      <ul class="legend">
        {series.map(({ name }, index) => (
          <li key={name} class={`series-${index}`}>
            {name}
          </li>
        ))}
      </ul>
    </figure>
  )
}

const short = (value: number): string => String(Math.round(value * 100) / 100)

const spoken = (title: string, series: NonNullable<ChartBlock['chart']['series']>): string =>
  `${title}. ${series
    .map(({ name, data }) => `${name}: last value ${short(data.at(-1)?.value ?? 0)}`)
    .join('; ')}`
