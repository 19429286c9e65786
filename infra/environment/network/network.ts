import { type CfnResource, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Environment } from '../../../catalog/schema.ts'
import { acknowledge } from '../../nag.ts'
import { named } from '../../names.ts'
import { NatInstance } from './nat-instance.ts'

/** Zones the address plan leaves room for, so that adding one later renumbers no subnet. */
const MOST_ZONES = 3

/** Network: the VPC with a public, a private and an isolated subnet in each zone. */
export class Network extends Construct {
  readonly vpc: IVpc

  constructor(
    scope: Construct,
    id: string,
    { cidr, availabilityZones, nat, natGateways, parts }: Environment,
  ) {
    super(scope, id)
    this.vpc = new Vpc(this, 'vpc', {
      vpcName: named(this, 'vpc'),
      ipAddresses: IpAddresses.cidr(cidr),
      // Asked of CloudFormation, not of the account: synth needs no credentials.
      availabilityZones: zones(availabilityZones),
      reservedAzs: MOST_ZONES - availabilityZones,
      // One way out is enough for development: a NAT gateway costs more than the tasks behind it.
      // An instance sets the route itself.
      natGateways: nat === 'gateway' ? natGateways : 0,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
      ],
      // Free, and image layers (S3) then do not pay the NAT gateway per gigabyte.
      gatewayEndpoints: {
        s3: { service: GatewayVpcEndpointAwsService.S3 },
        dynamodb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      // Emptying the default group takes a custom resource, a function in each environment.
      // Nothing is ever put into that group: everything here names its own.
      restrictDefaultSecurityGroup: false,
      // CDK's classes do not meet its interfaces under exactOptionalPropertyTypes; hence the `as`
      // here and at the clusters and the table.
    }) as IVpc
    this.#separateWays(nat)
    if (nat === 'instance') new NatInstance(this, 'way-out', { vpc: this.vpc, cidr })
    if (parts.flowLogs) this.#keepFlowLogs()
    else {
      acknowledge(
        this.vpc,
        'AwsSolutions-VPC7',
        'The catalog switches flow logs off (parts.flowLogs); they help to find a refused connection.',
      )
    }
  }

  /**
   * A gateway and an instance have route tables of their own. The instance sets its route itself, and
   * CloudFormation cannot make one that is there: from the one to the other the subnets move to other
   * tables, and no sooner than a gateway's have their route. The others go with what is in them.
   */
  #separateWays(nat: Environment['nat']): void {
    for (const subnet of this.vpc.privateSubnets) {
      const part = (id: string) => subnet.node.tryFindChild(id) as CfnResource | undefined
      const [table, route] = [part('RouteTable'), part('DefaultRoute')]
      if (nat === 'instance' && table !== undefined) {
        table.overrideLogicalId(`${Stack.of(this).getLogicalId(table)}OfInstance`)
      }
      if (route !== undefined) part('RouteTableAssociation')?.addResourceDependency(route)
    }
  }

  #keepFlowLogs(): void {
    const logGroup = new LogGroup(this, 'flow-log', {
      logGroupName: `/${named(this, 'vpc', 'flow-log')}`,
      retention: RetentionDays.TWO_WEEKS,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.vpc.addFlowLog('flow-log', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup),
      // What a developer asks of a flow log is why a connection was refused; the rest is paid
      // per gigabyte and read by nobody.
      trafficType: FlowLogTrafficType.REJECT,
    })
  }
}

function zones(count: number): string[] {
  return Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs()))
}
