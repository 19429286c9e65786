import type {
  Action,
  CreateListenerInput,
  LoadBalancer,
  Rule,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { pager } from '../members.ts'
import type { Tags } from '../tags.ts'
import type { Timer } from '../world.ts'
import { SignIns } from './sign-in.ts'

export type Balancer = {
  arn: string
  shape: LoadBalancer
  attributes: Record<string, string>
  tags: Tags
}

export type Listener = {
  arn: string
  shape: Omit<CreateListenerInput, 'Tags'>
  /** Rules by ARN; the default rule is the listener's own actions. */
  tags: Tags
}

export type ListenerRule = { arn: string; listenerArn: string; shape: Rule; tags: Tags }

export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unavailable'

export type Target = {
  id: string
  port: number
  state: TargetState
  registeredAt: number
  /** The change of state that comes if the target goes on answering as it does now. */
  timer?: Timer
  /** How the target answered when `timer` was set. */
  answering?: boolean
}

export type Group = {
  arn: string
  /** `LoadBalancerArns` is not kept here: it follows from the listeners and rules. */
  shape: TargetGroup
  attributes: Record<string, string>
  tags: Tags
  /** `<id>:<port>` -> target. */
  targets: Map<string, Target>
}

/** All of Elastic Load Balancing's state, by ARN. */
export class Balancing {
  readonly aws: Aws
  readonly balancers = new Map<string, Balancer>()
  readonly listeners = new Map<string, Listener>()
  readonly rules = new Map<string, ListenerRule>()
  readonly groups = new Map<string, Group>()
  readonly signIns: SignIns

  constructor(aws: Aws) {
    this.aws = aws
    this.signIns = new SignIns(aws.world)
  }

  /** @throws AwsError LoadBalancerNotFoundException */
  balancer(arn: string | undefined): Balancer {
    return found(this.balancers, arn, 'LoadBalancerNotFoundException', 'Load balancer')
  }

  /** @throws AwsError ListenerNotFoundException */
  listener(arn: string | undefined): Listener {
    return found(this.listeners, arn, 'ListenerNotFoundException', 'Listener')
  }

  /** @throws AwsError RuleNotFoundException */
  rule(arn: string | undefined): ListenerRule {
    return found(this.rules, arn, 'RuleNotFoundException', 'Rule')
  }

  /** @throws AwsError TargetGroupNotFoundException */
  group(arn: string | undefined): Group {
    return found(this.groups, arn, 'TargetGroupNotFoundException', 'Target group')
  }

  /** The load balancers whose listeners or rules forward to a target group. */
  balancersOf(groupArn: string): string[] {
    const byListener = [...this.listeners.values()].filter(({ shape }) =>
      forwardsTo(shape.DefaultActions, groupArn),
    )
    const byRule = [...this.rules.values()]
      .filter(({ shape }) => forwardsTo(shape.Actions, groupArn))
      .flatMap(({ listenerArn }) => this.listeners.get(listenerArn) ?? [])
    return [...new Set([...byListener, ...byRule].map(({ shape }) => shape.LoadBalancerArn ?? ''))]
  }

  /** Everything that carries tags. */
  *all(): Iterable<{ arn: string; tags: Tags }> {
    yield* this.balancers.values()
    yield* this.listeners.values()
    yield* this.rules.values()
    yield* this.groups.values()
  }
}

function found<Item>(
  items: ReadonlyMap<string, Item>,
  arn: string | undefined,
  error: string,
  what: string,
): Item {
  const item = items.get(arn ?? '')
  if (item === undefined) throw new AwsError(error, `${what} '${arn}' not found`)
  return item
}

/** The groups that an action forwards to. */
export const groupsOf = ({ TargetGroupArn, ForwardConfig }: Action): string[] => [
  ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
  ...(ForwardConfig?.TargetGroups ?? []).flatMap((group) => group.TargetGroupArn ?? []),
]

const forwardsTo = (actions: readonly Action[] | undefined, arn: string): boolean =>
  (actions ?? []).flatMap(groupsOf).includes(arn)

export const balancingPage = pager('ValidationError', 400)
