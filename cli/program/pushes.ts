import { type Command, Option } from '@commander-js/extra-typings'
import { lengthOf } from '../asking/length.ts'
import { port } from '../usage.ts'
import { CATALOG, type Context, JSON_DOCUMENT, withExamples } from './context.ts'
import { withPlace, withWhere } from './place-options.ts'

const HALF_AN_HOUR_MS = 30 * 60_000

/** What a pipeline does besides: pushes, and waits for the verdict. */
export function addPushes(program: Command, { terminal, ended }: Context): void {
  const wait = withPlace(program.command('wait'))
    .description(
      'waits for the verdict on an image in a service, for pipelines: 0 when it runs (or will, once its service wakes), 1 for every other verdict, 3 when there was none in time',
    )
    .summary("waits for an image's verdict, for pipelines")
    .argument('<service@digest>', 'of the digest its first eight digits or more')
    .addOption(
      new Option('--timeout <length>', 'how long')
        .argParser(lengthOf('--timeout'))
        .default(HALF_AN_HOUR_MS, '30m'),
    )
    .action(async (image, options) =>
      ended(await (await import('../asking/wait.ts')).wait(image, options, terminal)),
    )
  withExamples(wait, [
    'wait orders@sha256:41ab09f3... --timeout 20m',
    'behind docker push, in a pipeline',
  ])
  addPush(program, { terminal, ended })
  const open = withPlace(program.command('open'))
    .description('prints where to look at the environment or at a service, and opens it')
    .argument('[service]')
    .option('--print', 'only print it')
    .action(async (service, options) =>
      ended(await (await import('../open.ts')).open(service, options, terminal)),
    )
  withExamples(open, ['open orders', 'the console'])
  addConsole(program, { terminal, ended })
}

function addConsole(program: Command, { terminal, ended }: Context): void {
  const console = withWhere(program.command('console'))
    .description(
      'serves the console of the environment on this machine, with your own AWS credentials: what runs, what needs attention, why; it only reads, unless --acts',
    )
    .summary('serves the console of a real account, here')
    .option('--environment <name>', 'of AWS, without a catalog; the Region is that of AWS_REGION')
    .option('--port <port>', 'of this machine', port('--port'), 4401)
    .option('--acts', 'let its buttons act, under your name')
    .option('--served-at <url>', 'an https address of a proxy that lets people in; it only reads')
    .option('--print', 'only print its address, open no browser')
    .action(async (options) =>
      ended(await (await import('../console.ts')).openConsole(options, terminal)),
    )
  withExamples(
    console,
    ['console', 'then look; what it prints is the address'],
    ['console --acts', 'and roll back, pin or wake from there'],
    ['console --environment dev --port 4500', 'of AWS, at another port'],
  )
}

function addPush(program: Command, { terminal, ended }: Context): void {
  const push = program
    .command('push')
    .description(
      'pushes an image into the simulated AWS on this machine, as a pipeline would: one that the simulation makes. A real one comes by docker push: docs/push-a-real-image.md',
    )
    .summary('pushes an image into the simulation')
    .argument('<service>', 'whose repository it goes to')
    .argument('[tag]', 'its tag', 'main')
    .addOption(
      new Option('--image <kind>', 'what it does when it runs')
        .choices(['good', 'crashes', 'unhealthy', 'never-starts', 'wrong-architecture'])
        .default('good'),
    )
    .option(...JSON_DOCUMENT)
    .option('--endpoint-url <url>', 'a simulated AWS at another port')
    .option(...CATALOG)
    .action(async (service, tag, options) =>
      ended(await (await import('../push.ts')).push(service, tag, options, terminal)),
    )
  withExamples(
    push,
    ['push orders', 'a good image as orders:main'],
    ['push orders v2 --image crashes', 'one that ends with 137'],
  )
}
