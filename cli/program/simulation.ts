import type { Command } from '@commander-js/extra-typings'
import { IS_PACKAGE } from '../../local/own-files.ts'
import { port, wholeNumber } from '../usage.ts'
import { CATALOG, type Context, JSON_DOCUMENT, withExamples } from './context.ts'

const LONGEST_WAKE = 86_400
const MOST_DAYS = 3_660
/** Where `init` writes one, and where this repository has its own. */
const SCENARIOS = IS_PACKAGE ? 'scenarios' : 'test/scenarios'

/** What needs no AWS account: the environment on a simulated AWS, and what is computed. */
export function addSimulation(program: Command, { ended }: Context): void {
  addStart(program, ended)
  const simulate = program
    .command('simulate')
    .description('plays a file of steps, and prints what happens')
    .argument('<scenario>', 'a file as docs/scenarios.md describes it')
    .option('--seed <number>', 'what is left to chance', wholeNumber('--seed'))
    .option(...JSON_DOCUMENT)
    .action(async (file, options) =>
      ended(await (await import('../simulate.ts')).simulate(file, options)),
    )
  withExamples(simulate, [
    `simulate ${SCENARIOS}/good-then-bad.yaml`,
    'a good image, then one that crashes',
  ])
  addProve(program, ended)
  addSchedule(program, ended)
  const bench = program
    .command('bench')
    .description('measures what Caretaker costs in calls, seconds and money')
    .option(...JSON_DOCUMENT)
    .action(async (options) => ended(await (await import('../bench.ts')).bench(options)))
  withExamples(bench, ['bench', 'of the example environment, some minutes'])
  const year = program
    .command('year')
    .description('plays a year in which nobody does anything; says which edges were missed')
    .option('--from <date>', 'its first day', '2026-01-01')
    .option('--days <number>', 'how many', wholeNumber('--days', MOST_DAYS), 365)
    .option(...JSON_DOCUMENT)
    .option(...CATALOG)
    .action(async (options) => ended(await (await import('../year.ts')).year(options)))
  withExamples(
    year,
    ['year', 'every edge of a year, and what sleep saves; some twenty minutes'],
    ['year --from 2026-12-20 --days 20', 'around the holidays'],
  )
}

function addProve(program: Command, ended: Context['ended']): void {
  const prove = program
    .command('prove')
    .description('plays histories that chance makes up, and looks at what must always hold')
    .option('--seeds <number>', 'how many histories', wholeNumber('--seeds'), 100)
    .option('--seed <number>', 'the first of them', wholeNumber('--seed'), 1)
    .option(
      '--only <number>',
      'look at this number of docs/invariants.md alone',
      wholeNumber('--only', 18),
    )
    .option(
      '--shrink <number>',
      'histories played to shorten one that violates',
      wholeNumber('--shrink'),
      60,
    )
    .option('--out <directory>', 'where such histories are written', '.cache/prove')
    .option('--json', 'print one JSON document a line for each history')
    .action(async (options) => ended(await (await import('../prove.ts')).prove(options)))
  withExamples(
    prove,
    ['prove --seeds 20', 'twenty histories, from a day to a fortnight each'],
    ['prove --seed 17 --seeds 1', 'that one again, and the shortest that still violates'],
  )
}

function addStart(program: Command, ended: Context['ended']): void {
  const start = program
    .command('start')
    .description('runs the environment on a simulated AWS on this machine, with its console')
    .option('--console-port <port>', 'of the console', port('--console-port'), 4400)
    .option('--aws-port <port>', 'of the simulated AWS', port('--aws-port'), 4566)
    .option('--https-port <port>', 'of the same by HTTPS', port('--https-port'))
    .option('--seed <number>', 'what is left to chance', wholeNumber('--seed'), 1)
    .option('--speed <number>', 'simulated seconds per second; 0: none', wholeNumber('--speed'), 10)
    .option(...CATALOG)
    .action(async (options) => ended(await (await import('../start.ts')).start(options)))
  withExamples(
    start,
    ['start', 'then look at http://localhost:4400'],
    ['start --speed 60', 'an hour takes a minute'],
    ['start --https-port 4567', 'by HTTPS too; prints the certificate'],
  )
}

function addSchedule(program: Command, ended: Context['ended']): void {
  const schedule = program
    .command('schedule')
    .description('when a schedule of the catalog, or the one a service follows, starts and stops')
    .argument('[name]', 'a schedule, or a service that follows one')
    .option('--from <time>', 'the first instant looked at, instead of now')
    .option('--to <time>', 'the last one, instead of ten edges later')
    .option('--tz <zone>', 'the zone of the times, instead of its own')
    .option('--wake <seconds>', 'how long waking takes', wholeNumber('--wake', LONGEST_WAKE), 0)
    .option(...JSON_DOCUMENT)
    .option('--stdin', 'answer lines of JSON')
    .option(...CATALOG)
    .action(async (name, options) =>
      ended(await (await import('../schedule.ts')).schedule(name, options)),
    )
  withExamples(
    schedule,
    ['schedule orders', 'what tonight will do to orders'],
    ['schedule office-hours --from 2026-12-20 --to 2027-01-05', 'around the holidays'],
  )
}
