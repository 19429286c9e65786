import { RDSClient, StopDBClusterCommand, StopDBInstanceCommand } from '@aws-sdk/client-rds'
import type { Sleeper } from '../../domain/table/sleeper.ts'
import type { Configuration } from './account.ts'
import type { Waiting } from './clean-up.ts'
import { startDatabases } from './databases.ts'
import { type Change, changeSleeper, readSleeper, type Table } from './sleepers.ts'
import type { Database } from './template-databases.ts'

/** Caretaker looks every five minutes: within this it has seen that one was started. */
const [POLL_MILLISECONDS, POLLS] = [15_000, 40]

const idOf = ({ kind, name }: Database): string => `${kind}/${name}`

/**
 * Does something while these databases are up. Those that were stopped are started first and put
 * back afterwards, also when the work fails: what Caretaker had put to sleep by Caretaker, in its
 * order and only while nothing needs it; what somebody else had stopped is stopped again.
 *
 * @param acts whether Caretaker puts anything to sleep (`features.sleep: act`).
 * @throws Problem when one cannot be started; nothing was changed then.
 */
export async function whileAwake<Result>(
  databases: readonly Database[],
  { table, acts, ...waiting }: Waiting & { table: Table; acts: boolean },
  work: () => Promise<Result>,
): Promise<Result> {
  if (databases.length === 0) return work()
  const asleep = new Set<Database>()
  for (const one of acts ? databases : []) {
    const kept = await readSleeper(table, idOf(one))
    if (kept !== undefined && isAsleep(kept) && kept.hand === undefined) asleep.add(one)
  }
  const started = new Set<Database>()
  try {
    await startDatabases(databases, waiting, started)
    return await work()
  } finally {
    for (const one of started) {
      const putBack = asleep.has(one) ? giveBack(table, one, waiting) : stop(one, waiting)
      // The work may have failed, and that is what the person must read.
      waiting.print(await putBack.catch((error: Error) => `${one.name} runs: ${error.message}`))
    }
  }
}

/**
 * What was started here counts as a change by hand, which would hold until the next edge. Without
 * that, Caretaker puts it to sleep again with its next look.
 */
async function giveBack(
  table: Table,
  database: Database,
  { sleep, interrupted }: Waiting,
): Promise<string> {
  for (let poll = 0; poll < POLLS && !interrupted.aborted; poll++) {
    const kept = await readSleeper(table, idOf(database))
    if (kept === undefined || !isAsleep(kept)) break
    await sleep(POLL_MILLISECONDS)
  }
  const isGiven = await changeSleeper(table, idOf(database), withoutHand)
  return isGiven
    ? `${database.name}: Caretaker puts it back as its schedule says.`
    : `${database.name} was started by hand for Caretaker: it runs until the next edge of its schedule.`
}

/** Caretaker has stopped it, or does: RDS has stopped it before the look that sees that. Pure. */
export const isAsleep = ({ rest, moving }: Sleeper): boolean => (moving?.to ?? rest) === 'asleep'

/** One that somebody has stopped meanwhile is theirs. Pure. */
export function withoutHand({ rest, hand }: Sleeper): Change | undefined {
  if (rest !== 'awake' || hand?.to !== 'awake') return undefined
  return { remove: ['hand', 'told'] }
}

async function stop(
  { kind, name }: Database,
  { configuration }: { configuration: Configuration },
): Promise<string> {
  const rds = new RDSClient(configuration)
  if (kind === 'cluster') await rds.send(new StopDBClusterCommand({ DBClusterIdentifier: name }))
  else await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: name }))
  return `${name} is stopped again.`
}
