import type { Route, RouteTable } from '@aws-sdk/client-ec2'
import type { Ec2Store, Stored, StoredInstance } from './model.ts'

const EVERYWHERE = '0.0.0.0/0'

/**
 * Whether what is in a subnet gets out: to the internet, or to ECR, for which endpoints do.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 *
 * @returns true in a network without route tables, of which nothing is known here.
 */
export function hasWayOut(store: Ec2Store, subnetId: string, to: 'ecr' | 'internet'): boolean {
  const vpc = store.subnets.get(subnetId)?.shape.VpcId
  const tables = [...store.routeTables.values()].filter(({ shape }) => shape.VpcId === vpc)
  if (vpc === undefined || tables.length === 0) return true
  const table = tables.find(({ shape }) => isOf(shape, subnetId))
  const route = table?.shape.Routes?.find((one) => one.DestinationCidrBlock === EVERYWHERE)
  if (route !== undefined && leads(store, route)) return true
  return to === 'ecr' && reachesEcr(store, vpc, table)
}

const isOf = ({ Associations = [] }: RouteTable, subnetId: string): boolean =>
  Associations.some(({ SubnetId }) => SubnetId === subnetId)

/**
 * Whether what a route leads to is there. An instance is when it runs; it forwards what is not its
 * own when the source/destination check is off and its set-up is over, with its status checks.
 * https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html
 */
function leads(store: Ec2Store, { InstanceId, NetworkInterfaceId }: Route): boolean {
  if (InstanceId === undefined && NetworkInterfaceId === undefined) return true
  const machine = instanceBehind(store, { InstanceId, NetworkInterfaceId })
  if (machine === undefined || !isRunning(machine)) return false
  const { shape, checkedFrom = 0 } = machine
  return shape.SourceDestCheck === false && store.aws.world.now >= checkedFrom
}

/** The instance that a route names, by itself or by its network interface. */
export function instanceBehind(
  { instances }: Ec2Store,
  { InstanceId, NetworkInterfaceId }: Pick<Route, 'InstanceId' | 'NetworkInterfaceId'>,
): StoredInstance | undefined {
  if (InstanceId !== undefined) return instances.get(InstanceId)
  return [...instances.values()].find(({ shape }) =>
    shape.NetworkInterfaces?.some((one) => one.NetworkInterfaceId === NetworkInterfaceId),
  )
}

export const isRunning = ({ shape }: StoredInstance): boolean => shape.State?.Name === 'running'

/** ECR has two endpoints; its layers are in S3, which has one in the VPC or in the route table. */
function reachesEcr(
  { aws, vpcEndpoints }: Ec2Store,
  vpc: string,
  table: Stored<RouteTable> | undefined,
): boolean {
  const inVpc = [...vpcEndpoints.values()].filter(({ shape }) => shape.VpcId === vpc)
  const has = (service: string) =>
    inVpc.some(({ shape }) => {
      if (shape.ServiceName !== `com.amazonaws.${aws.region}.${service}`) return false
      return shape.VpcEndpointType === 'Interface' || shape.RouteTableIds?.includes(table?.id ?? '')
    })
  return has('ecr.api') && has('ecr.dkr') && has('s3')
}
