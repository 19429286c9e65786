import tab from '@bomb.sh/tab/commander'
import type { Command } from '@commander-js/extra-typings'
import { readCatalog } from '../../catalog/read.ts'
import { withExamples } from './context.ts'

/** Tells the shell one word that fits, and what it is. */
type Tell = (word: string, about: string) => void

/** What the shell completes at the key of the tabulator: commands, options, and the catalog's names. */
export function addCompletion(program: Command): void {
  // The typings add types to what is commander's own class.
  const untyped = program as unknown as Parameters<typeof tab>[0]
  const shell = tab(untyped, { completionCommandName: 'completion' })
  for (const command of shell.commands.values()) {
    const own = program.commands.find((one) => one.name() === command.value)
    if (own !== undefined && own.summary() !== '') command.description = own.summary()
    for (const [name, { variadic }] of command.arguments) {
      const names = NAMES[name]
      if (names !== undefined) command.argument(name, names, variadic)
    }
  }
  const completion = program.commands.find((one) => one.name() === 'completion')
  if (completion === undefined) return
  completion.description('prints the script by which a shell completes `caretaker`')
  withExamples(
    completion,
    ['completion bash >> ~/.bashrc', 'bash'],
    ['completion zsh >> ~/.zshrc', 'zsh'],
    ['completion fish > ~/.config/fish/completions/caretaker.fish', 'fish'],
  )
}

const services = (tell: Tell): void => {
  for (const { name, team } of catalog()?.services ?? []) tell(name, `of ${team}`)
}

const teams = (tell: Tell): void => {
  for (const name of Object.keys(catalog()?.environment.teams ?? {})) tell(name, 'a team')
}

/** By the name of the argument. */
const NAMES: Readonly<Record<string, (tell: Tell) => void>> = {
  service: services,
  'service@digest': services,
  team: teams,
  what: (tell) => {
    services(tell)
    teams(tell)
    tell('environment', 'everything')
  },
}

/** The catalog of the folder one is in; without one that can be read there is nothing to complete. */
function catalog() {
  try {
    return readCatalog('catalog')
  } catch {
    return undefined
  }
}
