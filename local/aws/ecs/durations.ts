import type { World } from '../world.ts'

/**
 * How long things take in ECS on Fargate, in milliseconds, as a range that the seed draws from.
 * AWS promises none of these; they are what its users see (start of a small task: about half a
 * minute).
 */
const RANGES = {
  /** From a change until the service scheduler acts on it. */
  scheduling: [2_000, 6_000],
  /** Attaching the network interface: PROVISIONING. */
  provisioning: [7_000, 13_000],
  /** From connected to the agent until the pull starts. */
  connecting: [1_000, 2_500],
  /** Pulling an image that is there. */
  pulling: [5_000, 14_000],
  /** Giving up on an image that is not there. */
  pullFailing: [3_000, 8_000],
  /** From pulled until the containers run: ACTIVATING, with registrations. */
  activating: [800, 2_500],
  /** From SIGTERM until a well-behaved container has left. */
  stopping: [900, 2_800],
  /** Detaching the network interface. */
  deprovisioning: [6_000, 14_000],
  /** What a healthy image needs to answer, unless it says so itself. */
  startup: [2_500, 7_000],
  /** How long a task that is not a service's works before it ends. */
  work: [15_000, 60_000],
  /** What a crashing image needs to crash, unless it says so itself. */
  crash: [1_500, 4_000],
  /** One poll of a deployment's alarms. */
  alarmPoll: [28_000, 32_000],
} as const satisfies Record<string, readonly [number, number]>

type Duration = keyof typeof RANGES

export function duration(world: World, what: Duration): number {
  const [low, high] = RANGES[what]
  return Math.round(world.random.between(`ecs/${what}`, low, high))
}

/**
 * A task without any health check counts as healthy after running this long: ECS promises nothing
 * here, but a container that exits within a few seconds is counted as a failed start.
 */
export const SETTLING_MILLISECONDS = 10_000

/** Longest wait between SIGTERM and SIGKILL unless the container definition says otherwise. */
export const STOP_TIMEOUT_SECONDS = 30

/**
 * Bake time when alarms are on and none is given: "less than 5 minutes".
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export const BAKE_MILLISECONDS = 180_000

/** Stopped tasks can be described for an hour. API_DescribeTasks. */
export const REMEMBERED_MILLISECONDS = 3_600_000

/** After so many starts in a row that never reached RUNNING, ECS starts to wait in between. */
export const IMPAIRED_AFTER = 3

/**
 * The wait before the next start after `failures` starts in a row that never reached RUNNING:
 * grows up to 27 minutes, back to none with a new task definition.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
export function backOff(failures: number): number {
  if (failures < IMPAIRED_AFTER) return 0
  return Math.min(27 * 60_000, 10_000 * 2 ** (failures - IMPAIRED_AFTER))
}
