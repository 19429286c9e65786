import { createInterface } from 'node:readline/promises'
import { Problem } from './problem.ts'

/**
 * What a person types after a question.
 *
 * @param instead the option to use where there is no terminal.
 * @param interrupted ends the question, as if nothing had been typed.
 * @throws Problem when there is no terminal: a pipeline must use the option.
 */
export async function answerTo(
  question: string,
  instead: string,
  interrupted?: AbortSignal,
): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Problem(`${question} There is no terminal to ask on; use ${instead}.`)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const asked = terminal.question(`\n${question} `, interrupted ? { signal: interrupted } : {})
    return (await asked).trim()
  } catch (error) {
    if (interrupted?.aborted) return ''
    throw error
  } finally {
    terminal.close()
  }
}
