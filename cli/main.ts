import { CatalogError } from '../catalog/problem.ts'
import { visible } from './print.ts'
import { Problem } from './problem.ts'
import { UsageError } from './usage.ts'

type Command = (words: string[]) => Promise<number>

/** What `npm run <name>` runs; each is loaded only when it is asked for. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.ts')).start,
  simulate: async () => (await import('./simulate.ts')).simulate,
  act: async () => (await import('./act.ts')).act,
  bench: async () => (await import('./bench.ts')).bench,
  build: async () => (await import('./build.ts')).build,
  schedule: async () => (await import('./schedule.ts')).schedule,
  year: async () => (await import('./year.ts')).year,
  synth: async () => (await import('./synth.ts')).synth,
  deploy: async () => (await import('./deploy.ts')).deploy,
  destroy: async () => (await import('./destroy.ts')).destroy,
  doctor: async () => (await import('./doctor.ts')).doctor,
  'slack:manifest': async () => (await import('./slack-manifest.ts')).slackManifest,
  grants: async () => (await import('./grants.ts')).grants,
  'slack:preview': async () => (await import('./slack-preview.ts')).slackPreview,
  docs: async () => (await import('./docs.ts')).docs,
}

/**
 * Runs one command.
 *
 * @returns the exit code: 0, what the command says, or 2 for a mistake in what was typed or in a
 *   file that was named.
 */
async function main([name = '', ...words]: string[]): Promise<number> {
  try {
    const load = COMMANDS[name]
    if (load === undefined) {
      throw new UsageError(
        `"${name}" is no command; use one of: ${Object.keys(COMMANDS).join(', ')}`,
      )
    }
    return await (await load())(words)
  } catch (error) {
    const told = [CatalogError, UsageError, Problem].some((kind) => error instanceof kind)
    console.error(told ? visible((error as Error).message) : error)
    return told ? 2 : 1
  }
}

// The program that reads the output may end first (`| head`); that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await main(process.argv.slice(2))
