import type {
  CreateVpcEndpointRequest,
  DeleteVpcEndpointsRequest,
  DescribeVpcEndpointsRequest,
  ModifyVpcEndpointRequest,
  State,
  VpcEndpoint,
} from '@aws-sdk/client-ec2'
import { onlyMembers } from '../members.ts'
import { type Filters, find } from './filters.ts'
import { type Ec2Store, notFound, shown } from './model.ts'

const FILTERS: Filters<VpcEndpoint> = {
  'service-name': ({ ServiceName }) => ServiceName,
  'vpc-endpoint-id': ({ VpcEndpointId }) => VpcEndpointId,
  'vpc-id': ({ VpcId }) => VpcId,
}

/** As AWS answers; the SDK's model has it with a capital. */
const AVAILABLE = 'available' as string as State

const noEndpoint = (id: string) => notFound('VpcEndpointId', 'Vpc Endpoint Id', id)

/** Ways from a VPC to services of AWS. Their policies are kept, and nothing is checked by them. */
export function endpointOperations(store: Ec2Store) {
  const { aws, vpcs, vpcEndpoints } = store
  return {
    CreateVpcEndpoint: (input: CreateVpcEndpointRequest) => {
      onlyMembers('ec2:CreateVpcEndpoint', input, [
        ...['ClientToken', 'PolicyDocument', 'PrivateDnsEnabled', 'RouteTableIds', 'ServiceName'],
        ...['SecurityGroupIds', 'SubnetIds', 'TagSpecifications', 'VpcEndpointType', 'VpcId'],
      ])
      const { VpcId = '', RouteTableIds = [], SubnetIds = [] } = input
      if (!vpcs.has(VpcId)) throw notFound('VpcID', 'vpc ID', VpcId)
      const id = store.newId('vpce')
      const shape: VpcEndpoint = {
        VpcEndpointId: id,
        VpcEndpointType: input.VpcEndpointType ?? 'Gateway',
        VpcId,
        ServiceName: input.ServiceName,
        State: AVAILABLE,
        PolicyDocument: input.PolicyDocument,
        RouteTableIds,
        SubnetIds,
        Groups: (input.SecurityGroupIds ?? []).map((GroupId) => ({ GroupId })),
        PrivateDnsEnabled: input.PrivateDnsEnabled ?? false,
        NetworkInterfaceIds: SubnetIds.map(() => store.newId('eni')),
        CreationTimestamp: aws.world.date,
        OwnerId: aws.account,
      }
      const tags = store.tagsFor('vpc-endpoint', input.TagSpecifications)
      return { VpcEndpoint: shown(store.keep(vpcEndpoints, 'vpc-endpoint', { id, shape, tags })) }
    },
    DescribeVpcEndpoints: (input: DescribeVpcEndpointsRequest) => {
      const members = ['Filters', 'MaxResults', 'NextToken', 'VpcEndpointIds']
      onlyMembers('ec2:DescribeVpcEndpoints', input, members)
      const { VpcEndpointIds: ids, Filters: filters, NextToken: token, MaxResults: limit } = input
      const asked = { ids, filters, token, limit }
      const { items, next } = find(vpcEndpoints, asked, FILTERS, noEndpoint)
      return { VpcEndpoints: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
    ModifyVpcEndpoint: (input: ModifyVpcEndpointRequest) => {
      onlyMembers('ec2:ModifyVpcEndpoint', input, [
        ...['AddRouteTableIds', 'AddSecurityGroupIds', 'AddSubnetIds', 'PolicyDocument'],
        ...['PrivateDnsEnabled', 'RemoveRouteTableIds', 'RemoveSecurityGroupIds'],
        ...['RemoveSubnetIds', 'VpcEndpointId'],
      ])
      const { VpcEndpointId = '', PolicyDocument, PrivateDnsEnabled } = input
      const { shape } = vpcEndpoints.get(VpcEndpointId) ?? {}
      if (shape === undefined) throw noEndpoint(VpcEndpointId)
      const groups = shape.Groups?.map(({ GroupId = '' }) => GroupId)
      const { AddSecurityGroupIds, RemoveSecurityGroupIds } = input
      Object.assign(shape, {
        RouteTableIds: changed(
          shape.RouteTableIds,
          input.AddRouteTableIds,
          input.RemoveRouteTableIds,
        ),
        SubnetIds: changed(shape.SubnetIds, input.AddSubnetIds, input.RemoveSubnetIds),
        Groups: changed(groups, AddSecurityGroupIds, RemoveSecurityGroupIds).map((GroupId) => ({
          GroupId,
        })),
        ...(PolicyDocument === undefined ? {} : { PolicyDocument }),
        ...(PrivateDnsEnabled === undefined ? {} : { PrivateDnsEnabled }),
      })
      return { Return: true }
    },
    DeleteVpcEndpoints: ({ VpcEndpointIds = [] }: DeleteVpcEndpointsRequest) => {
      for (const id of VpcEndpointIds) {
        if (!vpcEndpoints.delete(id)) throw noEndpoint(id)
      }
      return { Unsuccessful: [] }
    },
  }
}

const changed = (
  before: readonly string[] = [],
  added: readonly string[] = [],
  removed: readonly string[] = [],
): string[] => [...new Set([...before, ...added])].filter((one) => !removed.includes(one))
