import * as z from 'zod/mini'

/**
 * Block Kit as Slack checks it before it takes a message: types, required fields and lengths of
 * the blocks that messages here are made of. https://docs.slack.dev/reference/block-kit/blocks
 */

/** `chat.postMessage` takes 50 blocks; a modal would take 100. */
const BLOCKS = 50
/** Not documented; messages are refused from about here (slackapi/bolt-js#2509). */
const CHARACTERS = 13_200

const text = (limit: number) => z.string().check(z.minLength(1), z.maxLength(limit))
const id = z.string().check(z.maxLength(255))

const plain = (limit: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: text(limit),
    emoji: z.optional(z.boolean()),
  })

const markdown = (limit: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: text(limit),
    verbatim: z.optional(z.boolean()),
  })

const anyText = (limit: number) => z.discriminatedUnion('type', [plain(limit), markdown(limit)])

const style = z.enum(['primary', 'danger'])

const confirm = z.strictObject({
  title: plain(100),
  text: anyText(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.optional(style),
})

const button = z.strictObject({
  type: z.literal('button'),
  text: plain(75),
  action_id: z.optional(id),
  url: z.optional(text(3000)),
  value: z.optional(text(2000)),
  style: z.optional(style),
  confirm: z.optional(confirm),
  accessibility_label: z.optional(text(75)),
})

const option = z.strictObject({
  text: anyText(75),
  value: text(150),
  description: z.optional(plain(75)),
  url: z.optional(text(3000)),
})

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: z.optional(id),
  options: z.array(option).check(z.minLength(1), z.maxLength(5)),
  confirm: z.optional(confirm),
})

const select = z.strictObject({
  type: z.literal('static_select'),
  action_id: z.optional(id),
  placeholder: z.optional(plain(150)),
  options: z.array(option).check(z.minLength(1), z.maxLength(100)),
  initial_option: z.optional(option),
  confirm: z.optional(confirm),
})

const file = z.strictObject({ id: z.optional(z.string()), url: z.optional(z.string()) })
const picture = {
  type: z.literal('image'),
  alt_text: text(2000),
  image_url: z.optional(text(3000)),
  slack_file: z.optional(file),
}
const image = z.strictObject(picture)

const interactive = z.discriminatedUnion('type', [button, overflow, select])

const block = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('section'),
    block_id: z.optional(id),
    text: z.optional(anyText(3000)),
    fields: z.optional(z.array(anyText(2000)).check(z.minLength(1), z.maxLength(10))),
    accessory: z.optional(z.discriminatedUnion('type', [button, overflow, select, image])),
    expand: z.optional(z.boolean()),
  }),
  z.strictObject({ type: z.literal('header'), block_id: z.optional(id), text: plain(150) }),
  z.strictObject({ type: z.literal('divider'), block_id: z.optional(id) }),
  z.strictObject({
    ...picture,
    block_id: z.optional(id),
    title: z.optional(plain(2000)),
  }),
  z.strictObject({
    type: z.literal('context'),
    block_id: z.optional(id),
    elements: z
      .array(z.discriminatedUnion('type', [plain(3000), markdown(3000), image]))
      .check(z.minLength(1), z.maxLength(10)),
  }),
  z.strictObject({
    type: z.literal('actions'),
    block_id: z.optional(id),
    elements: z.array(interactive).check(z.minLength(1), z.maxLength(25)),
  }),
])

const message = z.array(block).check(z.maxLength(BLOCKS))

export type Block = Record<string, unknown> & { type: string }

/** Why Slack would refuse these blocks, in the words of `response_metadata.messages`. */
export function problemsOf(blocks: unknown): string[] {
  const result = message.safeParse(blocks)
  if (!result.success) return result.error.issues.map(problem)
  return [...withoutContent(result.data), ...repeated(result.data)]
}

/** Whether all text of the blocks together is more than Slack takes. */
export function areTooLong(blocks: unknown): boolean {
  return charactersOf(blocks) > CHARACTERS
}

function charactersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [name, inner]) =>
      sum + (name === 'text' && typeof inner === 'string' ? inner.length : charactersOf(inner)),
    0,
  )
}

type Issue = z.core.$ZodIssue

function problem(issue: Issue): string {
  return `[ERROR] ${words(issue)} [json-pointer:${pointer(issue.path)}]`
}

function words(issue: Issue): string {
  if (issue.code === 'too_big') {
    return issue.origin === 'array'
      ? `no more than ${issue.maximum} items allowed`
      : `must be less than ${Number(issue.maximum) + 1} characters`
  }
  if (issue.code === 'too_small') {
    return issue.origin === 'array'
      ? `must have at least ${issue.minimum} item`
      : `must be more than ${Number(issue.minimum) - 1} characters`
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return `missing required field: ${String(issue.path.at(-1))}`
  }
  if (issue.code === 'unrecognized_keys') return `invalid additional property: ${issue.keys[0]}`
  if (issue.code === 'invalid_union') return 'unsupported type'
  return issue.message || 'invalid value'
}

const pointer = (path: readonly PropertyKey[]): string => ['/blocks', ...path.map(String)].join('/')

type Checked = z.output<typeof message>

/** Two rules that a shape alone cannot say: a section has text or fields, an image has a source. */
function withoutContent(blocks: Checked): string[] {
  return blocks.flatMap((one, index) => {
    const at = `[json-pointer:/blocks/${index}]`
    if (one.type === 'section' && one.text === undefined && one.fields === undefined) {
      return [`[ERROR] missing required field: text or fields ${at}`]
    }
    if (one.type === 'image' && one.image_url === undefined && one.slack_file === undefined) {
      return [`[ERROR] missing required field: image_url or slack_file ${at}`]
    }
    return []
  })
}

function repeated(blocks: Checked): string[] {
  const ids = blocks.map(({ block_id }) => block_id)
  return ids.flatMap((one, index) =>
    one !== undefined && ids.indexOf(one) !== index
      ? [`[ERROR] block_id \`${one}\` already exists [json-pointer:/blocks/${index}/block_id]`]
      : [],
  )
}
