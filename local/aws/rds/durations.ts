import type { World } from '../world.ts'

const MINUTE = 60_000

/**
 * How long things take in RDS, in milliseconds, as a range that the seed draws from, for a small
 * instance. AWS promises none of these: "stop up to an hour, start minutes to hours".
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 */
const RANGES = {
  creating: [4 * MINUTE, 7 * MINUTE],
  starting: [4 * MINUTE, 9 * MINUTE],
  stopping: [2 * MINUTE, 6 * MINUTE],
  rebooting: [0.5 * MINUTE, 1.5 * MINUTE],
  modifying: [2 * MINUTE, 5 * MINUTE],
  deleting: [2 * MINUTE, 4 * MINUTE],
} as const satisfies Record<string, readonly [number, number]>

/** The states of an instance while it changes from one lasting state to another. */
export type Transition = keyof typeof RANGES

export function duration(world: World, transition: Transition): number {
  const [low, high] = RANGES[transition]
  return Math.round(world.random.between(`rds/${transition}`, low, high))
}

/**
 * AWS starts what has been stopped for so long, so that it does not miss maintenance.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 */
export const LONGEST_STOP_MILLISECONDS = 7 * 24 * 60 * MINUTE
