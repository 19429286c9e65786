import type {
  CreateTargetGroupInput,
  DeleteTargetGroupInput,
  DeregisterTargetsInput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupsInput,
  DescribeTargetHealthInput,
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupInput,
  RegisterTargetsInput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { tagsFrom } from '../tags.ts'
import { changeAttributes, listAttributes } from './attributes.ts'
import { checkFunctionGroup, checkFunctions, FUNCTION_DEFAULTS } from './function-groups.ts'
import type { Balancing, Group } from './model.ts'
import { balancingPage } from './model.ts'
import type { TargetHealthChecks } from './targets.ts'
import { healthOf } from './targets.ts'

/** AWS's defaults for HTTP target groups of an Application Load Balancer. */
const DEFAULT_ATTRIBUTES = {
  'deregistration_delay.timeout_seconds': '300',
  'stickiness.enabled': 'false',
  'stickiness.type': 'lb_cookie',
  'load_balancing.algorithm.type': 'round_robin',
  'slow_start.duration_seconds': '0',
}

/** AWS's defaults for the target group of a function. */
const FUNCTION_ATTRIBUTES = { 'lambda.multi_value_headers.enabled': 'false' }

/** Target groups and the targets in them. */
export function targetGroupOperations(balancing: Balancing, checks: TargetHealthChecks) {
  return {
    CreateTargetGroup: (input: CreateTargetGroupInput) => create(balancing, input),
    DescribeTargetGroups: (input: DescribeTargetGroupsInput) => describeGroups(balancing, input),
    ModifyTargetGroup: ({ TargetGroupArn, ...changes }: ModifyTargetGroupInput) => {
      const group = balancing.group(TargetGroupArn)
      group.shape = { ...group.shape, ...changes }
      return { TargetGroups: [describe(balancing, group)] }
    },
    DeleteTargetGroup: ({ TargetGroupArn = '' }: DeleteTargetGroupInput) => {
      if (balancing.balancersOf(TargetGroupArn).length > 0) {
        throw new AwsError(
          'ResourceInUseException',
          `Target group '${TargetGroupArn}' is currently in use by a listener or a rule`,
        )
      }
      balancing.groups.delete(TargetGroupArn)
      return {}
    },
    DescribeTargetGroupAttributes: (input: DescribeTargetGroupAttributesInput) => ({
      Attributes: listAttributes(balancing.group(input.TargetGroupArn).attributes),
    }),
    ModifyTargetGroupAttributes: (input: ModifyTargetGroupAttributesInput) => ({
      Attributes: changeAttributes(
        balancing.group(input.TargetGroupArn).attributes,
        input.Attributes,
      ),
    }),
    ...targetOperations(balancing, checks),
  }
}

function targetOperations(balancing: Balancing, checks: TargetHealthChecks) {
  return {
    RegisterTargets: async (input: RegisterTargetsInput) => {
      const group = balancing.group(input.TargetGroupArn)
      if (group.shape.TargetType === 'lambda') await checkFunctions(balancing.aws, group, input)
      for (const { Id = '', Port } of input.Targets ?? []) {
        checks.register(group, Id, portOf(group, Port))
      }
      return {}
    },
    DeregisterTargets: (input: DeregisterTargetsInput) => {
      const group = balancing.group(input.TargetGroupArn)
      for (const { Id = '', Port } of input.Targets ?? []) {
        const ports = [...group.targets.values()].filter(({ id }) => id === Id)
        for (const { port } of ports) {
          if (port === (Port ?? port)) checks.deregister(group, Id, port)
        }
      }
      return {}
    },
    DescribeTargetHealth: (input: DescribeTargetHealthInput) => targetHealth(balancing, input),
  }
}

function create(balancing: Balancing, input: CreateTargetGroupInput) {
  const { Tags, Name = '', ...given } = input
  if (given.TargetType === 'lambda') checkFunctionGroup(given)
  if ([...balancing.groups.values()].some(({ shape }) => shape.TargetGroupName === Name)) {
    throw new AwsError(
      'DuplicateTargetGroupNameException',
      `A target group with the same name '${Name}' exists, but with different settings`,
    )
  }
  const id = balancing.aws.world.random.hex('elb/target-group', 16)
  const arn = balancing.aws.arn('elasticloadbalancing', `targetgroup/${Name}/${id}`)
  const shape = { TargetGroupArn: arn, TargetGroupName: Name, ...withDefaults(given) }
  const group: Group = {
    arn,
    shape,
    attributes: { ...(given.TargetType === 'lambda' ? FUNCTION_ATTRIBUTES : DEFAULT_ATTRIBUTES) },
    tags: tagsFrom(Tags),
    targets: new Map(),
  }
  balancing.groups.set(arn, group)
  return { TargetGroups: [describe(balancing, group)] }
}

/** A function has none. */
const NO_PORT = 0

const portOf = ({ shape }: Group, asked: number | undefined): number =>
  shape.TargetType === 'lambda' ? NO_PORT : (asked ?? shape.Port ?? 80)

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
function withDefaults(given: Omit<CreateTargetGroupInput, 'Tags' | 'Name'>): TargetGroup {
  if (given.TargetType === 'lambda') return { ...FUNCTION_DEFAULTS, ...given }
  const http = given.Protocol?.startsWith('HTTP') ?? false
  return {
    HealthCheckProtocol: http ? 'HTTP' : 'TCP',
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: http ? 5 : 10,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    ...(http
      ? { HealthCheckPath: '/', Matcher: { HttpCode: '200' }, ProtocolVersion: 'HTTP1' }
      : {}),
    TargetType: 'instance',
    IpAddressType: 'ipv4',
    ...given,
  }
}

const describe = (balancing: Balancing, { shape, arn }: Group): TargetGroup => ({
  ...clone(shape),
  LoadBalancerArns: balancing.balancersOf(arn),
})

function describeGroups(balancing: Balancing, input: DescribeTargetGroupsInput) {
  for (const arn of input.TargetGroupArns ?? []) balancing.group(arn)
  const groups = [...balancing.groups.values()].filter(
    ({ arn, shape }) =>
      (input.TargetGroupArns?.includes(arn) ?? true) &&
      (input.Names?.includes(shape.TargetGroupName ?? '') ?? true) &&
      (input.LoadBalancerArn === undefined ||
        balancing.balancersOf(arn).includes(input.LoadBalancerArn)),
  )
  if (input.Names?.length && groups.length === 0) {
    throw new AwsError('TargetGroupNotFoundException', 'One or more target groups not found')
  }
  const { items, next } = balancingPage(groups, input.Marker, input.PageSize)
  return {
    TargetGroups: items.map((group) => describe(balancing, group)),
    ...(next === undefined ? {} : { NextMarker: next }),
  }
}

function targetHealth(balancing: Balancing, input: DescribeTargetHealthInput) {
  const group = balancing.group(input.TargetGroupArn)
  const used = balancing.balancersOf(group.arn).length > 0
  const all = [...group.targets.values()]
  const asked = input.Targets?.map(({ Id = '', Port }) => {
    const port = portOf(group, Port)
    return all.find((target) => target.id === Id && target.port === port) ?? { id: Id, port }
  })
  return {
    TargetHealthDescriptions: (asked ?? all).map((target) => {
      const state = used && 'state' in target ? target.state : 'unused'
      const port = target.port === NO_PORT ? {} : { Port: target.port }
      return healthOf({ Id: target.id, ...port }, state)
    }),
  }
}
