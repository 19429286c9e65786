import { sizesOf } from '../local/simulation/synth.ts'
import { type IdleRow, quietWeek } from './bench/idle.ts'
import { measureRollOut, quietEnvironment, type RollOut } from './bench/measure.ts'
import { measureNotices, type NoticesBench } from './bench/notices.ts'
import { type Sweep, sweepOf, sweepOfMany } from './bench/sweep.ts'
import { parseWords } from './usage.ts'

const USAGE = 'npm run bench [-- --json]   (with --json: npm run --silent bench -- --json)'
const SEEDS = [1, 2, 3, 4, 5]
const MANY = 50

/** What is measured, as `--json` prints it. Seconds are simulated but for `cpuSeconds`. */
type Bench = {
  rollOut: RollOut
  sweep: { calls7: number; bound7: number; calls50: number; bound50: number }
  notices: NoticesBench
  quietWeek: { transitions: number; cpuSeconds: number }
  idle: { usdPerMonth: number; rows: IdleRow[] }
  simulation: { cpuMillisecondsPerCall: number }
  bundles: Record<string, number>
}

/** Prints what the product costs in calls, transitions, seconds and money, and how fast time runs here. */
export async function bench(words: string[]): Promise<number> {
  const { values } = parseWords(words, { json: { type: 'boolean' } }, USAGE)
  const measured = await measure()
  console.log(values.json === true ? JSON.stringify(measured, undefined, 2) : table(measured))
  return 0
}

async function measure(): Promise<Bench> {
  const rollOuts: RollOut[] = []
  for (const seed of SEEDS) rollOuts.push(await measureRollOut(seed))
  const quiet = await quietEnvironment()
  const few = await sweepOf(quiet)
  const { transitions, cpuSeconds, calls, idle } = await quietWeek(quiet)
  const many = await sweepOfMany(MANY)
  return {
    rollOut: mean(rollOuts),
    sweep: sweeps(few, many),
    notices: await measureNotices(),
    quietWeek: { transitions, cpuSeconds: rounded(cpuSeconds, 2) },
    idle: {
      usdPerMonth: rounded(
        idle.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0),
        2,
      ),
      rows: idle,
    },
    simulation: { cpuMillisecondsPerCall: rounded((cpuSeconds * 1000) / calls, 3) },
    bundles: await sizesOf(),
  }
}

const sweeps = (few: Sweep, many: Sweep): Bench['sweep'] => ({
  calls7: few.calls,
  bound7: few.bound,
  calls50: many.calls,
  bound50: many.bound,
})

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

function mean(rollOuts: readonly RollOut[]): RollOut {
  const of = (which: keyof RollOut) =>
    rounded(rollOuts.reduce((sum, one) => sum + one[which], 0) / rollOuts.length, 2)
  return {
    calls: of('calls'),
    writes: of('writes'),
    transitions: of('transitions'),
    secondsToUpdate: of('secondsToUpdate'),
    secondsOfEcs: of('secondsOfEcs'),
    secondsAfterEcs: of('secondsAfterEcs'),
  }
}

type Row = [what: string, value: string]

function table({ rollOut, sweep, notices, quietWeek, idle, simulation, bundles }: Bench): string {
  const section = (title: string, rows: readonly Row[]) =>
    [title, ...rows.map(([what, value]) => `  ${what.padEnd(48)} ${value}`)].join('\n')
  const dollars = (usd: number) => `$${usd.toFixed(4)}`
  return [
    section(`One roll-out of a good image to a running service (mean of ${SEEDS.length} seeds)`, [
      ['AWS calls by functions and the machine', rollOut.calls.toFixed(1)],
      ['of which change ECS (lower bound 2)', rollOut.writes.toFixed(1)],
      ['state transitions', rollOut.transitions.toFixed(1)],
      ['from the push to UpdateService', `${rollOut.secondsToUpdate.toFixed(1)} s`],
      ['ECS itself', `${rollOut.secondsOfEcs.toFixed(1)} s`],
      ['from ECS to the verdict (bake 120 s)', `${rollOut.secondsAfterEcs.toFixed(1)} s`],
    ]),
    section('One sweep that finds nothing to do (lower bound: 1 + N/10 + repositories)', [
      ['AWS calls for 7 services', `${sweep.calls7} (lower bound ${sweep.bound7})`],
      [`AWS calls for ${MANY} services`, `${sweep.calls50} (lower bound ${sweep.bound50})`],
    ]),
    section('What is told', [
      ['Slack calls of a roll-out', String(notices.slackCallsPerRollOut)],
      ['Slack calls of an episode of an alarm', String(notices.slackCallsPerEpisode)],
      ['AWS calls of an episode', String(notices.awsCallsPerEpisode)],
      ['from the alarm to Slack', `${notices.secondsToSlack.toFixed(1)} s`],
    ]),
    section('A week in which nobody pushes', [
      ['state transitions', String(quietWeek.transitions)],
      ['takes here, in CPU seconds', quietWeek.cpuSeconds.toFixed(1)],
      ['CPU milliseconds per simulated call', simulation.cpuMillisecondsPerCall.toFixed(3)],
    ]),
    section('The control plane of one idle environment, a month at list prices', [
      ...idle.rows.map(
        ({ what, count, usdPerMonth }): Row => [`${count} ${what}`, dollars(usdPerMonth)],
      ),
      ['together', dollars(idle.usdPerMonth)],
    ]),
    section(
      'Bundles',
      Object.entries(bundles).map(
        ([name, bytes]): Row => [name, `${(bytes / 1000).toFixed(1)} kB`],
      ),
    ),
  ].join('\n\n')
}
