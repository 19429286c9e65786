import { isDeepStrictEqual } from 'node:util'
import type {
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateRuleOutput,
  CreateTargetGroupOutput,
  DescribeLoadBalancersOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Context } from '../context.ts'
import { given, type Properties, type TypeTable } from '../resource-type.ts'

const SERVICE = 'elastic-load-balancing-v2'

/** The hosted zone of Application Load Balancers in eu-central-1; where DNS aliases point. */
const HOSTED_ZONE = 'Z215JYRZR1TBD5'

const ACTIVE_WITHIN_MILLISECONDS = 30 * 60 * 1000

const HEALTH_CHECK = [
  'HealthCheckEnabled',
  'HealthCheckIntervalSeconds',
  'HealthCheckPath',
  'HealthCheckPort',
  'HealthCheckProtocol',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'Matcher',
  'UnhealthyThresholdCount',
]

/** What the simulation changes only by making another load balancer. */
const FIXED = ['Name', 'Type', 'Scheme', 'IpAddressType']

/** Operations of their own change these. */
const PLACES = ['Subnets', 'SubnetMappings', 'SecurityGroups']

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ElasticLoadBalancingV2.html */
export const ELASTIC_LOAD_BALANCING: TypeTable = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    effect: [...FIXED, ...PLACES, 'LoadBalancerAttributes'],
    replacedBy: FIXED,
    create: async (context, { LoadBalancerAttributes: Attributes, ...properties }) => {
      const Name = context.name(properties.Name, { most: 32 })
      const input = { ...properties, Name }
      const { LoadBalancers: [made] = [] } = await context.call<CreateLoadBalancerOutput>(
        SERVICE,
        'CreateLoadBalancer',
        input,
      )
      const { LoadBalancerArn = '', DNSName, CanonicalHostedZoneId = HOSTED_ZONE } = made ?? {}
      await setAttributes(context, 'LoadBalancer', LoadBalancerArn, Attributes)
      await untilActive(context, LoadBalancerArn)
      return {
        ref: LoadBalancerArn,
        attributes: {
          LoadBalancerArn,
          DNSName,
          LoadBalancerName: Name,
          LoadBalancerFullName: LoadBalancerArn.split(':loadbalancer/')[1],
          CanonicalHostedZoneID: CanonicalHostedZoneId,
          SecurityGroups: made?.SecurityGroups ?? [],
        },
      }
    },
    update: async (context, properties, { ref, properties: before }) => {
      const { LoadBalancerAttributes, Subnets, SubnetMappings, SecurityGroups } = properties
      const LoadBalancerArn = ref
      if (PLACES.slice(0, 2).some((one) => !isDeepStrictEqual(before[one], properties[one]))) {
        const input = given({ LoadBalancerArn, Subnets, SubnetMappings })
        await context.call(SERVICE, 'SetSubnets', input)
      }
      if (!isDeepStrictEqual(before.SecurityGroups, SecurityGroups)) {
        await context.call(SERVICE, 'SetSecurityGroups', { LoadBalancerArn, SecurityGroups })
      }
      await setAttributes(context, 'LoadBalancer', ref, LoadBalancerAttributes)
    },
    delete: (context, { ref }) =>
      context.call(SERVICE, 'DeleteLoadBalancer', { LoadBalancerArn: ref }),
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    effect: [
      'LoadBalancerArn',
      'Port',
      'Protocol',
      'DefaultActions',
      'Certificates',
      'SslPolicy',
      'AlpnPolicy',
      'MutualAuthentication',
    ],
    noEffect: { ListenerAttributes: 'They are about headers, which are not simulated.' },
    replacedBy: ['LoadBalancerArn'],
    create: async (context, properties) => {
      const { Listeners: [made] = [] } = await context.call<CreateListenerOutput>(
        SERVICE,
        'CreateListener',
        properties,
      )
      const { ListenerArn = '' } = made ?? {}
      return { ref: ListenerArn, attributes: { ListenerArn } }
    },
    update: async (context, { LoadBalancerArn: _, ...properties }, { ref }) => {
      await context.call(SERVICE, 'ModifyListener', { ...properties, ListenerArn: ref })
    },
    delete: (context, { ref }) => context.call(SERVICE, 'DeleteListener', { ListenerArn: ref }),
  },
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': {
    effect: [],
    noEffect: {
      ListenerArn: 'Requests inside the simulation are not encrypted.',
      Certificates: 'Requests inside the simulation are not encrypted.',
    },
    create: (context) => ({ ref: context.name(undefined) }),
    delete: () => {},
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    effect: ['ListenerArn', 'Priority', 'Conditions', 'Actions'],
    noEffect: { Transforms: 'Requests reach services as they are.' },
    replacedBy: ['ListenerArn'],
    create: async (context, properties) => {
      const { Rules: [made] = [] } = await context.call<CreateRuleOutput>(
        SERVICE,
        'CreateRule',
        properties,
      )
      const { RuleArn = '', IsDefault = false } = made ?? {}
      return { ref: RuleArn, attributes: { RuleArn, IsDefault } }
    },
    update: async (context, { Conditions, Actions, Priority }, { ref: RuleArn, properties }) => {
      await context.call(SERVICE, 'ModifyRule', { RuleArn, Conditions, Actions })
      if (Priority === properties.Priority) return
      const RulePriorities = [{ RuleArn, Priority }]
      await context.call(SERVICE, 'SetRulePriorities', { RulePriorities })
    },
    delete: (context, { ref }) => context.call(SERVICE, 'DeleteRule', { RuleArn: ref }),
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    effect: [
      'Name',
      'Port',
      'Protocol',
      'ProtocolVersion',
      'TargetType',
      'VpcId',
      'IpAddressType',
      ...HEALTH_CHECK,
      'TargetGroupAttributes',
      'Targets',
    ],
    replacedBy: [
      'Name',
      'Port',
      'Protocol',
      'ProtocolVersion',
      'TargetType',
      'VpcId',
      'IpAddressType',
    ],
    create: async (context, { TargetGroupAttributes, Targets, ...properties }) => {
      const Name = context.name(properties.Name, { most: 32 })
      const { TargetGroups: [made] = [] } = await context.call<CreateTargetGroupOutput>(
        SERVICE,
        'CreateTargetGroup',
        { ...properties, Name },
      )
      const { TargetGroupArn = '' } = made ?? {}
      await setAttributes(context, 'TargetGroup', TargetGroupArn, TargetGroupAttributes)
      if (Targets !== undefined) {
        await context.call(SERVICE, 'RegisterTargets', { TargetGroupArn, Targets })
      }
      return {
        ref: TargetGroupArn,
        attributes: {
          TargetGroupArn,
          TargetGroupName: Name,
          TargetGroupFullName: TargetGroupArn.split(':').at(-1),
          LoadBalancerArns: made?.LoadBalancerArns ?? [],
        },
      }
    },
    update: async (context, properties, { ref: TargetGroupArn, properties: before }) => {
      if (!isDeepStrictEqual(before.Targets, properties.Targets)) {
        const [was, is] = [before.Targets ?? [], properties.Targets ?? []]
        await context.call(SERVICE, 'DeregisterTargets', { TargetGroupArn, Targets: was })
        await context.call(SERVICE, 'RegisterTargets', { TargetGroupArn, Targets: is })
      }
      const checks = Object.fromEntries(HEALTH_CHECK.map((name) => [name, properties[name]]))
      await context.call(SERVICE, 'ModifyTargetGroup', { TargetGroupArn, ...given(checks) })
      await setAttributes(context, 'TargetGroup', TargetGroupArn, properties.TargetGroupAttributes)
    },
    delete: (context, { ref }) =>
      context.call(SERVICE, 'DeleteTargetGroup', { TargetGroupArn: ref }),
  },
}

async function untilActive(context: Context, arn: string): Promise<void> {
  const active = async () => {
    const { LoadBalancers: [found] = [] } = await context.call<DescribeLoadBalancersOutput>(
      SERVICE,
      'DescribeLoadBalancers',
      { LoadBalancerArns: [arn] },
    )
    return found?.State?.Code === 'active'
  }
  await context.until('the load balancer is not active', active, ACTIVE_WITHIN_MILLISECONDS)
}

async function setAttributes(
  context: Context,
  of: 'LoadBalancer' | 'TargetGroup',
  arn: string,
  Attributes: unknown,
): Promise<void> {
  if (Attributes === undefined) return
  const input: Properties = { [`${of}Arn`]: arn, Attributes }
  await context.call(SERVICE, `Modify${of}Attributes`, input)
}
