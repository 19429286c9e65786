import * as z from 'zod/mini'
import { LIMITS } from './limits.ts'

/** What Slack's blocks are made of. https://docs.slack.dev/reference/block-kit/composition-objects */

/** A string of one character at least. */
export const text = (limit: number) => z.string().check(z.minLength(1), z.maxLength(limit))

export const id = z.string().check(z.maxLength(LIMITS.id))

export const plain = (limit: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: text(limit),
    emoji: z.optional(z.boolean()),
  })

export const markup = (limit: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: text(limit),
    verbatim: z.optional(z.boolean()),
  })

export const anyText = (limit: number) =>
  z.discriminatedUnion('type', [plain(limit), markup(limit)])

const style = z.enum(['primary', 'danger'])

/** The question that Slack asks before it sends a press on. */
const confirm = z.strictObject({
  title: plain(LIMITS.confirm.title),
  text: anyText(LIMITS.confirm.text),
  confirm: plain(LIMITS.confirm.answer),
  deny: plain(LIMITS.confirm.answer),
  style: z.optional(style),
})

export const button = z.strictObject({
  type: z.literal('button'),
  text: plain(LIMITS.button.text),
  action_id: z.optional(id),
  url: z.optional(text(LIMITS.button.url)),
  value: z.optional(text(LIMITS.button.value)),
  style: z.optional(style),
  confirm: z.optional(confirm),
  accessibility_label: z.optional(text(LIMITS.button.label)),
})

const option = z.strictObject({
  text: anyText(LIMITS.option.text),
  value: text(LIMITS.option.value),
  description: z.optional(plain(LIMITS.option.description)),
  url: z.optional(text(LIMITS.button.url)),
})

export const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: z.optional(id),
  options: z.array(option).check(z.minLength(1), z.maxLength(LIMITS.overflow)),
  confirm: z.optional(confirm),
})

export const select = z.strictObject({
  type: z.literal('static_select'),
  action_id: z.optional(id),
  placeholder: z.optional(plain(LIMITS.select.placeholder)),
  options: z.array(option).check(z.minLength(1), z.maxLength(LIMITS.select.options)),
  initial_option: z.optional(option),
  confirm: z.optional(confirm),
})

/** A picture by address, or one that the app has uploaded. */
export const picture = {
  type: z.literal('image'),
  alt_text: text(LIMITS.image.alternative),
  image_url: z.optional(text(LIMITS.image.url)),
  slack_file: z.optional(
    z.strictObject({ id: z.optional(z.string()), url: z.optional(z.string()) }),
  ),
}

export const image = z.strictObject(picture)
