import type {
  AssociateRouteTableRequest,
  CreateRouteRequest,
  CreateRouteTableRequest,
  DeleteRouteRequest,
  DeleteRouteTableRequest,
  DescribeRouteTablesRequest,
  DisassociateRouteTableRequest,
  ReplaceRouteRequest,
  ReplaceRouteTableAssociationRequest,
  Route,
  RouteTable,
} from '@aws-sdk/client-ec2'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Filters, find } from './filters.ts'
import { type Ec2Store, notFound, type Stored, shown } from './model.ts'
import { instanceBehind, isRunning } from './way-out.ts'

const DESTINATIONS = [
  'DestinationCidrBlock',
  'DestinationIpv6CidrBlock',
  'DestinationPrefixListId',
] as const
const TARGETS = [
  ...['EgressOnlyInternetGatewayId', 'GatewayId', 'InstanceId', 'NatGatewayId'],
  ...['NetworkInterfaceId', 'TransitGatewayId', 'VpcEndpointId', 'VpcPeeringConnectionId'],
]

const FILTERS: Filters<RouteTable> = {
  'association.subnet-id': ({ Associations = [] }) => Associations.map(({ SubnetId }) => SubnetId),
  'route.destination-cidr-block': ({ Routes = [] }) =>
    Routes.map(({ DestinationCidrBlock }) => DestinationCidrBlock),
  'route-table-id': ({ RouteTableId }) => RouteTableId,
  'vpc-id': ({ VpcId }) => VpcId,
}

const noTable = (id: string) => notFound('RouteTableID', 'routeTable ID', id)

/** Where a subnet's packets would go. */
export function routeTableOperations(store: Ec2Store) {
  const { aws, vpcs, subnets, routeTables } = store
  return {
    CreateRouteTable: (input: CreateRouteTableRequest) => {
      onlyMembers('ec2:CreateRouteTable', input, ['ClientToken', 'TagSpecifications', 'VpcId'])
      const vpc = vpcs.get(input.VpcId ?? '')
      if (vpc === undefined) throw notFound('VpcID', 'vpc ID', input.VpcId ?? '')
      const id = store.newId('rtb')
      const local: Route = {
        DestinationCidrBlock: vpc.shape.CidrBlock,
        GatewayId: 'local',
        Origin: 'CreateRouteTable',
        State: 'active',
      }
      const shape: RouteTable = {
        RouteTableId: id,
        VpcId: vpc.id,
        OwnerId: aws.account,
        PropagatingVgws: [],
        Associations: [],
        Routes: [local],
      }
      const tags = store.tagsFor('route-table', input.TagSpecifications)
      return { RouteTable: shown(store.keep(routeTables, 'route-table', { id, shape, tags })) }
    },
    DeleteRouteTable: ({ RouteTableId = '' }: DeleteRouteTableRequest) => {
      const { shape } = tableOf(store, RouteTableId)
      if ((shape.Associations ?? []).length > 0) {
        const message = `The routeTable '${RouteTableId}' has dependencies and cannot be deleted.`
        throw new AwsError('DependencyViolation', message)
      }
      routeTables.delete(RouteTableId)
      return {}
    },
    AssociateRouteTable: (input: AssociateRouteTableRequest) => {
      onlyMembers('ec2:AssociateRouteTable', input, ['RouteTableId', 'SubnetId'])
      const { SubnetId = '', RouteTableId = '' } = input
      if (!subnets.has(SubnetId)) throw notFound('SubnetID', 'subnet ID', SubnetId)
      const before = associations(store).find((one) => one.SubnetId === SubnetId)
      if (before !== undefined && before.RouteTableId !== RouteTableId) {
        const message = `the specified association for route table ${RouteTableId} conflicts with an existing association`
        throw new AwsError('Resource.AlreadyAssociated', message)
      }
      return associate(store, RouteTableId, SubnetId)
    },
    ReplaceRouteTableAssociation: (input: ReplaceRouteTableAssociationRequest) => {
      onlyMembers('ec2:ReplaceRouteTableAssociation', input, ['AssociationId', 'RouteTableId'])
      const { AssociationId = '', RouteTableId = '' } = input
      const { SubnetId = '' } = associationOf(store, AssociationId)
      tableOf(store, RouteTableId)
      disassociate(store, AssociationId)
      const { AssociationId: NewAssociationId, ...made } = associate(store, RouteTableId, SubnetId)
      return { NewAssociationId, ...made }
    },
    DisassociateRouteTable: ({ AssociationId = '' }: DisassociateRouteTableRequest) => {
      associationOf(store, AssociationId)
      disassociate(store, AssociationId)
      return {}
    },
    DescribeRouteTables: (input: DescribeRouteTablesRequest) => {
      const members = ['Filters', 'MaxResults', 'NextToken', 'RouteTableIds']
      onlyMembers('ec2:DescribeRouteTables', input, members)
      const { RouteTableIds: ids, Filters: filters, NextToken: token, MaxResults: limit } = input
      const now = new Map([...routeTables].map(([id, table]) => [id, withStates(store, table)]))
      const { items, next } = find(now, { ids, filters, token, limit }, FILTERS, noTable)
      return { RouteTables: items, ...(next === undefined ? {} : { NextToken: next }) }
    },
  }
}

const associations = ({ routeTables }: Ec2Store) =>
  [...routeTables.values()].flatMap(({ shape }) => shape.Associations ?? [])

/** @throws AwsError InvalidAssociationID.NotFound */
function associationOf(store: Ec2Store, id: string) {
  const found = associations(store).find((one) => one.RouteTableAssociationId === id)
  if (found === undefined) throw notFound('AssociationID', 'association ID', id)
  return found
}

function associate(store: Ec2Store, RouteTableId: string, SubnetId: string) {
  const { shape } = tableOf(store, RouteTableId)
  const AssociationId = store.newId('rtbassoc')
  const AssociationState = { State: 'associated' as const }
  const made = { Main: false, RouteTableAssociationId: AssociationId, RouteTableId, SubnetId }
  shape.Associations = [...(shape.Associations ?? []), { ...made, AssociationState }]
  return { AssociationId, AssociationState }
}

function disassociate({ routeTables }: Ec2Store, id: string): void {
  for (const { shape } of routeTables.values()) {
    shape.Associations = shape.Associations?.filter((one) => one.RouteTableAssociationId !== id)
  }
}

/** One route for each destination. */
export function routeOperations(store: Ec2Store) {
  return {
    CreateRoute: (input: CreateRouteRequest) => {
      onlyMembers('ec2:CreateRoute', input, ['RouteTableId', ...DESTINATIONS, ...TARGETS])
      const { shape } = tableOf(store, input.RouteTableId)
      if (routeOf(shape, input) !== undefined) {
        const message = `The route identified by ${destinationOf(input)} already exists.`
        throw new AwsError('RouteAlreadyExists', message)
      }
      shape.Routes = [...(shape.Routes ?? []), { ...routeFrom(input), Origin: 'CreateRoute' }]
      return { Return: true }
    },
    ReplaceRoute: (input: ReplaceRouteRequest) => {
      onlyMembers('ec2:ReplaceRoute', input, ['RouteTableId', ...DESTINATIONS, ...TARGETS])
      const { shape } = tableOf(store, input.RouteTableId)
      const before = routeOf(shape, input)
      if (before === undefined) throw noRoute(input, 'Use CreateRoute instead.')
      shape.Routes = shape.Routes?.map((one) =>
        one === before ? { ...routeFrom(input), Origin: 'CreateRoute' as const } : one,
      )
      return {}
    },
    DeleteRoute: (input: DeleteRouteRequest) => {
      const { shape } = tableOf(store, input.RouteTableId)
      const gone = routeOf(shape, input)
      if (gone === undefined) throw noRoute(input, '')
      shape.Routes = shape.Routes?.filter((one) => one !== gone)
      return {}
    },
  }
}

type Destined = { [Name in (typeof DESTINATIONS)[number]]?: string | undefined }

const destinationOf = (of: Destined): string | undefined =>
  of.DestinationCidrBlock ?? of.DestinationIpv6CidrBlock ?? of.DestinationPrefixListId

const routeOf = ({ Routes = [] }: RouteTable, to: Destined): Route | undefined =>
  Routes.find((one) => destinationOf(one) === destinationOf(to))

/** @throws AwsError for a route to nothing. */
function routeFrom({ RouteTableId: _, ...route }: CreateRouteRequest | ReplaceRouteRequest): Route {
  const given = Object.entries(route).filter(([, value]) => value !== undefined)
  if (!given.some(([name]) => TARGETS.includes(name))) {
    throw new AwsError(
      'MissingParameter',
      'The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, instanceId',
    )
  }
  return Object.fromEntries(given)
}

/** @throws AwsError InvalidRouteTableID.NotFound */
function tableOf({ routeTables }: Ec2Store, id = ''): Stored<RouteTable> {
  const table = routeTables.get(id)
  if (table === undefined) throw noTable(id)
  return table
}

const noRoute = (input: Destined, more: string): AwsError =>
  new AwsError(
    'InvalidRoute.NotFound',
    `There is no route defined for '${destinationOf(input)}' in the route table. ${more}`.trim(),
  )

/** A route to an instance that does not run leads nowhere; an interface is shown for its instance. */
function withStates(store: Ec2Store, table: Stored<RouteTable>): Stored<RouteTable> {
  const Routes = table.shape.Routes?.map((route): Route => {
    const isPlain = route.InstanceId === undefined && route.NetworkInterfaceId === undefined
    const machine = isPlain ? undefined : instanceBehind(store, route)
    const works = isPlain || (machine !== undefined && isRunning(machine))
    const NetworkInterfaceId =
      route.NetworkInterfaceId ?? machine?.shape.NetworkInterfaces?.[0]?.NetworkInterfaceId
    return {
      ...route,
      ...(machine === undefined ? {} : { InstanceId: machine.id, NetworkInterfaceId }),
      State: works ? 'active' : 'blackhole',
    }
  })
  return { ...table, shape: { ...table.shape, ...(Routes === undefined ? {} : { Routes }) } }
}
