import type { Command } from '@commander-js/extra-typings'
import { port } from '../usage.ts'
import { type Context, withExamples } from './context.ts'
import { withPlace, withWhere } from './place-options.ts'

/** What one does with one's own rights and AWS's own tools (docs/access.md). */
export function addHands(program: Command, context: Context): void {
  addExec(program, context)
  addConnect(program, context)
  addSecret(program, context)
  const { terminal, ended } = context
  const job = program.command('job').description('the jobs of the catalog')
  const run = withPlace(job.command('run'))
    .description('runs a job out of turn, as its schedule would')
    .argument('<job>')
    .argument('[command...]', 'behind -- ; for this run, in place of its command')
    .action(async (name, command, options) =>
      ended(await (await import('../hands/job.ts')).runJob(name, command, options, terminal)),
    )
  withExamples(
    run,
    ['job run nightly-report', 'now'],
    ['job run nightly-report -- report --from 2026-01-01', 'with another command, once'],
  )
}

function addExec(program: Command, { terminal, ended }: Context): void {
  const exec = withWhere(program.command('exec'))
    .description('opens a shell in a container of a service, or runs a command there')
    .argument('<service>')
    .argument('[command...]', 'behind -- ; a shell when there is none')
    .action(async (service, command, options) =>
      ended(await (await import('../hands/shell.ts')).exec(service, command, options, terminal)),
    )
  withExamples(
    exec,
    ['exec orders', 'a shell'],
    ['exec orders -- env', 'one command; what stands behind -- is its own'],
  )
}

function addConnect(program: Command, { terminal, ended }: Context): void {
  const connect = withWhere(program.command('connect'))
    .description('forwards a port of this machine to a database, through the bastion')
    .argument(
      '[database]',
      'database (the shared one), cache, or a service with its own',
      'database',
    )
    .option('--port <port>', 'of this machine', port('--port'))
    .action(async (database, options) =>
      ended(await (await import('../hands/connect.ts')).connect(database, options, terminal)),
    )
  withExamples(
    connect,
    ['connect', 'then psql "host=localhost …" in another terminal'],
    ['connect cache --port 6380', 'the cache, at a port of your choice'],
  )
}

function addSecret(program: Command, { terminal, ended }: Context): void {
  const secret = program.command('secret').description("the secrets of a service's file")
  const set = withPlace(secret.command('set'))
    .description('puts a value into a secret; it is typed unseen, or piped in')
    .argument('<service>')
    .argument('<name>', 'as `secrets` of its file names it')
    .option('--restart', 'replace its tasks, which read it when they start')
    .action(async (service, name, options) =>
      ended(await (await import('../hands/secret.ts')).setSecret(service, name, options, terminal)),
    )
  withExamples(set, ['secret set payments PROVIDER_KEY --restart', 'asks for the value'])
}
