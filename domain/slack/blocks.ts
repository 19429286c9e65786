import * as z from 'zod/mini'
import { dataTableBlock, dataVisualization, tableBlock } from './charts-and-tables.ts'
import { LIMITS } from './limits.ts'
import {
  anyText,
  button,
  id,
  image,
  markup,
  overflow,
  picture,
  plain,
  select,
  text,
} from './parts.ts'
import { richText } from './rich-text.ts'

const { section, context } = LIMITS

/**
 * The blocks that messages here may be made of. Slack has more; `alert` is for modals alone.
 * https://docs.slack.dev/reference/block-kit/blocks
 */
const block = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('section'),
    block_id: z.optional(id),
    text: z.optional(anyText(section.text)),
    fields: z.optional(
      z.array(anyText(section.field)).check(z.minLength(1), z.maxLength(section.fields)),
    ),
    accessory: z.optional(z.discriminatedUnion('type', [button, overflow, select, image])),
    expand: z.optional(z.boolean()),
  }),
  z.strictObject({
    type: z.literal('header'),
    block_id: z.optional(id),
    text: plain(LIMITS.header),
  }),
  z.strictObject({ type: z.literal('divider'), block_id: z.optional(id) }),
  z.strictObject({
    ...picture,
    block_id: z.optional(id),
    title: z.optional(plain(LIMITS.image.title)),
  }),
  z.strictObject({
    type: z.literal('context'),
    block_id: z.optional(id),
    elements: z
      .array(z.discriminatedUnion('type', [plain(context.text), markup(context.text), image]))
      .check(z.minLength(1), z.maxLength(context.elements)),
  }),
  z.strictObject({
    type: z.literal('actions'),
    block_id: z.optional(id),
    elements: z
      .array(z.discriminatedUnion('type', [button, overflow, select]))
      .check(z.minLength(1), z.maxLength(LIMITS.actions)),
  }),
  z.strictObject({
    type: z.literal('markdown'),
    block_id: z.optional(id),
    text: text(LIMITS.markdown),
  }),
  richText,
  tableBlock,
  dataTableBlock,
  dataVisualization,
])

export const blocks = z.array(block).check(z.maxLength(LIMITS.blocks))

export type Blocks = z.output<typeof blocks>
export type Block = Blocks[number]
