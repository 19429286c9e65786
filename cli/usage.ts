/** A mistake in what was typed; shown without a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const LARGEST_PORT = 65_535

/** Reads an option's value that is a port. @throws UsageError */
export const port = (option: string) => wholeNumber(option, LARGEST_PORT)

/** Reads an option's value that is a whole number from 0. @throws UsageError */
export const wholeNumber =
  (option: string, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value <= most) return value
    throw new UsageError(
      `${option}: found ${JSON.stringify(text)}, allowed: a whole number from 0 to ${most}`,
    )
  }
