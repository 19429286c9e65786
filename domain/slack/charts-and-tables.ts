import * as z from 'zod/mini'
import { LIMITS } from './limits.ts'
import { id, text } from './parts.ts'
import { richText } from './rich-text.ts'

const { chart, table, dataTable } = LIMITS

const label = text(chart.label)

const series = z.array(
  z.strictObject({
    name: label,
    data: z
      .array(z.strictObject({ label, value: z.number() }))
      .check(z.minLength(1), z.maxLength(chart.points)),
  }),
)

const axes = z.strictObject({
  categories: z.array(label).check(z.minLength(1), z.maxLength(chart.points)),
  x_label: z.optional(text(chart.axis)),
  y_label: z.optional(text(chart.axis)),
})

const plotted = <Type extends string>(type: Type) =>
  z.strictObject({
    type: z.literal(type),
    series: series.check(z.minLength(1), z.maxLength(chart.series)),
    axis_config: axes,
  })

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  block_id: z.optional(id),
  title: text(chart.title),
  chart: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('pie'),
      segments: z
        .array(z.strictObject({ label, value: z.number().check(z.positive()) }))
        .check(z.minLength(1), z.maxLength(chart.series)),
    }),
    plotted('bar'),
    plotted('area'),
    plotted('line'),
  ]),
})

const rawText = z.strictObject({
  type: z.literal('raw_text'),
  text: z.string().check(z.minLength(1)),
})
const rawNumber = z.strictObject({
  type: z.literal('raw_number'),
  value: z.number(),
  text: z.string().check(z.minLength(1)),
})
const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText])

/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
export const tableBlock = z.strictObject({
  type: z.literal('table'),
  block_id: z.optional(id),
  rows: z
    .array(z.array(cell).check(z.minLength(1), z.maxLength(table.columns)))
    .check(z.minLength(1), z.maxLength(table.rows)),
  column_settings: z.optional(
    z
      .array(
        z.strictObject({
          align: z.optional(z.enum(['left', 'center', 'right'])),
          is_wrapped: z.optional(z.boolean()),
        }),
      )
      .check(z.maxLength(table.columns)),
  ),
})

/** https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
export const dataTableBlock = z.strictObject({
  type: z.literal('data_table'),
  block_id: z.optional(id),
  caption: z.string().check(z.minLength(1)),
  rows: z
    .array(z.array(cell).check(z.minLength(1), z.maxLength(dataTable.columns)))
    .check(z.minLength(2), z.maxLength(dataTable.rows)),
  page_size: z.optional(z.int().check(z.minimum(1), z.maximum(dataTable.page))),
  row_header_column_index: z.optional(z.int().check(z.minimum(0))),
})
