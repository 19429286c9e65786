import { createInterface } from 'node:readline/promises'
import { Problem } from './problem.ts'

/**
 * What a person types after a question.
 *
 * @param instead the option to use where there is no terminal.
 * @param interrupted ends the question, as if nothing had been typed.
 * @returns an empty text too when whoever is asked ends it (Ctrl-D).
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
  return (await typedAfter(`\n${question} `, interrupted)) ?? ''
}

/**
 * What is typed at this process's terminal after a text.
 *
 * @param interrupted ends the question.
 * @returns undefined when it was ended without an answer: by Ctrl-C, Ctrl-D or the signal.
 */
export async function typedAfter(text: string, interrupted?: AbortSignal) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  // A question whose terminal is closed would never be answered, nor end.
  const closed = new Promise<undefined>((ended) => terminal.once('close', () => ended(undefined)))
  const asked = terminal.question(text, interrupted ? { signal: interrupted } : {})
  try {
    const answer = await Promise.race([asked.then((typed) => typed.trim(), aborted), closed])
    // What is said next begins a line of its own.
    if (answer === undefined) process.stdout.write('\n')
    return answer
  } finally {
    terminal.close()
  }
}

/** Ctrl-C, where nothing else listens to it, and the signal. */
function aborted(error: Error): undefined {
  if (error.name !== 'AbortError') throw error
}
