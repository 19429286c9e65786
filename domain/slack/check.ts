import type * as z from 'zod/mini'
import { blocks } from './blocks.ts'
import { LIMITS } from './limits.ts'
import { brokenRules, charactersOf } from './rules.ts'

/** What is wrong at one place of a message; `pointer` is a JSON pointer (`/blocks/0/text/text`). */
export type Problem = { pointer: string; message: string }

/** A problem of a whole message, with the error Slack answers: it refuses, or cuts the text off. */
export type MessageProblem = Problem & { error: string; refused: boolean }

/** `update` stands for chat.update, `post` for every way in which a message is new. */
export type Use = 'post' | 'update'

/**
 * Whether Slack would take a message: its text, its blocks, its size. What only a workspace can
 * know (channels, files, blocks it does not know yet) is not looked at.
 *
 * @returns every problem, in the order in which Slack looks; none for a message that it takes.
 */
export function messageProblems(
  message: { text?: string; blocks?: unknown },
  use: Use,
): MessageProblem[] {
  const { text, blocks: given } = message
  const empty = given === undefined || (Array.isArray(given) && given.length === 0)
  const problems = empty ? [] : blockProblems(given)
  return [
    ...(empty && (text === undefined || text === '')
      ? [refusal('no_text', { pointer: '/text', message: 'neither text nor blocks' })]
      : []),
    ...lengthProblems(text ?? '', use),
    ...problems.map((problem) => refusal('invalid_blocks', problem)),
    ...(problems.length === 0 && charactersOf(given) > LIMITS.characters
      ? [
          refusal('msg_blocks_too_long', {
            pointer: '/blocks',
            message: `no more than ${LIMITS.characters} characters allowed`,
          }),
        ]
      : []),
  ]
}

const refusal = (error: string, problem: Problem): MessageProblem => ({
  error,
  refused: true,
  ...problem,
})

function lengthProblems({ length }: string, use: Use): MessageProblem[] {
  const { posted, updated } = LIMITS.text
  if (use === 'update' && length > updated) {
    const message = `must be less than ${updated + 1} characters`
    return [refusal('msg_too_long', { pointer: '/text', message })]
  }
  if (length <= posted) return []
  const message = `is cut off after ${posted} characters`
  return [{ error: 'message_truncated', refused: false, pointer: '/text', message }]
}

/** Why Slack would refuse these blocks, in its own words. */
export function blockProblems(given: unknown): Problem[] {
  const result = blocks.safeParse(given)
  if (!result.success) {
    return result.error.issues.map((issue) => ({
      pointer: pointer(issue.path),
      message: words(issue, valueAt(given, issue.path)),
    }))
  }
  return brokenRules(result.data).map(({ path, message }) => ({ pointer: pointer(path), message }))
}

type Issue = z.core.$ZodIssue

function words(issue: Issue, found: unknown): string {
  switch (issue.code) {
    case 'too_big':
      if (issue.origin === 'array') return `no more than ${issue.maximum} items allowed`
      return issue.origin === 'string'
        ? `must be less than ${Number(issue.maximum) + 1} characters`
        : `must be at most ${issue.maximum}`
    case 'too_small':
      if (issue.origin === 'array') return `must have at least ${issue.minimum} item`
      return issue.origin === 'string'
        ? `must be more than ${Number(issue.minimum) - 1} characters`
        : `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'invalid_type':
      return found === undefined
        ? `missing required field: ${String(issue.path.at(-1))}`
        : `must be ${issue.expected}`
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys[0]}`
    case 'invalid_union':
      return 'unsupported type'
    default:
      return 'invalid value'
  }
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], value)

const pointer = (path: readonly PropertyKey[]): string => ['/blocks', ...path.map(String)].join('/')
