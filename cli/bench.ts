import { sizesOf } from '../local/simulation/synth.ts'
import { withoutSchedules } from './bench/catalog.ts'
import { type IdleRow, quietWeek } from './bench/idle.ts'
import { measureRollOut, quietEnvironment, type RollOut } from './bench/measure.ts'
import { measureNotices, type NoticesBench } from './bench/notices.ts'
import { measureNight, type Night } from './bench/sleepers.ts'
import { inMany, type Sweep, sweepOf } from './bench/sweep.ts'
import { measureTags, type TagSweep } from './bench/tags.ts'

const SEEDS = [1, 2, 3, 4, 5]
const MANY = 50
const SLEEPERS = 1000
const [TAGGED, UNTAGGED] = [10_000, 1_000]

/** What is measured, as `--json` prints it. Seconds are simulated but for `cpuSeconds`. */
type Bench = {
  rollOut: RollOut
  sweep: { calls7: number; bound7: number; calls50: number; bound50: number }
  night: Night
  tags: TagSweep
  notices: NoticesBench
  /** Nobody pushes, and nothing sleeps. */
  quietWeek: { transitions: number; cpuSeconds: number }
  /** Of the example, in which nobody pushes and nights are slept through. */
  idle: Idle
  /** The control plane of an environment of many services that all sleep at night. */
  sleeping: Idle & { savedUsdPerMonth: number }
  /** The same, and each is looked at for whether anybody uses it. */
  judged: Idle
  simulation: { cpuMillisecondsPerCall: number }
  bundles: Record<string, number>
}

/** What the control plane costs in a month; `usdPerMonth` without its secrets. */
type Idle = { usdPerMonth: number; withSecretsUsdPerMonth: number; rows: IdleRow[] }

/** Prints what the product costs in calls, transitions, seconds and money, and how fast time runs here. */
export async function bench({ json }: { json?: boolean }): Promise<number> {
  const measured = await measure()
  console.log(json ? JSON.stringify(measured, undefined, 2) : table(measured))
  return 0
}

async function measure(): Promise<Bench> {
  const rollOuts: RollOut[] = []
  for (const seed of SEEDS) rollOuts.push(await measureRollOut(seed))
  const awake = await withoutSchedules(async (catalog) =>
    quietWeek(await quietEnvironment(catalog)),
  )
  const example = await quietEnvironment()
  const few = await sweepOf(example)
  const { cpuSeconds, calls, idle } = await quietWeek(example)
  const many = await inMany(MANY, async (simulation) => ({
    sweep: await sweepOf(simulation),
    week: await quietWeek(simulation),
  }))
  const judged = await inMany(MANY, quietWeek, true)
  return {
    rollOut: mean(rollOuts),
    sweep: sweeps(few, many.sweep),
    night: await measureNight(SLEEPERS),
    tags: await measureTags(TAGGED, UNTAGGED),
    notices: await measureNotices(),
    quietWeek: { transitions: awake.transitions, cpuSeconds: rounded(awake.cpuSeconds, 2) },
    idle: monthOf(idle),
    sleeping: {
      ...monthOf(many.week.idle),
      savedUsdPerMonth: rounded(many.week.savedUsdPerMonth, 2),
    },
    judged: monthOf(judged.idle),
    simulation: { cpuMillisecondsPerCall: rounded((cpuSeconds * 1000) / calls, 3) },
    bundles: await sizesOf(),
  }
}

function monthOf(rows: IdleRow[]): Idle {
  const sum = (of: readonly IdleRow[]) =>
    rounded(
      of.reduce((total, { usdPerMonth }) => total + usdPerMonth, 0),
      2,
    )
  return {
    usdPerMonth: sum(rows.filter(({ what }) => what !== 'secrets')),
    withSecretsUsdPerMonth: sum(rows),
    rows,
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

const section = (title: string, rows: readonly Row[]) =>
  [title, ...rows.map(([what, value]) => `  ${what.padEnd(48)} ${value}`)].join('\n')

const dollars = (usd: number) => `$${usd.toFixed(4)}`

const month = ({ rows, usdPerMonth, withSecretsUsdPerMonth }: Idle): Row[] => [
  ...rows.map(({ what, count, usdPerMonth: usd }): Row => [`${count} ${what}`, dollars(usd)]),
  ['together', dollars(withSecretsUsdPerMonth)],
  ['without its secrets', dollars(usdPerMonth)],
]

const nightOf = ({ services, scaled, bound, secondsBound, ...night }: Night): string =>
  section(
    `Night falls over ${services} services, ${scaled} of them scaled, at half of ECS's rate`,
    [
      ['AWS calls', `${night.calls} (lower bound ${bound})`],
      ['throttled', String(night.throttled)],
      [
        'to the last UpdateService',
        `${night.seconds.toFixed(1)} s (lower bound ${secondsBound} s)`,
      ],
      ['to the last task that has ended', `${night.secondsToSleep.toFixed(1)} s`],
      ['state transitions', String(night.transitions)],
    ],
  )

const tagsOf = ({ resources, lacking, bound, ...sweep }: TagSweep): string =>
  section(`A sweep of tags over ${resources} resources, ${lacking} of which lack some`, [
    ['AWS calls', `${sweep.calls} (lower bound ${bound})`],
    ['throttled', String(sweep.throttled)],
    ['complete afterwards', String(sweep.tagged)],
    ['from the first call to the last', `${sweep.seconds.toFixed(1)} s`],
    ['writes of the sweep a day later', String(sweep.secondWrites)],
  ])

function table(measured: Bench): string {
  const { rollOut, sweep, night, notices, quietWeek: week, idle, sleeping, judged } = measured
  const { simulation } = measured
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
    nightOf(night),
    tagsOf(measured.tags),
    section('What is told', [
      ['Slack calls of a roll-out', String(notices.slackCallsPerRollOut)],
      ['Slack calls of an episode of an alarm', String(notices.slackCallsPerEpisode)],
      ['AWS calls of an episode', String(notices.awsCallsPerEpisode)],
      ['from the alarm to Slack', `${notices.secondsToSlack.toFixed(1)} s`],
    ]),
    section('A week in which nobody pushes, and nothing sleeps', [
      ['state transitions', String(week.transitions)],
      ['takes here, in CPU seconds', week.cpuSeconds.toFixed(1)],
      ['CPU milliseconds per simulated call', simulation.cpuMillisecondsPerCall.toFixed(3)],
    ]),
    section('The control plane of the example, idle, a month at list prices', month(idle)),
    section(`The same of ${MANY} services that sleep every night`, [
      ...month(sleeping),
      ['what their tasks did not cost meanwhile', dollars(sleeping.savedUsdPerMonth)],
    ]),
    section('The same, and it is looked at whether anybody uses them (idle: 4h)', month(judged)),
    section(
      'Bundles',
      Object.entries(measured.bundles).map(
        ([name, bytes]): Row => [name, `${(bytes / 1000).toFixed(1)} kB`],
      ),
    ),
  ].join('\n\n')
}
