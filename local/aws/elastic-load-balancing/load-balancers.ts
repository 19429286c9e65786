import type {
  CreateLoadBalancerInput,
  DeleteLoadBalancerInput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancersInput,
  ModifyLoadBalancerAttributesInput,
  SetSecurityGroupsInput,
  SetSubnetsInput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { clone } from '../clone.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import { checkAccessLogs } from './access-logs.ts'
import { changeAttributes, listAttributes } from './attributes.ts'
import type { Balancer, Balancing } from './model.ts'
import { balancingPage } from './model.ts'
import { rulesOf } from './rules.ts'

/** A new load balancer takes a minute or two until it is active. */
const PROVISIONING_MILLISECONDS = 90_000

const DEFAULT_ATTRIBUTES = {
  'access_logs.s3.enabled': 'false',
  'deletion_protection.enabled': 'false',
  'idle_timeout.timeout_seconds': '60',
  'routing.http2.enabled': 'true',
  'routing.http.drop_invalid_header_fields.enabled': 'false',
}

/** Load balancers. */
export function loadBalancerOperations(balancing: Balancing) {
  return {
    CreateLoadBalancer: (input: CreateLoadBalancerInput) => create(balancing, input),
    DescribeLoadBalancers: (input: DescribeLoadBalancersInput) => describe(balancing, input),
    DeleteLoadBalancer: ({ LoadBalancerArn = '' }: DeleteLoadBalancerInput) => {
      const attributes = balancing.balancers.get(LoadBalancerArn)?.attributes ?? {}
      if (attributes['deletion_protection.enabled'] === 'true') {
        throw new AwsError(
          'OperationNotPermittedException',
          `Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`,
        )
      }
      balancing.balancers.delete(LoadBalancerArn)
      const listeners = [...balancing.listeners.values()]
      for (const { arn, shape } of listeners) {
        if (shape.LoadBalancerArn !== LoadBalancerArn) continue
        balancing.listeners.delete(arn)
        for (const rule of rulesOf(balancing, arn)) balancing.rules.delete(rule.arn)
      }
      return {}
    },
    SetSubnets: ({ LoadBalancerArn, Subnets, SubnetMappings = [] }: SetSubnetsInput) => {
      const { shape } = balancing.balancer(LoadBalancerArn)
      const subnets = Subnets ?? SubnetMappings.map(({ SubnetId }) => SubnetId ?? '')
      shape.AvailabilityZones = zonesOf(balancing, subnets)
      return { AvailabilityZones: clone(shape.AvailabilityZones) }
    },
    SetSecurityGroups: ({ LoadBalancerArn, SecurityGroups = [] }: SetSecurityGroupsInput) => {
      balancing.balancer(LoadBalancerArn).shape.SecurityGroups = SecurityGroups
      return { SecurityGroupIds: SecurityGroups }
    },
    DescribeLoadBalancerAttributes: (input: DescribeLoadBalancerAttributesInput) => ({
      Attributes: listAttributes(balancing.balancer(input.LoadBalancerArn).attributes),
    }),
    ModifyLoadBalancerAttributes: (input: ModifyLoadBalancerAttributesInput) => {
      const { attributes, shape } = balancing.balancer(input.LoadBalancerArn)
      const changed = { ...attributes }
      changeAttributes(changed, input.Attributes)
      checkAccessLogs(balancing.aws, shape.Type, changed)
      return { Attributes: changeAttributes(attributes, input.Attributes) }
    },
  }
}

function create(balancing: Balancing, input: CreateLoadBalancerInput) {
  onlyMembers('elastic-load-balancing-v2:CreateLoadBalancer', input, [
    'Name',
    'Subnets',
    'SubnetMappings',
    'SecurityGroups',
    'Scheme',
    'Tags',
    'Type',
    'IpAddressType',
  ])
  const { aws, balancers } = balancing
  const { Name = '', Scheme = 'internet-facing', Type = 'application', IpAddressType } = input
  if ([...balancers.values()].some(({ shape }) => shape.LoadBalancerName === Name)) {
    throw new AwsError(
      'DuplicateLoadBalancerNameException',
      `A load balancer with the same name '${Name}' exists, but with different settings`,
    )
  }
  const id = aws.world.random.hex('elb/load-balancer', 16)
  const kind = Type === 'network' ? 'net' : 'app'
  const arn = aws.arn('elasticloadbalancing', `loadbalancer/${kind}/${Name}/${id}`)
  const subnets =
    input.Subnets ?? (input.SubnetMappings ?? []).map(({ SubnetId }) => SubnetId ?? '')
  const prefix = Scheme === 'internal' ? 'internal-' : ''
  const balancer: Balancer = {
    arn,
    shape: {
      LoadBalancerArn: arn,
      DNSName: `${prefix}${Name}-${Number.parseInt(id.slice(0, 8), 16)}.${aws.region}.elb.amazonaws.com`,
      CreatedTime: aws.world.date,
      LoadBalancerName: Name,
      Scheme,
      State: { Code: 'provisioning' },
      Type,
      AvailabilityZones: zonesOf(balancing, subnets),
      SecurityGroups: input.SecurityGroups ?? [],
      IpAddressType: IpAddressType ?? 'ipv4',
    },
    attributes: { ...DEFAULT_ATTRIBUTES },
    tags: tagsFrom(input.Tags),
  }
  balancers.set(arn, balancer)
  aws.world.after(PROVISIONING_MILLISECONDS, `ELB provisions ${Name}`, () => {
    balancer.shape.State = { Code: 'active' }
  })
  return { LoadBalancers: [clone(balancer.shape)] }
}

const zonesOf = ({ aws }: Balancing, subnets: readonly string[]) =>
  subnets.map((SubnetId, index) => ({
    ZoneName: `${aws.region}${'abc'[index % 3]}`,
    SubnetId,
    LoadBalancerAddresses: [],
  }))

function describe({ balancers }: Balancing, input: DescribeLoadBalancersInput) {
  const { LoadBalancerArns: arns, Names: names } = input
  const all = [...balancers.values()].filter(
    ({ arn, shape }) =>
      (arns?.includes(arn) ?? true) && (names?.includes(shape.LoadBalancerName ?? '') ?? true),
  )
  const missing = [...(arns ?? []), ...(names ?? [])].length > all.length
  if (missing) {
    const named = `[${[...(arns ?? []), ...(names ?? [])].join(', ')}]`
    throw new AwsError('LoadBalancerNotFoundException', `Load balancers '${named}' not found`)
  }
  const { items, next } = balancingPage(all, input.Marker, input.PageSize)
  return {
    LoadBalancers: items.map(({ shape }) => clone(shape)),
    ...(next === undefined ? {} : { NextMarker: next }),
  }
}
