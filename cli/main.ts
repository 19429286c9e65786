import { run } from './run.ts'
import { ownTerminal } from './terminal.ts'

// The program that reads the output may end first (`| head`); that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

try {
  process.exitCode = await run(process.argv.slice(2), ownTerminal())
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
