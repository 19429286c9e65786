import { createInterface } from 'node:readline/promises'
import { Problem } from './problem.ts'

/**
 * What a person types after a question.
 *
 * @param instead what to type on the command line where nobody can be asked.
 * @throws Problem when there is no terminal: a pipeline must use the option.
 */
export async function answerTo(question: string, instead: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Problem(`${question} Nobody can be asked here; say ${instead} to go on.`)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await terminal.question(`\n${question} `)).trim()
  } finally {
    terminal.close()
  }
}
