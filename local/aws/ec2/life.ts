import type {
  InstanceStateName,
  StartInstancesRequest,
  StopInstancesRequest,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { World } from '../world.ts'
import { mayGrantKeys } from './keys.ts'
import { type Ec2Store, type StoredInstance, stateOf } from './model.ts'
import { type Change, changeable } from './refusals.ts'
import { endVolumes } from './volumes.ts'

/**
 * How long an instance is in a transitional state, in milliseconds, as a range that the seed draws from.
 * AWS promises none of these.
 */
const RANGES = {
  pending: [10_000, 40_000],
  stopping: [20_000, 70_000],
  'shutting-down': [20_000, 60_000],
} as const

/** What each transitional state leads to. */
const NEXT = { pending: 'running', stopping: 'stopped', 'shutting-down': 'terminated' } as const

type Transitional = keyof typeof NEXT

/** A terminated instance can be described for about an hour. */
const REMEMBERED_MILLISECONDS = 3_600_000

/** Status checks pass a minute or two after an instance runs; AWS says "a few minutes". */
const CHECKS_MILLISECONDS = [60_000, 150_000] as const

/**
 * "You must wait for about two minutes for Linux instances after launch before hibernating."
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-instance-hibernate.html
 */
const HIBERNATES_AFTER_MILLISECONDS = 120_000

/** From which states an instance is started, stopped and ended, and in which that changes nothing. */
const CHANGES = {
  started: { through: 'pending', from: ['stopped'], already: ['pending', 'running'] },
  stopped: { through: 'stopping', from: ['running'], already: ['stopping', 'stopped'] },
  terminated: {
    through: 'shutting-down',
    from: ['pending', 'running', 'stopping', 'stopped'],
    already: ['shutting-down', 'terminated'],
  },
} as const satisfies Record<
  Change,
  { through: Transitional; from: InstanceStateName[]; already: InstanceStateName[] }
>

const SHUTDOWN = { code: 'Client.UserInitiatedShutdown', words: 'User initiated shutdown' }
const HIBERNATE = { code: 'Client.UserInitiatedHibernate', words: 'User initiated hibernate' }
/** https://repost.aws/knowledge-center/kms-iam-ec2-permission */
const NO_GRANT = { code: 'Client.InternalError', words: 'Client error on launch' }

type Reason = typeof SHUTDOWN

/** Starting, stopping and terminating. One id that cannot be changed fails the whole call. */
export function lifeOperations(store: Ec2Store) {
  return {
    StartInstances: (input: StartInstancesRequest, caller: Caller) => {
      onlyMembers('ec2:StartInstances', input, ['InstanceIds'])
      return { StartingInstances: start(store, input.InstanceIds, caller) }
    },
    // Nothing runs inside that `Force` would not wait for.
    StopInstances: (input: StopInstancesRequest) => {
      onlyMembers('ec2:StopInstances', input, ['InstanceIds', 'Force', 'Hibernate'])
      const machines = those(store, input.InstanceIds, 'stopped')
      if (input.Hibernate) for (const machine of machines) checkHibernation(store, machine)
      const why = input.Hibernate ? HIBERNATE : SHUTDOWN
      return { StoppingInstances: changeAll(store, machines, 'stopped', why) }
    },
    TerminateInstances: (input: TerminateInstancesRequest, { kind }: Caller) => {
      onlyMembers('ec2:TerminateInstances', input, ['InstanceIds'])
      const machines = those(store, input.InstanceIds, 'terminated', kind !== 'aws')
      return { TerminatingInstances: changeAll(store, machines, 'terminated', SHUTDOWN) }
    },
  }
}

function those(
  store: Ec2Store,
  ids: readonly string[] | undefined,
  to: Change,
  isProtected = true,
): StoredInstance[] {
  const states = [...CHANGES[to].from, ...CHANGES[to].already]
  return changeable(store, ids, { to, states, isProtected })
}

/** @throws AwsError InsufficientInstanceCapacity, which fails the whole call and names no instance. */
function start(store: Ec2Store, ids: readonly string[] | undefined, caller: Caller) {
  const machines = those(store, ids, 'started')
  const stopped = machines.filter(({ shape }) => shape.State?.Name === 'stopped')
  if (stopped.some(({ shape }) => store.lacks(shape.InstanceType, shape.Placement))) {
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html
    throw new AwsError('InsufficientInstanceCapacity', 'Insufficient capacity.', {
      statusCode: 500,
    })
  }
  const answer = changeAll(store, machines, 'started')
  for (const machine of stopped) {
    if (!mayGrantKeys(store.aws, caller, machine.keys)) fallBack(store, machine)
  }
  return answer
}

function changeAll(store: Ec2Store, machines: StoredInstance[], to: Change, why?: Reason) {
  const from: readonly (string | undefined)[] = CHANGES[to].from
  return machines.map((machine) => {
    const PreviousState = machine.shape.State
    if (from.includes(machine.shape.State?.Name)) {
      beginTransition(store, machine, CHANGES[to].through)
      explain(store, machine, why)
    }
    return { InstanceId: machine.id, PreviousState, CurrentState: machine.shape.State }
  })
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html */
function explain({ aws }: Ec2Store, { shape }: StoredInstance, why: Reason | undefined): void {
  const at = aws.world.date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' GMT')
  shape.StateTransitionReason = why === undefined ? '' : `User initiated (${at})`
  if (why === undefined) delete shape.StateReason
  else shape.StateReason = { Code: why.code, Message: `${why.code}: ${why.words}` }
}

/** @throws AwsError UnsupportedHibernationConfiguration */
function checkHibernation({ aws }: Ec2Store, { id, shape, runningSince = 0 }: StoredInstance) {
  if (shape.State?.Name !== 'running') return
  if (shape.HibernationOptions?.Configured !== true) {
    throw unsupportedHibernation(
      `The instance can't be hibernated because it was not configured at launch for hibernation: ${id}`,
    )
  }
  if (aws.world.now - runningSince < HIBERNATES_AFTER_MILLISECONDS) {
    // The code and the words are as AWS answers; no public document of AWS has them.
    throw new AwsError(
      'UnsupportedOperation',
      `Instance is not ready to hibernate yet, retry in a few minutes: ${id}`,
    )
  }
}

export const unsupportedHibernation = (message: string): AwsError =>
  new AwsError('UnsupportedHibernationConfiguration', message)

/** Starts a change: the transitional state now, the state after it when its time is over. */
export function beginTransition(
  store: Ec2Store,
  machine: StoredInstance,
  through: Transitional,
): void {
  const { world } = store.aws
  machine.next?.cancel()
  enter(store, machine, through)
  const to = NEXT[through]
  machine.next = world.after(duration(world, through), `EC2: ${machine.id} is ${to}`, () => {
    if (to === 'running') beginChecks(world, machine)
    enter(store, machine, to)
    if (to !== 'terminated') return
    endVolumes(store, machine)
    forget(store, machine)
  })
  if (through === 'pending') machine.shape.LaunchTime = world.date
}

/** In place of running, an instance whose volumes cannot be decrypted is stopped again. */
function fallBack(store: Ec2Store, machine: StoredInstance): void {
  machine.next?.cancel()
  const { world } = store.aws
  machine.next = world.after(duration(world, 'pending'), `EC2: ${machine.id} falls back`, () => {
    explain(store, machine, NO_GRANT)
    machine.shape.StateTransitionReason = ''
    enter(store, machine, 'stopped')
  })
}

function beginChecks(world: World, machine: StoredInstance): void {
  const [soonest, latest] = CHECKS_MILLISECONDS
  machine.runningSince = world.now
  machine.checkedFrom = world.now + Math.round(world.random.between('ec2/checks', soonest, latest))
}

function duration(world: World, transitional: Transitional): number {
  const [low, high] = RANGES[transitional]
  return Math.round(world.random.between(`ec2/${transitional}`, low, high))
}

/** Every change of state is an event, best effort. */
function enter({ aws }: Ec2Store, machine: StoredInstance, state: InstanceStateName): void {
  machine.shape.State = stateOf(state)
  aws.emit({
    source: 'aws.ec2',
    detailType: 'EC2 Instance State-change Notification',
    resources: [machine.arn],
    detail: { 'instance-id': machine.id, state },
    delivery: 'best-effort',
  })
}

function forget({ aws, instances }: Ec2Store, { id }: StoredInstance): void {
  aws.world.after(REMEMBERED_MILLISECONDS, `EC2 forgets ${id}`, () => instances.delete(id))
}
