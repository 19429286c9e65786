import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { CompiledCatalog } from '../../../domain/compiled-catalog.ts'
import { balancerName, signedInTargetsName, wakeTargetsName } from '../../../domain/routes.ts'
import type { Entrance, ListenerRule } from '../../../domain/sleep/wake-rules.ts'

/**
 * The environment's load balancer with its rules. Undefined where there is none, or none yet that
 * can lead visitors to the page.
 *
 * @param answers the ARN of the function that answers them.
 */
export async function readEntrance(
  balancing: ElasticLoadBalancingV2Client,
  { environment, services }: Pick<CompiledCatalog, 'environment' | 'services'>,
  answers: string,
): Promise<Entrance | undefined> {
  const group = await groupNamed(balancing, wakeTargetsName(environment))
  const balancer = await balancerNamed(balancing, balancerName(environment))
  if (group === undefined || balancer === undefined) return undefined
  const hasSignIn = Object.values(services).some(({ route }) => route?.wakenBy === 'signed-in')
  const signedIn = hasSignIn
    ? await groupNamed(balancing, signedInTargetsName(environment))
    : undefined
  return {
    group,
    unregistered: await emptyOnes(balancing, signedIn === undefined ? [group] : [group, signedIn]),
    answers,
    rules: await rulesOf(balancing, balancer),
  }
}

async function emptyOnes(
  balancing: ElasticLoadBalancingV2Client,
  groups: readonly string[],
): Promise<string[]> {
  const empty: string[] = []
  for (const TargetGroupArn of groups) {
    const asked = new DescribeTargetHealthCommand({ TargetGroupArn })
    const { TargetHealthDescriptions = [] } = await balancing.send(asked)
    if (TargetHealthDescriptions.length === 0) empty.push(TargetGroupArn)
  }
  return empty
}

async function groupNamed(
  balancing: ElasticLoadBalancingV2Client,
  name: string,
): Promise<string | undefined> {
  const { TargetGroups = [] } = await unlessMissing(
    balancing.send(new DescribeTargetGroupsCommand({ Names: [name] })),
  )
  return TargetGroups[0]?.TargetGroupArn
}

async function balancerNamed(
  balancing: ElasticLoadBalancingV2Client,
  name: string,
): Promise<string | undefined> {
  const { LoadBalancers = [] } = await unlessMissing(
    balancing.send(new DescribeLoadBalancersCommand({ Names: [name] })),
  )
  return LoadBalancers[0]?.LoadBalancerArn
}

/** The environment may be younger than its control plane. */
async function unlessMissing<Output extends object>(
  answer: Promise<Output>,
): Promise<Partial<Output>> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && MISSING.includes(error.name)) return {}
    throw error
  }
}

const MISSING = ['TargetGroupNotFoundException', 'LoadBalancerNotFoundException']

async function rulesOf(
  balancing: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
): Promise<ListenerRule[]> {
  const { Listeners = [] } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn }))
  const rules: ListenerRule[] = []
  for (const { ListenerArn = '' } of Listeners) {
    let Marker: string | undefined
    do {
      const answer = await balancing.send(new DescribeRulesCommand({ ListenerArn, Marker }))
      const own = (answer.Rules ?? []).filter(({ IsDefault }) => !IsDefault)
      rules.push(...own.map((one) => ruleOf(ListenerArn, one)))
      Marker = answer.NextMarker
    } while (Marker !== undefined)
  }
  return rules
}

const ruleOf = (
  listener: string,
  { RuleArn = '', Priority, Conditions = [], Actions = [] }: Rule,
): ListenerRule => ({
  arn: RuleArn,
  listener,
  priority: Number(Priority),
  conditions: Conditions.map(written),
  targets: Actions.flatMap(({ TargetGroupArn, ForwardConfig }) => [
    ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
    ...(ForwardConfig?.TargetGroups ?? []).flatMap((one) => one.TargetGroupArn ?? []),
  ]),
})

/** AWS answers the values in the older member as well, and takes them in one only. */
function written({ Field, Values, ...config }: RuleCondition): object {
  const given = Object.fromEntries(Object.entries(config).filter(([, one]) => one !== undefined))
  return Object.keys(given).length > 0 ? { Field, ...given } : { Field, Values }
}
