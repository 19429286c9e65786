import type {
  Instance,
  InstanceStateName,
  StartInstancesRequest,
  StopInstancesRequest,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import type { World } from '../world.ts'
import { type Ec2Store, notFound, type StoredInstance, stateOf } from './model.ts'

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
  string,
  { through: Transitional; from: InstanceStateName[]; already: InstanceStateName[] }
>

/** Starting, stopping and terminating. One id that cannot be changed fails the whole call. */
export function lifeOperations(store: Ec2Store) {
  return {
    StartInstances: (input: StartInstancesRequest) => {
      onlyMembers('ec2:StartInstances', input, ['InstanceIds'])
      return { StartingInstances: change(store, input.InstanceIds, 'started') }
    },
    // Nothing runs inside that `Force` would not wait for.
    StopInstances: (input: StopInstancesRequest) => {
      onlyMembers('ec2:StopInstances', input, ['InstanceIds', 'Force'])
      return { StoppingInstances: change(store, input.InstanceIds, 'stopped') }
    },
    TerminateInstances: (input: TerminateInstancesRequest) => {
      onlyMembers('ec2:TerminateInstances', input, ['InstanceIds'])
      return { TerminatingInstances: change(store, input.InstanceIds, 'terminated') }
    },
  }
}

function change(store: Ec2Store, ids: readonly string[] = [], to: keyof typeof CHANGES) {
  const { through, ...states } = CHANGES[to]
  const from: readonly string[] = states.from
  const possible = [...from, ...states.already]
  const machines = ids.map((id) => {
    const machine = store.instances.get(id)
    if (machine === undefined) throw notFound('InstanceID', 'instance ID', id)
    if (possible.includes(stateNameOf(machine))) return machine
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${id}' is not in a state from which it can be ${to}.`,
    )
  })
  return machines.map((machine) => {
    const PreviousState = machine.shape.State
    if (from.includes(stateNameOf(machine))) beginTransition(store, machine, through)
    return { InstanceId: machine.id, PreviousState, CurrentState: machine.shape.State }
  })
}

const stateNameOf = ({ shape }: StoredInstance): string => shape.State?.Name ?? ''

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
    enter(store, machine, to)
    if (to === 'terminated') forget(store, machine)
  })
  if (through === 'pending') machine.shape.LaunchTime = world.date
  machine.shape.StateTransitionReason = reason(through, machine.shape)
}

function duration(world: World, transitional: Transitional): number {
  const [low, high] = RANGES[transitional]
  return Math.round(world.random.between(`ec2/${transitional}`, low, high))
}

const reason = (through: Transitional, { LaunchTime }: Instance): string =>
  through === 'pending' ? '' : `User initiated (${LaunchTime?.toISOString()})`

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
