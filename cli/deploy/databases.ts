import {
  DBClusterNotFoundFault,
  DBInstanceNotFoundFault,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  RDSClient,
  StartDBClusterCommand,
  StartDBInstanceCommand,
} from '@aws-sdk/client-rds'
import { Problem } from '../problem.ts'
import type { Waiting } from './clean-up.ts'
import type { Database } from './template-databases.ts'

/** How often RDS is asked, and how often at most: for an hour, as CloudFormation waits. */
const [POLL_MILLISECONDS, POLLS] = [15_000, 240]

/** What takes no change and will by itself or once started: a start is often followed by a backup. */
const NOT_READY = /^(stopped|stopping|starting|backing-up)$/

/**
 * Starts those that are stopped and waits until all are available: RDS changes nothing about a
 * database that is stopped, and makes no snapshot of it.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 *
 * @param started is given those that it starts, also when it fails later.
 * @throws Problem when one is not available after an hour, or the person ends the command.
 */
export async function startDatabases(
  databases: readonly Database[],
  { configuration, print, sleep, interrupted }: Waiting,
  started: Set<Database> = new Set(),
): Promise<void> {
  const rds = new RDSClient(configuration)
  let waiting = [...databases]
  for (let poll = 0; poll < POLLS; poll++) {
    const still: Database[] = []
    for (const one of waiting) {
      const status = await statusOf(rds, one)
      if (status === undefined || !NOT_READY.test(status)) {
        if (poll > 0) print(`${one.name} is ${status ?? 'gone'}.`)
        continue
      }
      still.push(one)
      if (poll === 0) print(`${one.name} is ${status}: ${status === 'stopped' ? STARTS : WAITS}`)
      if (status === 'stopped' && (await start(rds, one))) started.add(one)
    }
    waiting = still
    if (waiting.length === 0) return
    await sleep(POLL_MILLISECONDS)
    if (interrupted.aborted) throw new Problem(`Ended while waiting for ${namesOf(waiting)}.`)
  }
  throw new Problem(
    `${namesOf(waiting)}: not available after an hour. Look at its events in the RDS console; once it is available, run this again.`,
  )
}

const STARTS = 'it is started, which takes some minutes.'
const WAITS = 'waiting until it is available.'

const namesOf = (databases: readonly Database[]): string =>
  databases.map(({ name }) => name).join(', ')

/** As RDS says it; undefined for one that is not there. */
async function statusOf(rds: RDSClient, { kind, name }: Database): Promise<string | undefined> {
  try {
    if (kind === 'cluster') {
      const input = { DBClusterIdentifier: name }
      const { DBClusters } = await rds.send(new DescribeDBClustersCommand(input))
      return DBClusters?.[0]?.Status
    }
    const input = { DBInstanceIdentifier: name }
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand(input))
    return DBInstances?.[0]?.DBInstanceStatus
  } catch (error) {
    const isGone =
      error instanceof DBInstanceNotFoundFault || error instanceof DBClusterNotFoundFault
    if (isGone) return undefined
    throw error
  }
}

/** @returns whether it was this call that has started it: somebody else may have been first. */
async function start(rds: RDSClient, { kind, name }: Database): Promise<boolean> {
  try {
    if (kind === 'cluster') {
      await rds.send(new StartDBClusterCommand({ DBClusterIdentifier: name }))
    } else await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier: name }))
    return true
  } catch (error) {
    const isLate =
      error instanceof InvalidDBInstanceStateFault || error instanceof InvalidDBClusterStateFault
    if (isLate) return false
    throw error
  }
}
