/**
 * What a cause says to people: of a function's error its message, without the stack.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export function saidIn(cause: string | undefined): string {
  if (cause === undefined) return ''
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown }
    return typeof errorMessage === 'string' ? errorMessage : cause
  } catch {
    return cause
  }
}
