import type {
  TargetDescription,
  TargetHealth,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { World } from '../world.ts'
import type { Group, Target, TargetState } from './model.ts'

/** Whether a target answers its health check at this moment. */
export type Probe = (id: string, port: number) => boolean

export type HealthListener = (groupArn: string, id: string, state: TargetState | 'unused') => void

/**
 * Health of targets, without a periodic timer: a target's answer changes only when its task does, so
 * the moment its state will change can be computed from the interval and the thresholds. The owner
 * of a target calls `recheck` when its answer may have changed.
 *
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export class TargetHealthChecks {
  readonly #world: World
  probe: Probe = () => false
  changed: HealthListener = () => {}
  /** Called when a group has another number of targets, or of healthy ones. */
  counted: (group: Group) => void = () => {}

  constructor(world: World) {
    this.#world = world
  }

  register(group: Group, id: string, port: number): void {
    const key = `${id}:${port}`
    const known = group.targets.get(key)
    if (known !== undefined && known.state !== 'draining') return
    known?.timer?.cancel()
    if (group.shape.TargetType === 'lambda') {
      // A function has no health check here, which is AWS's default.
      group.targets.set(key, { id, port, state: 'unavailable', registeredAt: this.#world.now })
      return
    }
    const target: Target = { id, port, state: 'initial', registeredAt: this.#world.now }
    group.targets.set(key, target)
    this.counted(group)
    this.#check(group, target)
  }

  /** Drains the target, then forgets it. */
  deregister(group: Group, id: string, port: number): void {
    const target = group.targets.get(`${id}:${port}`)
    if (target === undefined || target.state === 'draining') return
    target.timer?.cancel()
    if (group.shape.TargetType === 'lambda') {
      group.targets.delete(`${id}:${port}`)
      return
    }
    const seconds = Number(group.attributes['deregistration_delay.timeout_seconds'] ?? 300)
    this.#setState(group, target, 'draining')
    target.timer = this.#world.after(seconds * 1000, `ELB drains ${id}`, () => {
      group.targets.delete(`${id}:${port}`)
      this.counted(group)
      this.changed(group.arn, id, 'unused')
    })
  }

  /** The target `id` may answer differently now. */
  recheck(groups: Iterable<Group>, id: string): void {
    for (const group of groups) {
      for (const target of group.targets.values()) if (target.id === id) this.#check(group, target)
    }
  }

  #check(group: Group, target: Target): void {
    if (target.state === 'draining' || target.state === 'unavailable') return
    const answering = this.probe(target.id, target.port)
    if (target.answering === answering && target.timer !== undefined) return
    target.timer?.cancel()
    delete target.timer
    target.answering = answering
    const next: TargetState = answering ? 'healthy' : 'unhealthy'
    if (target.state === next) return
    target.timer = this.#world.at(this.#momentOf(group, target, answering), 'ELB health', () => {
      delete target.timer
      this.#setState(group, target, next)
    })
  }

  /** A new target needs one good answer; later changes need the thresholds' number of answers. */
  #momentOf({ shape }: Group, target: Target, answering: boolean): number {
    const interval = (shape.HealthCheckIntervalSeconds ?? 30) * 1000
    const timeout = answering ? 0 : (shape.HealthCheckTimeoutSeconds ?? 5) * 1000
    const checks = answering
      ? target.state === 'initial'
        ? 1
        : (shape.HealthyThresholdCount ?? 5)
      : (shape.UnhealthyThresholdCount ?? 2)
    const since = this.#world.now - target.registeredAt
    const first = target.registeredAt + (Math.floor(since / interval) + 1) * interval
    return first + (checks - 1) * interval + timeout
  }

  #setState(group: Group, target: Target, state: TargetState): void {
    target.state = state
    this.counted(group)
    this.changed(group.arn, target.id, state)
  }
}

const WHY: Record<TargetState | 'unused', Omit<TargetHealth, 'State'>> = {
  healthy: {},
  initial: {
    Reason: 'Elb.RegistrationInProgress',
    Description: 'Target registration is in progress',
  },
  unhealthy: { Reason: 'Target.Timeout', Description: 'Request timed out' },
  draining: {
    Reason: 'Target.DeregistrationInProgress',
    Description: 'Target deregistration is in progress',
  },
  unavailable: {
    Reason: 'Target.HealthCheckDisabled',
    Description: 'Health checks are not enabled for this target',
  },
  unused: {
    Reason: 'Target.NotInUse',
    Description: 'Target group is not configured to receive traffic from the load balancer',
  },
}

/** One row of `DescribeTargetHealth`. */
export function healthOf(
  target: TargetDescription,
  state: TargetState | 'unused',
): TargetHealthDescription {
  const port = target.Port === undefined ? {} : { HealthCheckPort: String(target.Port) }
  return { Target: target, ...port, TargetHealth: { State: state, ...WHY[state] } }
}
