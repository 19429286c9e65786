import type {
  AssociateRouteTableResult,
  CreateRouteTableResult,
  CreateVpcEndpointResult,
  DescribeRouteTablesResult,
  ReplaceRouteTableAssociationResult,
} from '@aws-sdk/client-ec2'
import type { Context } from '../context.ts'
import { given, jsonText, type Properties, type TypeTable } from '../resource-type.ts'
import { tagged } from './vpc.ts'

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId']

const ENDPOINT = [
  ...['PolicyDocument', 'PrivateDnsEnabled', 'RouteTableIds', 'SecurityGroupIds', 'ServiceName'],
  ...['SubnetIds', 'VpcEndpointType', 'VpcId'],
]

/** Those of all route tables, or of one subnet. */
async function associationsOf(
  context: Context,
  { SubnetId }: Properties,
): Promise<[id: string, table: string][]> {
  const { RouteTables = [] } = await context.call<DescribeRouteTablesResult>(
    'ec2',
    'DescribeRouteTables',
    {},
  )
  return RouteTables.flatMap(({ Associations = [] }) =>
    Associations.flatMap(({ RouteTableAssociationId: id = '', RouteTableId = '', ...one }) =>
      SubnetId === undefined || one.SubnetId === SubnetId ? [[id, RouteTableId]] : [],
    ),
  )
}

/**
 * A subnet that has a route table gets the other in its place: what creates an association may
 * replace one, and "the physical ID changes when the route table ID is changed".
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnetroutetableassociation.html
 */
async function associated(context: Context, properties: Properties): Promise<string> {
  const { RouteTableId } = properties
  const [before] = await associationsOf(context, properties)
  if (before !== undefined && before[1] !== RouteTableId) {
    const { NewAssociationId = '' } = await context.call<ReplaceRouteTableAssociationResult>(
      'ec2',
      'ReplaceRouteTableAssociation',
      { AssociationId: before[0], RouteTableId },
    )
    return NewAssociationId
  }
  const { AssociationId = '' } = await context.call<AssociateRouteTableResult>(
    'ec2',
    'AssociateRouteTable',
    properties,
  )
  return AssociationId
}

/** Where packets would go. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html */
export const ROUTES: TypeTable = {
  'AWS::EC2::RouteTable': {
    effect: ['VpcId'],
    replacedBy: ['VpcId'],
    create: async (context, properties) => {
      const { RouteTable } = await context.call<CreateRouteTableResult>(
        'ec2',
        'CreateRouteTable',
        properties,
      )
      const { RouteTableId = '' } = RouteTable ?? {}
      const arn = context.aws.arn('ec2', `route-table/${RouteTableId}`)
      return { ...(await tagged(context, RouteTableId, { RouteTableId })), arn }
    },
    delete: (context, { ref }) => context.call('ec2', 'DeleteRouteTable', { RouteTableId: ref }),
  },
  'AWS::EC2::SubnetRouteTableAssociation': {
    effect: ['RouteTableId', 'SubnetId'],
    replacedBy: 'anything',
    create: async (context, properties) => {
      const id = await associated(context, properties)
      return { ref: id, attributes: { Id: id } }
    },
    delete: async (context, { ref }) => {
      const isGone = (await associationsOf(context, {})).every(([id]) => id !== ref)
      if (!isGone) await context.call('ec2', 'DisassociateRouteTable', { AssociationId: ref })
    },
  },
  'AWS::EC2::Route': {
    effect: [
      'RouteTableId',
      ...DESTINATIONS,
      ...['EgressOnlyInternetGatewayId', 'GatewayId', 'InstanceId', 'NatGatewayId'],
      ...['NetworkInterfaceId', 'TransitGatewayId', 'VpcEndpointId', 'VpcPeeringConnectionId'],
    ],
    replacedBy: ['RouteTableId', ...DESTINATIONS],
    create: async (context, properties) => {
      await context.call('ec2', 'CreateRoute', properties)
      const CidrBlock = destinationOf(properties)
      return { ref: `${properties.RouteTableId}|${CidrBlock}`, attributes: { CidrBlock } }
    },
    update: async (context, properties) => {
      await context.call('ec2', 'ReplaceRoute', properties)
    },
    delete: (context, { properties: { RouteTableId, ...route } }) => {
      const to = Object.entries(route).filter(([name]) => DESTINATIONS.includes(name))
      return context.call('ec2', 'DeleteRoute', { RouteTableId, ...Object.fromEntries(to) })
    },
  },
  'AWS::EC2::VPCEndpoint': {
    effect: ENDPOINT,
    replacedBy: ['ServiceName', 'VpcEndpointType', 'VpcId'],
    create: async (context, { PolicyDocument, ...properties }) => {
      const { VpcEndpoint } = await context.call<CreateVpcEndpointResult>(
        'ec2',
        'CreateVpcEndpoint',
        {
          ...properties,
          ...given({
            PolicyDocument: PolicyDocument === undefined ? undefined : jsonText(PolicyDocument),
          }),
        },
      )
      const { VpcEndpointId: Id = '', NetworkInterfaceIds, ServiceName } = VpcEndpoint ?? {}
      const DnsEntries = [`Z1:${Id}.${ServiceName}.vpce.amazonaws.com`]
      const arn = context.aws.arn('ec2', `vpc-endpoint/${Id}`)
      return { ...(await tagged(context, Id, { Id, DnsEntries, NetworkInterfaceIds })), arn }
    },
    update: async (context, properties, { ref, properties: before }) => {
      const { PolicyDocument, PrivateDnsEnabled } = properties
      await context.call('ec2', 'ModifyVpcEndpoint', {
        VpcEndpointId: ref,
        ...Object.assign({}, ...CHANGEABLE.map((name) => change(name, before, properties))),
        ...given({
          PolicyDocument: PolicyDocument === undefined ? undefined : jsonText(PolicyDocument),
          PrivateDnsEnabled,
        }),
      })
    },
    delete: (context, { ref }) =>
      context.call('ec2', 'DeleteVpcEndpoints', { VpcEndpointIds: [ref] }),
  },
}

const destinationOf = (route: Properties): unknown =>
  route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId

/** Lists of an endpoint, which its API changes by what comes and what goes. */
const CHANGEABLE = ['RouteTableIds', 'SecurityGroupIds', 'SubnetIds']

function change(name: string, before: Properties, after: Properties): Record<string, string[]> {
  const [old, now] = [before, after].map((one) => (one[name] ?? []) as string[])
  return {
    [`Add${name}`]: (now ?? []).filter((one) => !old?.includes(one)),
    [`Remove${name}`]: (old ?? []).filter((one) => !now?.includes(one)),
  }
}
