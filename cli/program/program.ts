import { Command } from '@commander-js/extra-typings'
import { VERSION } from '../../local/own-files.ts'
import { UsageError } from '../usage.ts'
import { addActs } from './acts.ts'
import { addCompletion } from './completion.ts'
import type { Context } from './context.ts'
import { addEnvironment } from './environment.ts'
import { addHands } from './hands.ts'
import { addPushes } from './pushes.ts'
import { addSimulation } from './simulation.ts'
import { addTools } from './tools.ts'

const EXIT_CODES = `
Exit codes: 0 done, or answered; 1 refused, or something expected does not hold; 2 a mistake in what
was typed, or it could not be asked; 3 the time was over first; 130 ended by Ctrl-C.

A running \`caretaker start\` is asked instead of AWS, and that is said; --aws is AWS itself.
Every command has --help, with examples. All of them: docs/command-line.md`

/** A command in the list: what it takes, without its options. */
function termOf(command: { name(): string; usage(): string }): string {
  const takes = command
    .usage()
    .replaceAll(/\[options\]| \[?until.*| \[--.*| \[reason\].*/g, '')
    .replaceAll('service | team | environment', 'what')
    .replaceAll('service | team', 'what')
    .replaceAll(/tag \| digest( \| previous)?/g, 'image')
  return `${command.name()} ${takes.trim()}`.trim()
}

/** The program: every command that a person types. Nothing is loaded before it is asked for. */
export function programOf(context: Context): Command {
  const { terminal } = context
  const program = new Command('caretaker')
  program
    .description('Builds an AWS development environment from one catalog, and looks after it.')
    .exitOverride()
    .version(VERSION, '--version', 'prints its version')
    .configureHelp({ subcommandTerm: termOf })
    .helpCommand('help [command]', 'how a command is used, with examples')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.tell(text.trimEnd()),
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      // What is wrong is said once, by whoever runs the program.
      outputError: () => undefined,
    })
    .addHelpText('after', EXIT_CODES)
  addActs(program, context)
  program.commandsGroup('Push, and look:')
  addPushes(program, context)
  program.commandsGroup('With your own rights in AWS:')
  addHands(program, context)
  program.commandsGroup('The environment:')
  addEnvironment(program, context)
  program.commandsGroup('Without an AWS account:')
  addSimulation(program, context)
  program.commandsGroup('For those who set it up, or develop it:')
  addTools(program, context)
  takeNoOptionAsValue(program)
  addCompletion(program)
  return program
}

type Refusing = {
  readonly options: readonly {
    long?: string | undefined
    required: boolean
    flags: string
    parseArg?: ((value: string, previous: never) => unknown) | undefined
  }[]
  readonly commands: readonly Refusing[]
}

/** A value that was forgotten is not the option that comes behind it: `--until --json`. */
function takeNoOptionAsValue({ options, commands }: Refusing): void {
  for (const option of options) {
    const { parseArg, flags, required } = option
    if (!required) continue
    option.parseArg = (value, previous) => {
      if (value.startsWith('--')) {
        throw new UsageError(`${flags}: found ${JSON.stringify(value)}, allowed: a value`)
      }
      return parseArg === undefined ? value : parseArg(value, previous)
    }
  }
  for (const command of commands) takeNoOptionAsValue(command)
}
