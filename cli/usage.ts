import { parseArgs } from 'node:util'

/** A mistake in what was typed; shown without a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

type Options = Record<string, { type: 'string' | 'boolean'; default?: string | boolean }>

/**
 * The words behind a command.
 *
 * @throws UsageError naming the word and how the command is used.
 */
export function parseWords(words: string[], options: Options, usage: string) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. To specify')[0]}\nUse: ${usage}`)
  }
}

/** A whole number from 0, or a port. @throws UsageError */
export function wholeNumber(name: string, text: unknown, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text)
  if (typeof text === 'string' && /^\d+$/.test(text) && value <= most) return value
  throw new UsageError(
    `--${name}: found ${JSON.stringify(text)}, allowed: a whole number from 0 to ${most}`,
  )
}
