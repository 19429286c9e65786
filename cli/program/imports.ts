import type { Command } from '@commander-js/extra-typings'
import { type Context, withExamples } from './context.ts'

/** `caretaker import …`: what others describe as files of a catalog. */
export function addImports(program: Command, { terminal, ended }: Context): void {
  const tools = { ...terminal, folder: process.cwd() }
  const imports = program
    .command('import')
    .description('writes catalog files from a Compose file, a copilot/ folder or Score files')
  const compose = withTarget(
    imports
      .command('compose')
      .description(
        'writes catalog files that say what Compose files say; each key is translated, or named as left out with what to do',
      )
      .argument('[path...]', 'Compose files, the later over the earlier; or their folder', ['.']),
  )
    .option('--profile <profile>', 'import its services too; repeatable', addTo)
    .action(async (paths, options) =>
      ended((await import('../import.ts')).importComposeFiles(paths, options, tools)),
    )
  withExamples(
    compose,
    ['import compose', 'the Compose files of this folder'],
    ['import compose compose.yaml compose.prod.yaml --dry-run', 'prints, writes nothing'],
  )
  const copilot = withTarget(
    imports
      .command('copilot')
      .description(
        'writes a catalog for each environment of a copilot/ folder; each key is translated, or named as left out with what to do',
      )
      .argument('[folder]', 'copilot/, or the folder above it', '.'),
  )
    .option('--environment <name>', 'only this one; repeatable', addTo)
    .action(async (folder, options) =>
      ended((await import('../import.ts')).importCopilotFolder(folder, options, tools)),
    )
  withExamples(
    copilot,
    ['import copilot', 'all environments, each into catalog/<environment>'],
    ['import copilot --environment test', 'one, into catalog'],
  )
  const score = withTarget(
    imports
      .command('score')
      .description(
        'writes catalog files that say what Score files say, a workload each; each key is translated, or named as left out with what to do',
      )
      .argument('<files...>', 'Score files'),
  ).action(async (files, options) =>
    ended((await import('../import.ts')).importScoreFiles(files, options, tools)),
  )
  withExamples(score, ['import score score.yaml', 'one workload'])
}

const addTo = (value: string, before: string[] = []): string[] => [...before, value]

/** Where the files go. */
const withTarget = <Given extends unknown[]>(command: Command<Given>) =>
  command
    .option('--to <directory>', 'a catalog, or a new folder for one', 'catalog')
    .option('--team <team>', 'whose the services are (the owner of the environment when absent)')
    .option('--name <name>', 'of a new environment')
    .option('--region <region>', 'of a new environment, an AWS Region')
    .option('--email <address>', 'of who owns a new environment')
    .option('--force', 'write over files that are there')
    .option('--dry-run', 'print what would be written, and write nothing')
    .option('--json', 'print one JSON document')
