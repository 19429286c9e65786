import type {
  Action,
  DescribeListenersCommandOutput,
  DescribeRulesCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Caller } from '../aws.ts'
import { AwsError } from '../errors.ts'
import type { Deployment, EcsService } from './model.ts'
import type { EcsState } from './state.ts'

/** Where the tasks of a deployment are registered: its target groups, and the port in each. */
export const targetsOf = ({ revision, alternate }: Deployment): { group: string; port: number }[] =>
  revision.loadBalancers.flatMap(
    ({ targetGroupArn: main, advancedConfiguration, containerPort: port = 80 }) => {
      const group = alternate ? (advancedConfiguration?.alternateTargetGroupArn ?? main) : main
      return group === undefined ? [] : [{ group, port }]
    },
  )

/** The pairs of target groups of a deployment: its own and the other, with the rules between them. */
function pairsOf({ revision, alternate }: Deployment) {
  return revision.loadBalancers.flatMap(
    ({ targetGroupArn: main, advancedConfiguration: rules }) => {
      const other = rules?.alternateTargetGroupArn
      if (main === undefined || other === undefined || rules === undefined) return []
      const [own, others] = alternate ? [other, main] : [main, other]
      return [
        {
          own,
          others,
          production: rules.productionListenerRule ?? '',
          test: rules.testListenerRule,
          roleArn: rules.roleArn ?? '',
        },
      ]
    },
  )
}

type Pair = ReturnType<typeof pairsOf>[number]

const ELB = 'elastic-load-balancing-v2'

/**
 * Gives the target groups of a deployment so much of the traffic, and the others the rest, by the
 * weights of the listener rules.
 *
 * @throws AwsError as the load balancer refuses it to the service's role.
 */
export async function weigh(
  ecs: EcsState,
  service: EcsService,
  deployment: Deployment,
  kind: 'production' | 'test',
  percent: number,
): Promise<void> {
  for (const pair of pairsOf(deployment)) {
    const rule = pair[kind]
    if (rule === undefined) continue
    const caller = callerOf(service, pair)
    const [own, others] = weightsOf(percent)
    const TargetGroups = [
      { TargetGroupArn: pair.own, Weight: own },
      { TargetGroupArn: pair.others, Weight: others },
    ]
    const actions = await actionsOf(ecs, rule, caller)
    const changed = actions.map(({ TargetGroupArn: _, ...action }) =>
      action.Type === 'forward'
        ? { ...action, ForwardConfig: { ...action.ForwardConfig, TargetGroups } }
        : action,
    )
    const listener = listenerOf(rule)
    await (listener === undefined
      ? ecs.aws.call(ELB, 'ModifyRule', { RuleArn: rule, Actions: changed }, caller)
      : ecs.aws.call(
          ELB,
          'ModifyListener',
          { ListenerArn: listener, DefaultActions: changed },
          caller,
        ))
  }
}

/** Weights are whole numbers up to 999. */
const LARGEST_WEIGHT = 999

function weightsOf(percent: number): [number, number] {
  if (Number.isInteger(percent)) return [percent, 100 - percent]
  const tenths = Math.round(percent * 10)
  return [tenths, Math.min(LARGEST_WEIGHT, 1000 - tenths)]
}

/** The listener whose own actions are meant: a network load balancer's, or a default rule's. */
function listenerOf(rule: string): string | undefined {
  if (rule.includes(':listener/')) return rule
  if (!rule.endsWith('/default')) return undefined
  return rule.replace(':listener-rule/', ':listener/').replace(/\/default$/, '')
}

async function actionsOf(ecs: EcsState, rule: string, caller: Caller): Promise<Action[]> {
  const listener = listenerOf(rule)
  if (listener !== undefined) {
    const input = { ListenerArns: [listener] }
    const { Listeners = [] } = await ecs.aws.call<Partial<DescribeListenersCommandOutput>>(
      ELB,
      'DescribeListeners',
      input,
      caller,
    )
    return Listeners[0]?.DefaultActions ?? []
  }
  const { Rules = [] } = await ecs.aws.call<Partial<DescribeRulesCommandOutput>>(
    ELB,
    'DescribeRules',
    { RuleArns: [rule] },
    caller,
  )
  return Rules[0]?.Actions ?? []
}

const callerOf = ({ arn }: EcsService, { roleArn }: Pair): Caller => ({
  kind: 'aws',
  name: 'ecs',
  roleArn,
  sourceArn: arn,
})

/**
 * Whether the load balancer is set up for shifting traffic.
 *
 * @returns why it is not, in the words of
 *   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
 */
export async function networkProblem(
  ecs: EcsState,
  service: EcsService,
  deployment: Deployment,
): Promise<string | undefined> {
  for (const pair of pairsOf(deployment)) {
    try {
      const caller = callerOf(service, pair)
      const production = weighted(await actionsOf(ecs, pair.production, caller))
      const test = pair.test === undefined ? [] : await actionsOf(ecs, pair.test, caller)
      const problem = problemOf(pair, production, weighted(test))
      if (problem !== undefined) return problem
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      return error.name === 'RuleNotFound' || error.name === 'RuleNotFoundException'
        ? 'One or more rules not found'
        : `ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role '${pair.roleArn}'.`
    }
  }
  return undefined
}

type Weighted = { group: string; weight: number }

function problemOf(
  { own, others, production: rule }: Pair,
  production: readonly Weighted[],
  test: readonly Weighted[],
): string | undefined {
  const ours = [own, others]
  const strange = production.find(({ group, weight }) => weight > 0 && !ours.includes(group))
  if (strange !== undefined) {
    return `Production listener rule is forwarding traffic to unexpected target group ${strange.group}. Expected traffic to be forwarded to either targetGroupArn: ${own} or alternateTargetGroupArn: ${others}`
  }
  const serving = production.filter(({ weight }) => weight > 0).length
  if (serving !== 1) {
    return `productionListenerRule ${rule} should have exactly one target group serving traffic but found ${serving} target groups which are serving traffic`
  }
  const known = new Set([...production, ...test].map(({ group }) => group))
  return ours.every((group) => known.has(group))
    ? undefined
    : 'Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.'
}

const weighted = (actions: readonly Action[]): Weighted[] =>
  actions.flatMap(({ TargetGroupArn, ForwardConfig }) =>
    ForwardConfig?.TargetGroups === undefined
      ? TargetGroupArn === undefined
        ? []
        : [{ group: TargetGroupArn, weight: 1 }]
      : ForwardConfig.TargetGroups.map(({ TargetGroupArn: group = '', Weight: weight = 1 }) => ({
          group,
          weight,
        })),
  )
