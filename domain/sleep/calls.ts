import { isHeld, toResume, toSuspend } from './groups.ts'
import { type Bounds, isHeldDown, type Member, type Rest, type Seen } from './resource.ts'
import { wakeSize } from './settle.ts'
import type { Known } from './steps.ts'

/** A call of AWS's as the machine makes it; `of`: the resources that it is about. */
export type Move = { of: string[]; calls: Call[] }
export type Call =
  | { call: 'RegisterScalableTarget'; arguments: Record<string, unknown> }
  | { call: 'UpdateService'; arguments: { Cluster: string; Service: string; DesiredCount: number } }
  | { call: 'StartInstances'; arguments: { InstanceIds: string[] } }
  | { call: 'StopInstances'; arguments: { InstanceIds: string[]; Hibernate?: true } }
  | {
      call: 'StopDbInstance' | 'StartDbInstance'
      arguments: { DbInstanceIdentifier: string }
    }
  | { call: 'StopDbCluster' | 'StartDbCluster'; arguments: { DbClusterIdentifier: string } }
  | { call: 'RegisterTargets'; arguments: { TargetGroupArn: string; Targets: { Id: string }[] } }
  | { call: 'CreateRule'; arguments: Record<string, unknown> }
  | { call: 'DeleteRule'; arguments: { RuleArn: string } }
  | {
      call: 'SuspendProcesses' | 'ResumeProcesses'
      arguments: { AutoScalingGroupName: string; ScalingProcesses: string[] }
    }
  | {
      call: 'UpdateAutoScalingGroup'
      arguments: {
        AutoScalingGroupName: string
        MinSize: number
        DesiredCapacity: number
      }
    }

/** Instances that one call names: one that AWS refuses fails them all, and they are halved. */
const INSTANCES_AT_ONCE = 100

/**
 * The calls that bring these resources to where they are to go. Instances are changed many at a
 * time; those that a call was refused for before are tried in halves.
 *
 * @param refused the ids of each call that AWS refused for one of several instances.
 * @param first what is called before, by the resource's id.
 */
export function movesOf(
  due: readonly { known: Known; to: Rest }[],
  refused: readonly (readonly string[])[] = [],
  first: ReadonlyMap<string, Call[]> = new Map(),
): Move[] {
  const instances = due.filter(({ known }) => known.seen.kind === 'instance')
  const others = due.filter(({ known }) => known.seen.kind !== 'instance')
  // What AWS has refused by itself before would fail the others with it.
  const isAlone = ({ known }: { known: Known }) => known.kept.moving?.error !== undefined
  const alone = instances.filter(isAlone)
  return [
    ...alone.map((one) => instanceMove([one.known.seen.id], wayOf(one))),
    ...(['start', 'stop', 'hibernate'] as const).flatMap((way) =>
      batches(
        instances
          .filter((one) => wayOf(one) === way && !isAlone(one))
          .map(({ known }) => known.seen.id),
        refused,
      ).map((of) => instanceMove(of, way)),
    ),
    ...others.flatMap(({ known, to }) => {
      const { id, members } = known.seen
      const before = first.get(id) ?? []
      if (members !== undefined) return memberMoves(known, members, to)
      return [{ of: [id], calls: [...before, ...callsOf(known, to)] }]
    }),
  ]
}

const nameOf = (id: string): string => id.split('/').at(-1) ?? ''

function batches(ids: readonly string[], refused: readonly (readonly string[])[]): string[][] {
  const open = new Set(ids)
  const halves: string[][] = []
  for (const together of refused) {
    const left = together.filter((id) => open.delete(id))
    const middle = Math.ceil(left.length / 2)
    halves.push(left.slice(0, middle), left.slice(middle))
  }
  const rest = [...open]
  for (let start = 0; start < rest.length; start += INSTANCES_AT_ONCE) {
    halves.push(rest.slice(start, start + INSTANCES_AT_ONCE))
  }
  return halves.filter(({ length }) => length > 0)
}

type Way = 'start' | 'stop' | 'hibernate'

/**
 * One call hibernates all that it names, and is refused for all if one of them cannot.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
 */
function wayOf({ known: { seen, kept, want }, to }: { known: Known; to: Rest }): Way {
  if (to === 'awake') return 'start'
  return seen.hibernates && !kept.moving?.plain && !want.isLong ? 'hibernate' : 'stop'
}

function instanceMove(of: string[], way: Way): Move {
  const InstanceIds = of.map(nameOf)
  if (way === 'start')
    return { of, calls: [{ call: 'StartInstances', arguments: { InstanceIds } }] }
  const more = way === 'hibernate' ? ({ Hibernate: true } as const) : {}
  return { of, calls: [{ call: 'StopInstances', arguments: { InstanceIds, ...more } }] }
}

function callsOf(known: Known, to: Rest): Call[] {
  const { seen } = known
  if (seen.kind === 'service') return serviceCalls(known, to)
  if (seen.kind === 'group') return groupCalls(known, to)
  const name = nameOf(seen.id)
  if (seen.kind === 'database') {
    const call = to === 'awake' ? 'StartDbInstance' : 'StopDbInstance'
    return [{ call, arguments: { DbInstanceIdentifier: name } }]
  }
  const call = to === 'awake' ? 'StartDbCluster' : 'StopDbCluster'
  return [{ call, arguments: { DbClusterIdentifier: name } }]
}

/**
 * Before a service sleeps, nothing may scale it up again; it is scaled again after it has woken.
 * A minimum above the desired count would raise it at once.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
function serviceCalls({ seen, kept }: Known, to: Rest): Call[] {
  const [, Cluster = '', Service = ''] = seen.id.split('/')
  const { size } = seen
  if (to === 'asleep') {
    return [
      ...(isHeldDown(size?.bounds) ? [] : [scale(seen, { min: 0, suspended: true })]),
      ...(size?.desired === 0 ? [] : [update(Cluster, Service, 0)]),
    ]
  }
  const wanted = wakeSize(seen, kept)
  const bounds = wanted?.bounds
  return [
    ...(wanted === undefined || size?.desired === wanted.desired
      ? []
      : [update(Cluster, Service, wanted.desired)]),
    ...(bounds === undefined || isSame(bounds, size?.bounds) ? [] : [scale(seen, bounds)]),
  ]
}

const isSame = (one: Bounds, other: Bounds | undefined): boolean =>
  one.min === other?.min && one.max === other.max && one.suspended === other.suspended

const update = (Cluster: string, Service: string, DesiredCount: number): Call => ({
  call: 'UpdateService',
  arguments: { Cluster, Service, DesiredCount },
})

/** The maximum is not named: AWS keeps what an update leaves out, and so what somebody sets meanwhile. */
const scale = ({ id }: Seen, { min, suspended }: Omit<Bounds, 'max'>): Call => ({
  call: 'RegisterScalableTarget',
  arguments: {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: id,
    MinCapacity: min,
    SuspendedState: {
      DynamicScalingInSuspended: suspended,
      DynamicScalingOutSuspended: suspended,
      ScheduledScalingSuspended: suspended,
    },
  },
})

/**
 * A group whose instances are stopped does nothing by itself meanwhile: that is suspended before the
 * first is stopped, and resumed once all run and are healthy. After a refusal each instance is asked
 * for by itself: one that AWS has no capacity for keeps no other from its start.
 */
function memberMoves({ seen, kept }: Known, members: readonly Member[], to: Rest): Move[] {
  const AutoScalingGroupName = nameOf(seen.id)
  const suspended = seen.size?.processes ?? []
  const of = [seen.id]
  const idsOf = (state: Member['state']) =>
    members.filter((one) => one.state === state).map(({ id }) => id)
  const call = to === 'awake' ? 'StartInstances' : 'StopInstances'
  const move = (InstanceIds: string[]): Call[] =>
    InstanceIds.length === 0 ? [] : [{ call, arguments: { InstanceIds } }]
  const ids = idsOf(to === 'awake' ? 'stopped' : 'running')
  const isHeldNow = isHeld(suspended)
  if (to === 'asleep' && !isHeldNow) {
    const ScalingProcesses = toSuspend(suspended)
    const first = {
      call: 'SuspendProcesses',
      arguments: { AutoScalingGroupName, ScalingProcesses },
    } as const
    return [{ of, calls: [first, ...move(ids)] }]
  }
  if (ids.length > 0) {
    const each = kept.moving?.error === undefined ? [ids] : ids.map((id) => [id])
    return each.map((some) => ({ of, calls: move(some) }))
  }
  const ScalingProcesses = toResume(suspended, kept.captured?.processes)
  if (to === 'asleep' || ScalingProcesses.length === 0) return []
  const last = {
    call: 'ResumeProcesses',
    arguments: { AutoScalingGroupName, ScalingProcesses },
  } as const
  return [{ of, calls: [last] }]
}

/** Its maximum is not named either, and stays. */
function groupCalls({ seen, kept }: Known, to: Rest): Call[] {
  const wanted = to === 'asleep' ? undefined : wakeSize(seen, kept)
  const size = { MinSize: wanted?.bounds?.min ?? 0, DesiredCapacity: wanted?.desired ?? 0 }
  return [
    {
      call: 'UpdateAutoScalingGroup',
      arguments: { AutoScalingGroupName: nameOf(seen.id), ...size },
    },
  ]
}
