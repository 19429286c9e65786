import type { RollOutRecord } from '../../../domain/table/record.ts'
import { violatedIn } from '../../../local/invariants/all.ts'
import { Recording } from '../../../local/invariants/recording.ts'
import { GOOD } from '../roll-outs.ts'
import { untrueEndings } from './endings.ts'
import { Stormy } from './stormy.ts'
import { HAPPENINGS } from './strings.ts'

const SERVICES = ['orders', 'web', 'products', 'payments']
/** Runs at night: without an image each run fails, and its alarm says so. */
const JOB = 'nightly-report'
const HAPPENING_COUNT = 20
/** Deadlines of half an hour, drains of an hour, and the hour after which a failure is tried again. */
const SETTLED_MINUTES = 180

/** The day without any change takes a second: after every so manyth storm. */
const QUIET_EVERY = 25
/** The schedules of the catalog change nothing from Saturday to Sunday, which is when it is quiet. */
const FRIDAY = new Date('2026-03-06T09:00:00Z')
/** What failed is tried again for a day. */
const RETRIED_MINUTES = 27 * 60

export type Storm = { violations: string[]; history: string[] }

/**
 * Images, people, other tools and faults, all at once; then calm, until everything has ended.
 *
 * @returns what of `local/invariants` does not hold, and what happened.
 */
export async function storm(seed: number): Promise<Storm> {
  const quiet = seed % QUIET_EVERY === 0
  const storm = await Stormy.open(seed, quiet ? FRIDAY : undefined)
  const { stage, history } = storm
  const { world, faults, lambda } = stage.simulation
  const recording = new Recording(stage.simulation)
  stage.push(GOOD, JOB)
  // Most services have run something before the storm.
  for (const service of SERVICES.slice(0, 3)) {
    storm.pushed.set(service, [stage.push(GOOD, service)])
  }
  await stage.minutes(8)
  const rate = () => (storm.chance('rates') < 0.3 ? 0 : storm.chance('rates') ** 2)
  faults.set({ lose: rate(), duplicate: rate(), delay: rate(), reorder: rate(), stale: rate() })
  storm.note(`faults ${JSON.stringify(faults.rates)}`)
  const deadly = storm.pick('deadly', [0, 0, 0.002, 0.01])
  lambda.killer = () => storm.chance('kill') < deadly
  // Few services, so that things meet.
  const busy = [storm.pick('busy', SERVICES), storm.pick('busy', SERVICES)]
  for (let count = 0; count < HAPPENING_COUNT; count++) {
    await storm.pick('happening', HAPPENINGS)(storm, storm.pick('service', busy))
    // Mostly bursts, sometimes long enough for a roll-out to end.
    await world.run(Math.round(storm.chance('gap') ** 4 * 10 * 60_000))
  }
  faults.set({ lose: 0, duplicate: 0, delay: 0, reorder: 0, stale: 0 })
  lambda.killer = () => false
  storm.note('calm')
  await stage.minutes(SETTLED_MINUTES)
  if (quiet) await stage.minutes(RETRIED_MINUTES)
  const quietSince = world.now
  if (quiet) await stage.minutes(24 * 60)
  const trace = recording.trace({ settled: true, ...(quiet && { quietSince }) })
  return {
    violations: [...violatedIn(trace), ...untrueEndings(trace)],
    history: [...history, ...trace.items.records.map(told)],
  }
}

const told = ({ subject, detail, at, endedAt, verdict, reason }: RollOutRecord): string =>
  `${subject} ${detail.digest.slice(7, 15)} of ${at}: ${verdict} at ${endedAt}: ${reason}`
