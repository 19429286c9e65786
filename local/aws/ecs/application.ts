import type { HealthCheck } from '@aws-sdk/client-ecs'
import type { ImageDescription } from '../ecr/image.ts'
import type { World } from '../world.ts'
import { duration } from './durations.ts'

/** What runs in a container: when it answers and when it ends. Milliseconds since the epoch. */
export type Application = {
  startedAt: number
  answersFrom: number
  answersUntil: number
  exit?: { at: number; code: number }
  /** Whether it leaves on SIGTERM or has to be killed. */
  obedient: boolean
  /** How long it finishes its work after SIGTERM. */
  leavesAfter?: number
  /** What it logs when it has started, and what it logs before it crashes. */
  greeting: string
  lastWords: readonly string[]
}

const NEVER = Number.POSITIVE_INFINITY

/** The last lines of a typical crash, for images that define no log. */
const CRASH = [
  'Error: connect ECONNREFUSED 10.0.3.17:5432',
  '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16)',
  '    at async Database.connect (/app/src/database.js:41:5)',
  '    at async start (/app/src/server.js:18:3)',
  'Node.js v24.4.1',
]

/**
 * What a container of this image does, started now.
 *
 * @param once it is a task of its own, not of a service: a healthy one does its work and ends.
 */
export function applicationOf(
  world: World,
  image: ImageDescription,
  { port, once }: { port: number; once: boolean },
): Application {
  const { behaviour = 'healthy', exitCode = 1, after, startup, logs = CRASH } = image
  const { now } = world
  const upAt = now + (startup === undefined ? duration(world, 'startup') : startup * 1000)
  const application: Application = {
    startedAt: now,
    answersFrom: upAt,
    answersUntil: NEVER,
    obedient: behaviour !== 'unhealthy',
    ...(image.shutdown === undefined ? {} : { leavesAfter: image.shutdown * 1000 }),
    greeting: `listening on port ${port}`,
    lastWords: [],
  }
  if (behaviour === 'crashes') {
    const at = now + (after === undefined ? duration(world, 'crash') : after * 1000)
    return { ...application, answersUntil: at, exit: { at, code: exitCode }, lastWords: logs }
  }
  if (behaviour === 'unhealthy') {
    return { ...application, answersUntil: after === undefined ? now : now + after * 1000 }
  }
  if (once) {
    const exit = { at: upAt + duration(world, 'work'), code: 0 }
    return { ...application, exit, greeting: 'begins', lastWords: ['done'] }
  }
  return application
}

/** What an image does when it is started with these words in place of its own. */
export function commanded(image: ImageDescription, words: readonly string[]): ImageDescription {
  const { failing } = image
  if (failing === undefined || !words.includes(failing.command)) return image
  const { exitCode = 1, logs = CRASH } = failing
  // A command that works and ends listens to nobody.
  return { behaviour: 'crashes', exitCode, logs, startup: NEVER }
}

/** A binary for another processor does not even start. */
export function wrongArchitecture(world: World): Application {
  const { now } = world
  return {
    startedAt: now,
    answersFrom: NEVER,
    answersUntil: now,
    exit: { at: now + 200, code: 1 },
    obedient: true,
    greeting: '',
    lastWords: ['exec /app/server: exec format error'],
  }
}

export const answers = ({ answersFrom, answersUntil, exit }: Application, at: number): boolean =>
  answersFrom <= at && at < answersUntil && at < (exit?.at ?? NEVER)

/**
 * When a container's health check will call it healthy, and when unhealthy, if ever. A failure
 * within the start period does not count.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export function healthMoments(
  check: HealthCheck,
  application: Application,
): { healthyAt?: number; unhealthyAt?: number } {
  const interval = (check.interval ?? 30) * 1000
  const retries = check.retries ?? 3
  const { startedAt, answersFrom, answersUntil } = application
  const checkAfter = (moment: number) =>
    startedAt + Math.max(1, Math.ceil((moment - startedAt) / interval)) * interval
  const timeout = (check.timeout ?? 5) * 1000
  const firstCounted = checkAfter(startedAt + (check.startPeriod ?? 0) * 1000 + 1)
  const givenUpAt = firstCounted + (retries - 1) * interval + timeout
  const healthyAt = checkAfter(answersFrom)
  if (answersUntil <= answersFrom || healthyAt > givenUpAt || healthyAt >= answersUntil) {
    return { unhealthyAt: givenUpAt }
  }
  if (answersUntil === NEVER) return { healthyAt }
  return { healthyAt, unhealthyAt: checkAfter(answersUntil) + (retries - 1) * interval + timeout }
}
