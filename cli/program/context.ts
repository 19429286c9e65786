import type { Terminal } from '../terminal.ts'

/** What the commands of the program work with. */
export type Context = {
  terminal: Terminal
  /** Told how a command has ended: its exit code. */
  ended(code: number): void
}

/** Words behind `$ ` and what they do, below a command's help. */
type Example = readonly [words: string, does: string]

/** Adds examples to a command's help: people read these first. */
export function withExamples(
  command: { addHelpText(position: 'after', text: string): unknown },
  ...examples: readonly Example[]
): void {
  const width = Math.max(...examples.map(([words]) => words.length))
  const lines = examples.map(([words, does]) => `  $ caretaker ${words.padEnd(width)}  # ${does}`)
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}

export const JSON_DOCUMENT = ['--json', 'print one JSON document'] as const

export const CATALOG = ['--catalog <directory>', 'where environment.yaml is', 'catalog'] as const
