import { cut } from '../text.ts'
import type { Member, Seen } from './resource.ts'

/** What becomes of a group's instances when it sleeps: the value of `caretaker:instances`. */
const CHOICES = ['ended', 'stopped'] as const
type Choice = (typeof CHOICES)[number]

/**
 * What a group does by itself while its instances are stopped, all of which is suspended: it would
 * end them, launch others, or be scaled. `AddToLoadBalancer` goes on: a stopped instance stays a
 * target, and one that enters meanwhile would never become one.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-how-suspending-processes-affects-other-processes.html
 */
const HELD = [
  'AZRebalance',
  'AlarmNotification',
  'HealthCheck',
  'InstanceRefresh',
  'Launch',
  'ReplaceUnhealthy',
  'ScheduledActions',
  'Terminate',
]

/** Whether a group does nothing by itself. @param suspended the names of its processes. */
export const isHeld = (suspended: readonly string[]): boolean =>
  HELD.every((name) => suspended.includes(name))

/** What is to be suspended before its instances are stopped. */
export const toSuspend = (suspended: readonly string[]): string[] =>
  HELD.filter((name) => !suspended.includes(name))

/** What is to be resumed: all that was not suspended before. @param before what was. */
export const toResume = (
  suspended: readonly string[] = [],
  before: readonly string[] = [],
): string[] => HELD.filter((name) => suspended.includes(name) && !before.includes(name))

/**
 * In which phase a held group is; of one that is not held its own count says that. Where some run
 * and some do not, the others are still to be moved, whichever way it goes.
 *
 * @param isWaking it is being woken.
 * @param isHealthy every instance that runs passes what the group asks of it.
 */
export function phaseOf(
  members: readonly Pick<Member, 'state'>[],
  { isWaking, isHealthy }: { isWaking: boolean; isHealthy: boolean },
): Seen['phase'] {
  const has = (state: Member['state']) => members.some((one) => one.state === state)
  if (has('stopping')) return 'falling'
  if (has('pending')) return 'rising'
  if (!has('running')) return 'down'
  if (has('stopped')) return isWaking ? 'down' : 'up'
  return isHealthy ? 'up' : 'rising'
}

/** @returns undefined for a value that means nothing. */
export const choiceOf = (value: string | undefined): Choice | undefined =>
  value === undefined ? 'ended' : CHOICES.find((one) => one === value)

/** What a group is, as far as it matters for whether it can sleep. */
export type Facts = {
  /** The value of `caretaker:instances`. */
  instances: string | undefined
  /** A capacity provider of ECS manages its size. */
  isManaged: boolean
  /** The state in which its warm pool keeps instances: `Running`, `Stopped`, `Hibernated`. */
  warmPool: string | undefined
  members: readonly Member[]
}

/**
 * Why a group is left alone; undefined when it can sleep as it is asked to.
 *
 * - Spot: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html (one-time requests,
 *   which Auto Scaling makes, cannot be stopped).
 * - Warm pools: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html (a pool is as
 *   large as what is missing to the maximum, so that a group of none has the largest).
 */
export function groupRefusal({
  instances,
  isManaged,
  warmPool,
  members,
}: Facts): string | undefined {
  const choice = choiceOf(instances)
  if (choice === undefined) {
    return `its tag caretaker:instances is "${cut(instances ?? '', 50)}"; allowed are ${CHOICES.join(' and ')}`
  }
  if (isManaged) return 'a capacity provider of ECS decides how many instances it has'
  if (warmPool === 'Running') {
    return 'its warm pool keeps instances running whatever its size: let the pool keep them stopped'
  }
  return choice === 'ended' ? undefined : memberRefusal(members)
}

const ELSE = 'With caretaker:instances = ended they end when it sleeps, and others are launched'

function memberRefusal(members: readonly Member[]): string | undefined {
  const spot = members.find(({ isSpot }) => isSpot)
  if (spot !== undefined)
    return `its ${spot.id} is a Spot instance, which AWS does not stop. ${ELSE}`
  const lost = members.find(({ losesData }) => losesData)
  if (lost !== undefined) return `its ${lost.id} would lose what is on its instance store. ${ELSE}`
  const bare = members.find(({ isTagged }) => !isTagged)
  return bare === undefined
    ? undefined
    : `its ${bare.id} does not carry caretaker:schedule: let the group propagate the tag at launch, and tag those that run`
}
