import * as z from 'zod/mini'
import { id } from './parts.ts'

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */

const style = z.optional(
  z.strictObject({
    bold: z.optional(z.boolean()),
    italic: z.optional(z.boolean()),
    strike: z.optional(z.boolean()),
    code: z.optional(z.boolean()),
    underline: z.optional(z.boolean()),
  }),
)

const words = z.strictObject({ type: z.literal('text'), text: z.string(), style })

const link = z.strictObject({
  type: z.literal('link'),
  url: z.string(),
  text: z.optional(z.string()),
  unsafe: z.optional(z.boolean()),
  style,
})

const inline = z.discriminatedUnion('type', [
  words,
  link,
  z.strictObject({ type: z.literal('emoji'), name: z.string(), unicode: z.optional(z.string()) }),
  z.strictObject({ type: z.literal('user'), user_id: z.string(), style }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: z.string(), style }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string(), style }),
  z.strictObject({
    type: z.literal('broadcast'),
    range: z.enum(['here', 'channel', 'everyone']),
    style,
  }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int(),
    format: z.string(),
    url: z.optional(z.string()),
    fallback: z.optional(z.string()),
  }),
  z.strictObject({ type: z.literal('color'), value: z.string() }),
])

const section = z.strictObject({
  type: z.literal('rich_text_section'),
  elements: z.array(inline),
})

const element = z.discriminatedUnion('type', [
  section,
  z.strictObject({
    type: z.literal('rich_text_list'),
    style: z.enum(['bullet', 'ordered']),
    elements: z.array(section),
    indent: z.optional(z.int()),
    offset: z.optional(z.int()),
    border: z.optional(z.int()),
  }),
  z.strictObject({
    type: z.literal('rich_text_preformatted'),
    elements: z.array(z.discriminatedUnion('type', [words, link])),
    border: z.optional(z.int()),
    language: z.optional(z.string()),
  }),
  z.strictObject({
    type: z.literal('rich_text_quote'),
    elements: z.array(inline),
    border: z.optional(z.int()),
  }),
])

export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: z.optional(id),
  elements: z.array(element),
})
