import { CommanderError } from '@commander-js/extra-typings'
import { CatalogError } from '../catalog/problem.ts'
import { Interrupted, Problem } from './problem.ts'
import { programOf } from './program/program.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'

const MISTAKE = 2
/** As a shell says it of what a signal has ended: 128 and SIGINT's number. */
const INTERRUPTED = 130

/**
 * Runs one command.
 *
 * @returns the exit code: what the command says; 2 for a mistake in what was typed or in a file
 *   that was named; 130 when it was interrupted. Anything unforeseen is thrown.
 */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0
  const ended = (with_: number) => {
    code = with_
  }
  const program = programOf({ terminal, ended })
  try {
    await program.parseAsync([...words], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return codeOf(error, program, words, terminal)
    if (error instanceof Interrupted) {
      terminal.tell(error.message)
      return INTERRUPTED
    }
    if (![CatalogError, UsageError, Problem].some((kind) => error instanceof kind)) throw error
    terminal.tell((error as Error).message)
    return MISTAKE
  }
}

function codeOf(
  { code, exitCode, message }: CommanderError,
  program: Known,
  words: readonly string[],
  terminal: Terminal,
): number {
  if (exitCode === 0) return 0
  if (code === 'commander.help') return MISTAKE
  const environment = code === 'commander.unknownCommand' && belowEnvironment(program, words)
  const said = message
    .replace(/^error: /, '')
    .replace(/\n\(?(Did you mean [^)]*\?)\)?$/, environment ? '' : '. $1')
  const full = `${said[0]?.toUpperCase()}${said.slice(1)}${environment || ''}`
  const end = /[.?]$/.test(full) ? '' : '.'
  terminal.tell(`${full}${end} See \`${commandIn(program, words)} --help\`.`)
  return MISTAKE
}

/** What is asked of a command here, whatever it takes. */
type Known = {
  name(): string
  aliases(): readonly string[]
  readonly commands: readonly Known[]
}

/** The deepest command that the words name, as it is typed: `caretaker environment deploy`. */
function commandIn(program: Known, words: readonly string[]): string {
  const [word, ...rest] = words
  const found = program.commands.find(
    (one) => one.name() === word || one.aliases().includes(word ?? ''),
  )
  return found === undefined ? program.name() : `${program.name()} ${commandIn(found, rest)}`
}

/** What is done with the environment has its word before it. */
function belowEnvironment(program: Known, [word = '']: readonly string[]): string | undefined {
  const environment = program.commands.find((one) => one.name() === 'environment')
  const found = environment?.commands.some((one) => one.name() === word)
  return found ? `. Did you mean environment ${word}?` : undefined
}
