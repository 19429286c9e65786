import type {
  AssociateRouteTableResult,
  CreateRouteTableResult,
  CreateVpcEndpointResult,
} from '@aws-sdk/client-ec2'
import { given, jsonText, type Properties, type TypeTable } from '../resource-type.ts'
import { tagged } from './vpc.ts'

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId']

const ENDPOINT = [
  ...['PolicyDocument', 'PrivateDnsEnabled', 'RouteTableIds', 'SecurityGroupIds', 'ServiceName'],
  ...['SubnetIds', 'VpcEndpointType', 'VpcId'],
]

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
      const { AssociationId = '' } = await context.call<AssociateRouteTableResult>(
        'ec2',
        'AssociateRouteTable',
        properties,
      )
      return { ref: AssociationId, attributes: { Id: AssociationId } }
    },
    delete: (context, { ref }) =>
      context.call('ec2', 'DisassociateRouteTable', { AssociationId: ref }),
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
