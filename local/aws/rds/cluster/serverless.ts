import type { DBCluster, ServerlessV2ScalingConfiguration } from '@aws-sdk/client-rds'
import {
  type Cluster,
  type Databases,
  type Instance,
  invalidCombination,
  invalidValue,
} from '../model.ts'
import { takesConnections } from '../status.ts'

/** Seconds: how soon an instance may pause, and does when nothing is said. */
const PAUSE = { least: 300, most: 86_400, usual: 300 }

/** From these versions on, by their major part; before them the least capacity is half a unit. */
const PAUSING: Readonly<Record<string, readonly string[]>> = {
  'aurora-postgresql': ['13.15', '14.12', '15.7', '16.3'],
  'aurora-mysql': ['8.0.mysql_aurora.3.08.0'],
}

const numbers = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number)

/** 14.12 and 14.13 are not before 14.12, 17.1 is not before 16.3; 15.2 is before 15.7. */
function canPause({ Engine = '', EngineVersion = '' }: DBCluster): boolean {
  const given = numbers(EngineVersion)
  const known = (PAUSING[Engine] ?? []).map(numbers)
  const own = known.find(([major]) => major === given[0])
  if (own === undefined) return (given[0] ?? 0) > Math.max(...known.map(([major = 0]) => major), 0)
  const differs = own.findIndex((part, index) => part !== (given[index] ?? 0))
  return differs < 0 || (given[differs] ?? 0) > (own[differs] ?? 0)
}

/**
 * - https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 * - https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html
 *
 * @returns the configuration as a cluster shows it.
 */
export function readScaling(
  shape: DBCluster,
  given: ServerlessV2ScalingConfiguration,
): ServerlessV2ScalingConfiguration {
  const { MinCapacity: least = 0.5, MaxCapacity: most, SecondsUntilAutoPause: seconds } = given
  const units = (value: number) => value >= 0 && value <= 256 && Number.isInteger(value * 2)
  if (most === undefined || !units(least) || !units(most) || most < 1 || least > most) {
    throw invalidValue(
      `Serverless v2 capacity is not valid: from ${least} to ${most} Aurora capacity units.`,
    )
  }
  if (least > 0) {
    if (seconds === undefined) return given
    throw invalidCombination('SecondsUntilAutoPause can only be set when MinCapacity is 0.')
  }
  if (!canPause(shape)) {
    throw invalidCombination(
      `The engine version ${shape.EngineVersion} of ${shape.Engine} doesn't support a MinCapacity of 0.`,
    )
  }
  if (seconds !== undefined && (seconds < PAUSE.least || seconds > PAUSE.most)) {
    throw invalidValue(`SecondsUntilAutoPause must be between ${PAUSE.least} and ${PAUSE.most}.`)
  }
  return { SecondsUntilAutoPause: PAUSE.usual, ...given }
}

/** The writer and the readers that may take its place pause together; each other reader by itself. */
function groupsOf(databases: Databases, cluster: Cluster): Instance[][] {
  const members = databases
    .membersOf(cluster)
    .filter(({ shape }) => shape.DBInstanceClass === 'db.serverless')
  const isNear = (one: Instance) => one === cluster.writer || (one.shape.PromotionTier ?? 1) <= 1
  return [members.filter(isNear), ...members.filter((one) => !isNear(one)).map((one) => [one])]
}

/** Called whenever connections, members or settings have changed. */
export function planPauses(databases: Databases, cluster: Cluster): void {
  const { world } = databases.aws
  for (const timer of cluster.pauses.splice(0)) timer.cancel()
  const scaling = cluster.shape.ServerlessV2ScalingConfiguration
  const pauses = scaling?.MinCapacity === 0 && cluster.shape.Status === 'available'
  for (const group of groupsOf(databases, cluster)) {
    const isUsed = group.some(({ connections = 0, shape }) => {
      return connections > 0 || !takesConnections(shape.DBInstanceStatus)
    })
    if (!pauses || isUsed) {
      for (const one of group) delete one.paused
      continue
    }
    const milliseconds = (scaling?.SecondsUntilAutoPause ?? PAUSE.usual) * 1000
    const pause = () => {
      for (const one of group) one.paused = true
    }
    if (group.every(({ paused }) => paused)) continue
    cluster.pauses.push(world.after(milliseconds, `RDS: ${cluster.id} pauses`, pause))
  }
}
