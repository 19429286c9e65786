import type { Block, Blocks } from './blocks.ts'
import { LIMITS } from './limits.ts'

/** Something Slack refuses, and where: `path` leads into the blocks. */
export type Broken = { path: readonly (string | number)[]; message: string }

/** The rules about blocks that the shape of one block cannot say. */
export function brokenRules(blocks: Blocks): Broken[] {
  return [
    ...blocks.flatMap((block, index) =>
      ofBlock(block).map(({ path, message }) => ({ path: [index, ...path], message })),
    ),
    ...repeated(blocks.map(({ block_id }) => block_id)).map(([id, index]) => ({
      path: [index, 'block_id'],
      message: `block_id \`${id}\` already exists`,
    })),
    ...tooMuch(blocks),
  ]
}

function ofBlock(block: Block): Broken[] {
  switch (block.type) {
    case 'section':
      return [
        ...(block.text === undefined && block.fields === undefined
          ? [{ path: [], message: 'missing required field: text or fields' }]
          : []),
        ...(block.accessory?.type === 'image' ? source(block.accessory, ['accessory']) : []),
      ]
    case 'image':
      return source(block, [])
    case 'context':
      return block.elements.flatMap((one, index) =>
        one.type === 'image' ? source(one, ['elements', index]) : [],
      )
    case 'actions':
      return repeated(block.elements.map(({ action_id }) => action_id)).map(([id, index]) => ({
        path: ['elements', index, 'action_id'],
        message: `action_id \`${id}\` already exists`,
      }))
    case 'data_table':
      return ofTable(block)
    case 'data_visualization':
      return ofChart(block.chart)
    default:
      return []
  }
}

type Picture = {
  image_url?: string | undefined
  slack_file?: { id?: string | undefined; url?: string | undefined } | undefined
}

/** An image has one source, an uploaded file one name. */
function source({ image_url, slack_file }: Picture, path: Broken['path']): Broken[] {
  if (image_url === undefined && slack_file === undefined) {
    return [{ path, message: 'missing required field: image_url or slack_file' }]
  }
  if (image_url !== undefined && slack_file !== undefined) {
    return [{ path, message: 'only one of image_url and slack_file is allowed' }]
  }
  if (
    slack_file !== undefined &&
    (slack_file.id === undefined) === (slack_file.url === undefined)
  ) {
    return [{ path: [...path, 'slack_file'], message: 'exactly one of id and url is needed' }]
  }
  return []
}

function ofTable({ rows }: Extract<Block, { type: 'data_table' }>): Broken[] {
  const columns = rows[0]?.length ?? 0
  return rows.flatMap((row, index) => {
    const path = ['rows', index]
    if (row.length !== columns) return [{ path, message: `must have ${columns} cells` }]
    return index === 0 && row.some(({ type }) => type === 'rich_text')
      ? [{ path, message: 'a header must not be rich_text' }]
      : []
  })
}

type Chart = Extract<Block, { type: 'data_visualization' }>['chart']

/** Each series has its own name, and one value for each category, in their order. */
function ofChart(chart: Chart): Broken[] {
  if (chart.type === 'pie') return []
  const { series, axis_config } = chart
  const categories = JSON.stringify(axis_config.categories)
  return [
    ...repeated(series.map(({ name }) => name)).map(([name, index]) => ({
      path: ['chart', 'series', index, 'name'],
      message: `series \`${name}\` already exists`,
    })),
    ...series.flatMap(({ data }, index) =>
      JSON.stringify(data.map(({ label }) => label)) === categories
        ? []
        : [{ path: ['chart', 'series', index, 'data'], message: 'labels must match categories' }],
    ),
  ]
}

/** What several blocks may have together. */
function tooMuch(blocks: Blocks): Broken[] {
  const markdown = blocks.filter(({ type }) => type === 'markdown')
  return [
    ...(charactersOf(markdown) > LIMITS.markdown
      ? [{ path: [], message: `no more than ${LIMITS.markdown} characters of markdown allowed` }]
      : []),
    ...blocks.flatMap((block, index) =>
      block.type === 'table' && charactersOf(block) > LIMITS.table.characters
        ? [{ path: [index], message: `no more than ${LIMITS.table.characters} characters allowed` }]
        : [],
    ),
  ]
}

/** Each value that was there before, and its place. */
function repeated(values: readonly (string | undefined)[]): [string, number][] {
  return values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) !== index
      ? [[value, index] as [string, number]]
      : [],
  )
}

/** All that is called `text` in a value, in characters. */
export function charactersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [name, inner]) =>
      sum + (name === 'text' && typeof inner === 'string' ? inner.length : charactersOf(inner)),
    0,
  )
}
