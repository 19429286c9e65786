import type { Command } from '@commander-js/extra-typings'
import { Argument } from '@commander-js/extra-typings'
import { CATALOG, type Context, JSON_DOCUMENT, withExamples } from './context.ts'
import { addImports } from './imports.ts'
import { withPlace } from './place-options.ts'

/** `caretaker environment …`: the environment itself, with the rights of whoever deploys it. */
export function addEnvironment(program: Command, { terminal, ended }: Context): void {
  addInit(program, { terminal, ended })
  addImports(program, { terminal, ended })
  addAdopt(program, { terminal, ended })
  const environment = program
    .command('environment')
    .description('the environment of the catalog: check it, deploy it, delete it')
  const synth = environment
    .command('synth')
    .description('writes the templates, with every check; needs no AWS account')
    .option(...CATALOG)
    .option('--output <directory>', 'where the templates go', 'cdk.out')
    .option(...JSON_DOCUMENT)
    .action(async (options) => ended(await (await import('../synth.ts')).synth(options)))
  withExamples(synth, ['environment synth', 'every mistake of the catalog, with file and line'])
  const doctor = environment
    .command('doctor')
    .description('says whether the account is ready, and what to do where it is not')
    .addArgument(new Argument('[about]', 'only this').choices(['slack'] as const))
    .option(...CATALOG)
    .option(...JSON_DOCUMENT)
    .action(async (about, options) =>
      ended(await (await import('../doctor.ts')).doctor(about, options)),
    )
  withExamples(
    doctor,
    ['environment doctor', 'before the first deployment'],
    ['environment doctor slack', 'whether Slack is connected'],
  )
  addDeploy(environment, ended)
  addVerify(environment, { terminal, ended })
  addDestroy(environment, ended)
  const runbook = program
    .command('runbook')
    .description('prints what to do about an alarm; without a name, for which there is a page')
    .argument('[alarm]')
    .option(...CATALOG)
    .option(...JSON_DOCUMENT)
    .action(async (name, options) =>
      ended(await (await import('../runbook.ts')).runbook(name, options, terminal)),
    )
  withExamples(runbook, [
    'runbook dev-orders-unhealthy',
    'what it means, where to look, what to do',
  ])
}

function addInit(program: Command, { terminal, ended }: Context): void {
  const init = program
    .command('init')
    .description(
      'writes a catalog into the folder one is in, with what a repository of its own needs; asks four questions, overwrites nothing',
    )
    .summary('begins a catalog in an empty folder')
    .option('--name <name>', "the environment's")
    .option('--region <region>', 'an AWS Region')
    .option('--email <address>', 'of who is told what it costs, and may do everything')
    .option('--service <name>', "the first service's")
    .option('--yes', 'do not ask')
    .option(...JSON_DOCUMENT)
    .action(async (options) => ended(await (await import('../init.ts')).init(options, terminal)))
  withExamples(
    init,
    ['init', 'asks four questions'],
    ['init --yes --email ann@example.com --service orders', 'asks none'],
  )
}

const several = (value: string, before: string[] = []): string[] => [...before, value]

function addAdopt(program: Command, { terminal, ended }: Context): void {
  const adopt = withPlace(program.command('adopt'))
    .description(
      'lists what the account holds that Caretaker does not look after: how each came to be, who writes it, what stands in the way; and proposes the tags by which it would be. Changes nothing without --apply (docs/adopt.md)',
    )
    .summary('proposes tags for what exists already')
    .option('--service <name>', 'only this ECS service; may be said again', several)
    .option('--cluster <name>', 'only the services of this ECS cluster', several)
    .option(
      '--only <what>',
      'services, instances, databases, clusters, groups, or the name of one',
      several,
    )
    .option('--deploy <policy>', 'which pushes they take: main, "glob:feature-*", "semver:~1.4"')
    .option('--schedule <name>', "of the catalog, in place of the environment's")
    .option('--owner <team>', 'of the catalog')
    .option('--apply [digest]', 'give the tags of the plan that was printed under this digest')
    .option('--undo', 'give back what was before; what somebody has changed since is left')
    .option('--dry-run', 'with --undo: only say what would be done')
    .action(async (options) => ended(await (await import('../adopt.ts')).adopt(options, terminal)))
  withExamples(
    adopt,
    ['adopt', 'looks, and changes nothing'],
    ['adopt --cluster shop --schedule office-hours', 'its services, which are to sleep'],
    ['adopt --cluster shop --schedule office-hours --apply 3f9ad02b71c4', 'what that has printed'],
    ['adopt --undo --service ledger', 'as it was before'],
  )
}

function addDeploy(environment: Command, ended: Context['ended']): void {
  const deploy = environment
    .command('deploy')
    .description('shows what changes, asks once, deploys; images and task counts stay')
    .option('--yes', 'do not ask')
    .option(...CATALOG)
    .action(async (options) => ended(await (await import('../deploy.ts')).deploy(options)))
  withExamples(
    deploy,
    ['environment deploy', 'asks before anything changes'],
    ['environment deploy --yes', 'in a pipeline'],
  )
}

function addDestroy(environment: Command, ended: Context['ended']): void {
  const destroy = environment
    .command('destroy')
    .description('deletes the environment; its data stays unless --delete-data says otherwise')
    .option('--delete-data', 'delete databases, images and files too')
    .option('--confirm <name>', "the environment's name, where nobody can type it")
    .option(...CATALOG)
    .action(async (options) => ended(await (await import('../destroy.ts')).destroy(options)))
  withExamples(destroy, ['environment destroy', 'lists what is deleted, and asks for the name'])
}

function addVerify(environment: Command, { terminal, ended }: Context): void {
  const verify = withPlace(environment.command('verify'))
    .description(
      'proves in ten minutes that it works here: makes a service of its own, pushes a good and a bad image, lets it sleep and wake, looks at Slack, removes all',
    )
    .requiredOption('--service <service>', 'of the catalog, after which the service is made')
    .option('--yes', 'do not ask')
    .action(async (options) =>
      ended(await (await import('../verify.ts')).verify(options, terminal)),
    )
  withExamples(
    verify,
    ['environment verify --service orders', 'says what it will make and cost, and asks'],
    ['environment verify --service orders --local --yes', 'on the simulated AWS'],
  )
}
