import {
  blockProblems,
  type MessageProblem,
  messageProblems,
  type Use,
} from '../../../domain/slack/check.ts'
import { LIMITS } from '../../../domain/slack/limits.ts'
import { type Arguments, parsed, SlackError } from './arguments.ts'
import type { Block, Content, Metadata } from './message.ts'

type FileName = { id?: string; url?: string }

/** What only this workspace knows about blocks. */
export type BlockRules = {
  /** Block types that Slack has not given to this workspace yet. */
  readonly refused: ReadonlySet<string>
  isUsable(file: FileName): boolean
}

/** @throws SlackError for what Slack does not take as a new message. */
export function contentOf(given: Arguments, rules: BlockRules): Content {
  const blocks = blocksOf(given) ?? []
  const { text = '' } = given
  refuse({ text, blocks }, 'post', rules)
  return { text: text.slice(0, LIMITS.text.posted), blocks }
}

/**
 * What an edit makes of a message. Text without blocks removes the blocks, blocks alone keep the
 * text. https://docs.slack.dev/reference/methods/chat.update
 */
export function editOf(given: Arguments, before: Content, rules: BlockRules): Content {
  const blocks = blocksOf(given)
  const { text } = given
  if (text === undefined && blocks === undefined) throw new SlackError('no_text')
  // The text that is kept was taken before; only that there is one matters.
  refuse({ text: text ?? before.text.slice(0, 1), blocks }, 'update', rules)
  return {
    text: text ?? before.text,
    blocks: blocks ?? (text === undefined ? before.blocks : []),
  }
}

/** The metadata of a call; `{}` removes a message's. */
export function metadataOf({ metadata }: Arguments): Metadata | undefined | 'removed' {
  if (metadata === undefined) return undefined
  const value = parsed(metadata, 'invalid_metadata_format')
  if (!isObject(value)) throw new SlackError('invalid_metadata_format')
  if (Object.keys(value).length === 0) return 'removed'
  const { event_type, event_payload, ...other } = value
  if (typeof event_type !== 'string' || event_type === '' || !isObject(event_payload)) {
    throw new SlackError('invalid_metadata_format')
  }
  if (Object.keys(other).some((name) => name !== 'entities')) {
    throw new SlackError('invalid_metadata_format')
  }
  return { event_type, event_payload }
}

/** `blocks.validate`: one problem as its `errors` has it. `code` is the one that the page names. */
export function validated(value: unknown, rules: BlockRules, root: '' | '/blocks'): object[] {
  const problems = blockProblems(value)
  const all = problems.length > 0 ? problems : workspaceProblems(value, rules)
  return all.map(({ pointer, message }) => ({
    pointer: `${root}${pointer.replace(/^\/blocks/, '')}`,
    code: 'failed_constraint',
    message,
  }))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function blocksOf(given: Arguments): Block[] | undefined {
  if (given.blocks === undefined) return undefined
  return parsed(given.blocks, 'invalid_blocks_format') as Block[]
}

/** @throws SlackError with the first kind of problem, and all problems of that kind. */
function refuse(message: { text: string; blocks: unknown }, use: Use, rules: BlockRules): void {
  const problems = messageProblems(message, use).filter(({ refused }) => refused)
  const all = problems.length > 0 ? problems : workspaceProblems(message.blocks, rules)
  const error = all[0]?.error
  if (error === undefined) return
  const words = all
    .filter((one) => one.error === error && error === 'invalid_blocks')
    .map((one) => `[ERROR] ${one.message} [json-pointer:${one.pointer}]`)
  throw new SlackError(error, words)
}

function workspaceProblems(blocks: unknown, { refused, isUsable }: BlockRules): MessageProblem[] {
  if (!Array.isArray(blocks)) return []
  const problem = (pointer: string, message: string): MessageProblem => ({
    ...{ error: 'invalid_blocks', refused: true, pointer, message },
  })
  return [
    ...blocks.flatMap(({ type }: Block, index) =>
      refused.has(type) ? [problem(`/blocks/${index}/type`, 'unsupported type')] : [],
    ),
    ...filesIn(blocks, '/blocks')
      .filter(([file]) => !isUsable(file))
      .map(([, pointer]) => problem(pointer, 'invalid slack file')),
  ]
}

/** Every uploaded file that blocks show, and where. */
function filesIn(value: unknown, pointer: string): [FileName, string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]): [FileName, string][] =>
    name === 'slack_file'
      ? [[inner as FileName, `${pointer}/${name}`]]
      : filesIn(inner, `${pointer}/${name}`),
  )
}
